"""The key in an interpreter's link, and how it is told from a person's token."""

from __future__ import annotations

from datetime import UTC, datetime

import jwt
import pytest

from stream_server.audience.people import Person
from stream_server.audience.seat_keys import AUDIENCE, SeatKeys
from stream_server.audience.tokens import TokenInvalid, Tokens
from stream_server.clock import ManualClock
from stream_server.ids import PersonId

SECRET = "a secret of the tests that is long enough"
END = datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_a_key_names_its_seat_and_is_always_the_same() -> None:
    keys = SeatKeys(SECRET)
    key = keys.issue("seat_1", END)
    assert (keys.read(key), keys.issue("seat_1", END)) == ("seat_1", key)


def test_a_key_is_no_persons_token_and_a_persons_token_no_key() -> None:
    tokens = Tokens(SECRET, ManualClock())
    with pytest.raises(TokenInvalid):
        tokens.verify(SeatKeys(SECRET).issue("seat_1", END))
    assert SeatKeys(SECRET).read(tokens.issue(Person(PersonId("host_a"), "A", "host"), 60)) is None


@pytest.mark.parametrize(
    "key",
    [
        "nonsense",
        "x" * 3000,
        SeatKeys("another secret of the tests, long enough").issue("seat_1", END),
        jwt.encode({"aud": AUDIENCE, "sub": "seat_1", "exp": 4e9}, "", "none"),
        jwt.encode({"aud": AUDIENCE, "exp": 4e9}, SECRET, "HS256"),
        jwt.encode({"aud": AUDIENCE, "sub": "s" * 41, "exp": 4e9}, SECRET, "HS256"),
        jwt.encode({"aud": AUDIENCE, "sub": "seat_1"}, SECRET, "HS256"),
    ],
)
def test_what_is_no_key_of_ours_is_refused(key: str) -> None:
    with pytest.raises(TokenInvalid):
        SeatKeys(SECRET).read(key)
