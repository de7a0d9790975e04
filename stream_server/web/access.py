"""Who is asking: the Bearer token of a request (RFC 6750 §2.1). What a person may do is `audience.people`'s."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from stream_server.audience.people import Person
from stream_server.audience.seat_keys import SeatKeys
from stream_server.audience.tokens import SignIn, TokenInvalid, Tokens
from stream_server.errors import Forbidden, Unauthenticated
from stream_server.ids import BrandId


class Access:
    """Reads people out of requests."""

    def __init__(self, tokens: Tokens, seat_keys: SeatKeys) -> None:
        self._tokens = tokens
        self._seat_keys = seat_keys

    def sign_in(self, connection: HTTPConnection) -> SignIn | None:
        """The verified token, None when none was sent. Raises: TokenInvalid, TokenExpired."""
        token = _bearer(connection)
        return None if token is None else self._tokens.verify(token)

    def seat_id(self, connection: HTTPConnection) -> str | None:
        """The interpreter's seat whose key was sent; None for people's tokens and none at all. Raises: TokenInvalid."""
        token = _bearer(connection)
        return None if token is None else self._seat_keys.read(token)

    def person(self, connection: HTTPConnection) -> Person | None:
        """Who asks, None when no token was sent. Raises: TokenInvalid, TokenExpired."""
        known = self.sign_in(connection)
        return None if known is None else known.person

    def require(self, connection: HTTPConnection) -> Person:
        """Who asks. Raises: Unauthenticated and its kinds."""
        person = self.person(connection)
        if person is None:
            raise Unauthenticated
        return person


def _bearer(connection: HTTPConnection) -> str | None:
    """Raises: TokenInvalid."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise TokenInvalid
    return token.strip()


def acting_brand(person: Person) -> BrandId | None:
    """The brand that somebody acts for; None for admins, who act for all. Raises: Forbidden."""
    if person.role == "admin":
        return None
    if person.role != "brand" or person.brand_id is None:
        raise Forbidden
    return person.brand_id
