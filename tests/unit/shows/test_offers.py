"""Offers of a plan: what may be announced, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stream_server.ids import ProductId, ShowId
from stream_server.shows.errors import BadShow
from stream_server.shows.model import NotInRundown, Show, ShowEnded, ShowPlan
from stream_server.shows.offers import MAX_OFFER_CHARS, MAX_OFFERS, Offer, OfferOver, UnknownOffer

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CUP = ProductId("prod_cup")
SAUCER = Offer("offer_1", CUP, {"en": "A saucer  with every cup\n"}, NOON)
LIVE = Show(ShowId("show_clay"), "live")


def plan(*offers: Offer) -> ShowPlan:
    return ShowPlan({"en": "Clay"}, rundown=(CUP,), offers=offers).checked()


def test_an_offer_is_shown_with_its_words_and_its_end_until_just_before_it() -> None:
    offers = plan(SAUCER).offers
    (change,) = LIVE.offering("offer_1", offers, (CUP,), NOON - timedelta(microseconds=1))
    assert change.type == "offer"
    assert change.payload == {
        "offer_id": "offer_1",
        "product_id": CUP,
        "text": {"en": "A saucer with every cup"},
        "ends_at": "2026-11-01T12:00:00+00:00",
    }
    assert Offer.read(change.payload) == offers[0]
    with pytest.raises(OfferOver):
        LIVE.offering("offer_1", offers, (CUP,), NOON)


def test_an_offer_without_an_end_holds_as_long_as_the_show() -> None:
    offers = plan(replace(SAUCER, ends_at=None)).offers
    assert LIVE.offering("offer_1", offers, (CUP,), NOON + timedelta(days=300))
    with pytest.raises(ShowEnded):
        replace(LIVE, status="ended").offering("offer_1", offers, (CUP,), NOON)


def test_only_offers_of_the_plan_about_products_of_the_rundown_are_shown() -> None:
    with pytest.raises(UnknownOffer):
        LIVE.offering("offer_2", plan(SAUCER).offers, (CUP,), NOON)
    with pytest.raises(NotInRundown):
        LIVE.offering("offer_1", plan(replace(SAUCER, ends_at=None)).offers, (), NOON)


@pytest.mark.parametrize(
    "offers",
    [
        (replace(SAUCER, text={}),),
        (replace(SAUCER, text={"en": "  "}),),
        (replace(SAUCER, text={"en": "a" * (MAX_OFFER_CHARS + 1)}),),
        (replace(SAUCER, ends_at=datetime(2026, 11, 1, 12)),),  # noqa: DTZ001
        (SAUCER, SAUCER),
        tuple(replace(SAUCER, offer_id=f"offer_{n}") for n in range(MAX_OFFERS + 1)),
    ],
)
def test_offers_that_mean_nothing_are_refused(offers: tuple[Offer, ...]) -> None:
    with pytest.raises(BadShow):
        plan(*offers)


def test_an_end_that_is_no_time_is_refused() -> None:
    with pytest.raises(BadShow):
        Offer.read({"offer_id": "a", "product_id": "b", "text": {"en": "c"}, "ends_at": "soon"})
