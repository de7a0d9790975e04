"""Who people are, and what they may do: pure functions of a person and the thing concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from stream_server.errors import Forbidden, Invalid, Unauthenticated
from stream_server.ids import BrandId, PersonId, ShowId, new_id
from stream_server.plain_text import one_line

Role = Literal["viewer", "host", "brand", "moderator", "admin"]

MAX_NAME_CHARS = 40


@dataclass(eq=False)
class BadName(Invalid):
    """Nothing visible is left of the name, or too much of it."""

    code: ClassVar[str] = "bad_name"
    limit: int = MAX_NAME_CHARS

    def __str__(self) -> str:
        return f"A name has 1 to {self.limit} visible characters."


@dataclass(frozen=True)
class Person:
    """Somebody with a token. Those without one only watch; where a person is optional, None stands for them."""

    id: PersonId
    name: str
    role: Role
    brand_id: BrandId | None = None
    """Whose products a brand's person edits."""
    show_ids: frozenset[ShowId] = frozenset()
    """The shows that a moderator moderates."""
    is_ai: bool = False
    """An AI host acting for this person: its picture stands in for theirs, and is marked."""


class HostedShow(Protocol):
    """What rights depend on; `shows.model.ShowRecord` is one."""

    @property
    def show_id(self) -> ShowId:
        """The show."""

    @property
    def host_id(self) -> PersonId:
        """Whose show it is."""


def guest(name: str) -> Person:
    """A new viewer. Raises: BadName."""
    clean = one_line(name)
    if not 0 < len(clean) <= MAX_NAME_CHARS:
        raise BadName
    return Person(PersonId(new_id("guest")), clean, "viewer")


def may_create_show(person: Person | None) -> bool:
    """Hosts plan shows of their own."""
    return person is not None and person.role in ("host", "admin")


def may_control(person: Person | None, show: HostedShow) -> bool:
    """The show's own host, and admins: broadcast, pin, announce, end, see its orders."""
    if person is None:
        return False
    return person.role == "admin" or (person.role == "host" and person.id == show.host_id)


def may_moderate(person: Person | None, show: HostedShow) -> bool:
    """Whoever controls the show, and its moderators: delete lines, block people, set the slow mode."""
    if may_control(person, show):
        return True
    return person is not None and person.role == "moderator" and show.show_id in person.show_ids


def may_edit_product(person: Person | None, brand_id: BrandId) -> bool:
    """A brand its own products; admins all."""
    if person is None:
        return False
    return person.role == "admin" or (person.role == "brand" and person.brand_id == brand_id)


def required(person: Person | None) -> Person:
    """Somebody with a token. Raises: Unauthenticated."""
    if person is None:
        raise Unauthenticated
    return person


def require(allowed: bool, person: Person | None) -> Person:
    """Whoever is ``allowed``. Raises: Unauthenticated (sign in first), Forbidden (known, but not for this)."""
    known = required(person)
    if not allowed:
        raise Forbidden
    return known
