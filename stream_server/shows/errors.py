"""What is wrong with a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stream_server.errors import Invalid


@dataclass(eq=False)
class BadShow(Invalid):
    """A show cannot be planned like this."""

    code: ClassVar[str] = "bad_show"
    reason: str

    def __str__(self) -> str:
        return f"The show cannot be saved: {self.reason}."
