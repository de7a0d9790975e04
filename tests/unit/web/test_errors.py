from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from stream_server.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
    VitrineError,
)
from stream_server.ids import ShowId
from stream_server.signaling.media_plane import (
    BadOffer,
    MediaUnavailable,
    NoPublisher,
    PublisherPresent,
    StaleEtag,
    UnknownSession,
)
from stream_server.web.errors import (
    Malformed,
    PreconditionMissing,
    TooLarge,
    WrongMediaType,
    body_of,
    headers_of,
    refusal,
    status_of,
)


@dataclass(eq=False)
class _OutOfStock(Conflict):
    code: ClassVar[str] = "out_of_stock"
    left: int
    at: datetime

    def __str__(self) -> str:
        return "Sold out."


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unauthenticated(), 401),
        (Forbidden(), 403),
        (NotFound(kind="show", id="x"), 404),
        (Conflict(), 409),
        (_OutOfStock(0, datetime(2026, 1, 1, tzinfo=UTC)), 409),
        (Invalid(), 422),
        (TooMany(retry_after_s=1), 429),
        (Unavailable(retry_after_s=1), 503),
        (MediaUnavailable(retry_after_s=1), 503),
        (BadOffer("no"), 400),
        (BadOffer("two video tracks", acceptable=True), 422),
        (StaleEtag(), 412),
        (PreconditionMissing(), 428),
        (WrongMediaType("application/sdp"), 415),
        (TooLarge(10), 413),
        (Malformed("x"), 400),
        (NoPublisher(ShowId("show_a")), 409),
        (PublisherPresent(ShowId("show_a")), 409),
        (UnknownSession(kind="session", id="x"), 404),
        (VitrineError(), 500),
    ],
)
def test_every_class_has_its_status(error: VitrineError, status: int) -> None:
    assert status_of(error) == status


def test_the_body_carries_code_sentence_and_facts_as_json() -> None:
    body = body_of(_OutOfStock(0, datetime(2026, 1, 1, tzinfo=UTC)))
    assert body == {
        "code": "out_of_stock",
        "message": "Sold out.",
        "detail": {"left": 0, "at": "2026-01-01 00:00:00+00:00"},
    }


def test_waiting_is_told_in_whole_seconds() -> None:
    assert headers_of(TooMany(retry_after_s=0.2)) == {"Retry-After": "1"}
    assert headers_of(Unavailable(retry_after_s=2.1)) == {"Retry-After": "3"}
    assert headers_of(NoPublisher(ShowId("show_a"))) == {"Retry-After": "2"}


def test_who_is_not_signed_in_is_told_how() -> None:
    response = refusal(Unauthenticated())
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert json.loads(bytes(response.body))["code"] == "unauthenticated"
