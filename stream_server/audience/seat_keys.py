"""The key in an interpreter's link: it names a seat, and stands for no person.

It is made for an audience of its own, so whatever asks for a person's token refuses it, and the other way round: the
least right there is, by construction rather than by a rule in every place.
"""

from __future__ import annotations

from datetime import datetime

import jwt

from stream_server.audience.tokens import ALGORITHM, MAX_TOKEN_CHARS, TokenInvalid

AUDIENCE = "vitrine-interpreter"
_MAX_ID_CHARS = 40


class SeatKeys:
    """Issues and verifies keys with one secret. When a seat ends, the seat itself knows."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, seat_id: str, expires_at: datetime) -> str:
        """The key to a seat; always the same one."""
        claims = {"aud": AUDIENCE, "sub": seat_id, "exp": int(expires_at.timestamp())}
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, key: str) -> str | None:
        """The seat that a key is for; None for a token of another kind, whatever it is worth. Raises: TokenInvalid."""
        if len(key) > MAX_TOKEN_CHARS:
            raise TokenInvalid
        try:
            claimed = jwt.decode(key, options={"verify_signature": False})
            if claimed.get("aud") != AUDIENCE:
                return None
            # When it ends is the seat's to say: it is told apart there from being taken back.
            claims = jwt.decode(
                key,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.PyJWTError as error:
            raise TokenInvalid from error
        seat_id = claims["sub"]
        if not isinstance(seat_id, str) or not 0 < len(seat_id) <= _MAX_ID_CHARS:
            raise TokenInvalid
        return seat_id
