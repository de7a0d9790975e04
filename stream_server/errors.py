"""Errors the server raises on purpose: one tree, one class per decision a caller can make.

VitrineError
├── Unauthenticated      no token, or one that is broken or expired
├── Forbidden            a good token, but not for this
├── NotFound             no such thing
├── Conflict             the thing is not in a state that allows this
├── Invalid              the request itself is wrong
├── TooMany              a limit was reached; retry later
└── Unavailable          a part we need does not answer; retry later

Features derive from these; `web/errors.py` maps the seven branches to HTTP once. The facts of an error
are its dataclass fields and travel to the client as ``detail``: never put a secret in a field.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


class VitrineError(Exception):
    """Base of every error this server raises on purpose."""

    code: ClassVar[str] = "error"

    def detail(self) -> dict[str, Any]:
        """The facts, as JSON-ready values, for the client."""
        if not hasattr(self, "__dataclass_fields__"):
            return {}
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]


class Unauthenticated(VitrineError):
    """Nobody we know: sign in and try again."""

    code: ClassVar[str] = "unauthenticated"

    def __str__(self) -> str:
        return "Sign in first."


class Forbidden(VitrineError):
    """Known, but not allowed to do this."""

    code: ClassVar[str] = "forbidden"

    def __str__(self) -> str:
        return "You are not allowed to do this."


@dataclass(eq=False)
class NotFound(VitrineError):
    """There is no such thing (or it is not yours to see)."""

    code: ClassVar[str] = "not_found"
    kind: str
    id: str

    def __str__(self) -> str:
        return f"There is no {self.kind} {self.id!r}."


class Conflict(VitrineError):
    """The thing exists but its state does not allow this now."""

    code: ClassVar[str] = "conflict"


class Invalid(VitrineError):
    """The request is wrong and will stay wrong when repeated."""

    code: ClassVar[str] = "invalid"


@dataclass(eq=False)
class TooMany(VitrineError):
    """A limit was reached; the same request may pass after ``retry_after_s``."""

    code: ClassVar[str] = "too_many"
    retry_after_s: float

    def __str__(self) -> str:
        return f"Too many at once. Try again in {self.retry_after_s:.0f} seconds."


@dataclass(eq=False)
class Unavailable(VitrineError):
    """Something we depend on does not answer; the same request may pass later."""

    code: ClassVar[str] = "unavailable"
    retry_after_s: float

    def __str__(self) -> str:
        return f"Not available right now. Try again in {self.retry_after_s:.0f} seconds."
