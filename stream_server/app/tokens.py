"""Tokens made outside of a running server, by the command line and by tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from stream_server.audience.people import Person, Role
from stream_server.audience.tokens import Tokens
from stream_server.clock import SystemClock
from stream_server.config import Config, signing_secret
from stream_server.ids import BrandId, PersonId, ShowId, new_id


def issue_token(
    config: Config,
    *,
    role: str,
    name: str,
    person_id: str = "",
    brand_id: str = "",
    show_ids: Sequence[str] = (),
    hours: float = 12,
) -> str:
    """A signed token for one person. Raises: ValueError for a role that does not exist, MissingSecret."""
    if role not in get_args(Role):
        raise ValueError(f"There is no role {role!r}; it is one of {', '.join(get_args(Role))}.")
    person = Person(
        id=PersonId(person_id or new_id(role)),
        name=name,
        role=cast(Role, role),
        brand_id=BrandId(brand_id) if brand_id else None,
        show_ids=frozenset(ShowId(show_id) for show_id in show_ids),
    )
    return Tokens(signing_secret(config), SystemClock()).issue(person, hours * 3600)
