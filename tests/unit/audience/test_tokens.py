from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from stream_server.audience.people import Person
from stream_server.audience.tokens import TokenExpired, TokenInvalid, Tokens
from stream_server.clock import ManualClock
from stream_server.ids import BrandId, PersonId, ShowId

SECRET = "s" * 40
ANN = Person(PersonId("guest_ann"), "Ann", "viewer")


def forged(**changes: Any) -> str:
    """A token signed with the right secret but with other claims."""
    now = int(ManualClock().now().timestamp())
    claims: dict[str, Any] = {
        "aud": "vitrine",
        "sub": "guest_ann",
        "role": "viewer",
        "name": "Ann",
        "iat": now,
        "exp": now + 60,
    }
    claims.update(changes)
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, SECRET, "HS256")


@pytest.mark.parametrize(
    "person",
    [
        ANN,
        Person(PersonId("brand_1"), "窯", "brand", brand_id=BrandId("brand_kiln")),
        Person(PersonId("mod_1"), "Mo", "moderator", show_ids=frozenset({ShowId("show_a"), ShowId("show_b")})),
    ],
)
def test_token_stands_for_the_person(person: Person) -> None:
    clock = ManualClock()
    tokens = Tokens(SECRET, clock)
    sign_in = tokens.verify(tokens.issue(person, 3600))
    assert sign_in.person == person
    assert (sign_in.expires_at - clock.now()).total_seconds() == 3600


def test_token_expires_after_its_lifetime_and_leeway() -> None:
    clock = ManualClock()
    tokens = Tokens(SECRET, clock, leeway_s=30)
    token = tokens.issue(ANN, 60)
    clock.advance(89)
    sign_in = tokens.verify(token)
    clock.advance(1)
    with pytest.raises(TokenExpired):
        tokens.verify(token)
    with pytest.raises(TokenExpired) as expired:
        sign_in.check(clock.now())
    assert str(expired.value).endswith(".")


def test_token_from_the_future_is_refused() -> None:
    now = int(ManualClock().now().timestamp())
    tokens = Tokens(SECRET, ManualClock())
    assert tokens.verify(forged(iat=now + 29)).person == ANN
    for claims in ({"iat": now + 31}, {"nbf": now + 31}):
        with pytest.raises(TokenInvalid):
            tokens.verify(forged(**claims))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": None},
        {"aud": "somebody else"},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 41},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e300},
        {"exp": -1},
        {"iat": True},
        {"role": None},
        {"role": "emperor"},
        {"role": ["admin"]},
        {"name": None},
        {"name": 7},
        {"name": "x" * 101},
        {"brand": ""},
        {"shows": "show_a"},
        {"shows": [1]},
        {"shows": ["show"] * 41},
    ],
)
def test_token_with_wrong_claims_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        Tokens(SECRET, ManualClock()).verify(forged(**claims))


def unsigned() -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    body = forged().split(".")[1]
    return f"{head}.{body}."


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é.é.é",
        unsigned(),
        forged()[:-4] + "AAAA",
        jwt.encode({"sub": "guest_ann", "aud": "vitrine", "exp": 2**34}, "t" * 40, "HS256"),
        jwt.encode({"sub": "guest_ann", "aud": "vitrine", "exp": 2**34}, SECRET * 2, "HS512"),
        "x" * 2049,
    ],
)
def test_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        Tokens(SECRET, ManualClock()).verify(token)
    assert str(refused.value).endswith(".")


def test_token_signed_with_another_algorithm_is_refused() -> None:
    token = jwt.encode({"sub": "a", "aud": "vitrine", "exp": 2**34}, "s" * 64, "HS512")
    with pytest.raises(TokenInvalid):
        Tokens("s" * 64, ManualClock()).verify(token)
