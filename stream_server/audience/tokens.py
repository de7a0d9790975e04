"""Signed tokens: who somebody is, for how long, without asking a database (JWT, RFC 7519, as RFC 8725 advises).

One algorithm is accepted, whatever a token's header says; tokens are for this server alone (``aud``), and expire.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, get_args

import jwt

from stream_server.audience.people import Person, Role
from stream_server.clock import Clock
from stream_server.errors import Unauthenticated
from stream_server.ids import BrandId, PersonId, ShowId

ALGORITHM = "HS256"
AUDIENCE = "vitrine"
MAX_TOKEN_CHARS = 2048
_MAX_ID_CHARS = 40
_MAX_NAME_CHARS = 100
_MAX_SHOWS = 40
_ROLES = get_args(Role)


class TokenExpired(Unauthenticated):
    """The token was good once: get a new one."""

    code: ClassVar[str] = "token_expired"

    def __str__(self) -> str:
        return "Your sign-in has expired."


class TokenInvalid(Unauthenticated):
    """Not a token of ours."""

    code: ClassVar[str] = "token_invalid"

    def __str__(self) -> str:
        return "This sign-in is not valid."


@dataclass(frozen=True)
class SignIn:
    """A verified token."""

    person: Person
    expires_at: datetime
    valid_until: datetime
    """``expires_at`` plus the leeway."""

    def check(self, now: datetime) -> None:
        """Also for connections that outlive their token. Raises: TokenExpired."""
        if now >= self.valid_until:
            raise TokenExpired


class Tokens:
    """Issues and verifies tokens with one secret."""

    def __init__(self, secret: str, clock: Clock, leeway_s: float = 30.0) -> None:
        """``leeway_s``: how far the clocks of servers sharing the secret may differ."""
        self._secret = secret
        self._clock = clock
        self._leeway = timedelta(seconds=leeway_s)

    def issue(self, person: Person, lifetime_s: float) -> str:
        """A token that stands for ``person`` for so long."""
        now = self._clock.now()
        claims: dict[str, Any] = {
            "aud": AUDIENCE,
            "sub": person.id,
            "role": person.role,
            "name": person.name,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=lifetime_s)).timestamp()),
        }
        if person.brand_id is not None:
            claims["brand"] = person.brand_id
        if person.is_ai:
            claims["ai"] = True
        if person.show_ids:
            claims["shows"] = sorted(person.show_ids)
        return jwt.encode(claims, self._secret, ALGORITHM)

    def verify(self, token: str) -> SignIn:
        """Whom a token stands for. Raises: TokenExpired, TokenInvalid."""
        if len(token) > MAX_TOKEN_CHARS:
            raise TokenInvalid
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                # The times are checked here, by the clock that is a parameter.
                options={"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            expires_at = _moment(claims["exp"])
            sign_in = SignIn(_person(claims), expires_at, expires_at + self._leeway)
            not_before = _moment(claims.get("nbf", claims.get("iat", 0)))
        except (jwt.PyJWTError, _WrongClaim) as error:
            raise TokenInvalid from error
        now = self._clock.now()
        if not_before > now + self._leeway:
            raise TokenInvalid
        sign_in.check(now)
        return sign_in


class _WrongClaim(Exception):
    """A claim has a type or value that we never issue."""


def _moment(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**37:  # the year 6325
        raise _WrongClaim
    return datetime.fromtimestamp(value, UTC)


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise _WrongClaim
    return value


def _person(claims: dict[str, Any]) -> Person:
    role: Any = claims.get("role")
    shows = claims.get("shows", [])
    if role not in _ROLES or not isinstance(shows, list) or len(shows) > _MAX_SHOWS:
        raise _WrongClaim
    brand = claims.get("brand")
    return Person(
        PersonId(_text(claims["sub"], _MAX_ID_CHARS)),
        _text(claims.get("name"), _MAX_NAME_CHARS),
        role,
        None if brand is None else BrandId(_text(brand, _MAX_ID_CHARS)),
        frozenset(ShowId(_text(show, _MAX_ID_CHARS)) for show in shows),
        claims.get("ai") is True,
    )
