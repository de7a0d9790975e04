"""Rundowns and products from files: read whole, or refused with the place that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from avatar.errors import BadRundown
from avatar.live_facts import RehearsalShop, as_sold_now, live_facts, offer_fact, price_differs
from avatar.model import Offer, Price
from avatar.product_file import read_product
from avatar.rundown_file import MAX_FILE_CHARS, read_rundown
from tests.unit.avatar.catalogue import BARE, MUG, products


def test_a_product_becomes_facts_with_lasting_ids() -> None:
    mug = read_product(MUG, "USD")
    kinds = {fact.id: fact.kind for fact in mug.facts}
    assert kinds["mug/material"] == "material"
    assert kinds["mug/shipping"] == "shipping"
    assert kinds["mug/glaze"] == "feature"
    weight = next(fact for fact in mug.facts if fact.kind == "weight")
    assert (weight.value, weight.unit) == ("340", "g")
    assert mug.price == Price(1900, "USD", 2400)
    assert mug.stock == 25


def test_two_facts_of_one_key_both_get_an_id() -> None:
    doubled = {**BARE, "facts": [{"key": "care", "value": {"en": text}} for text in ("one", "two", "three")]}
    assert [fact.id for fact in read_product(doubled, "USD").facts] == ["bare/care", "bare/care-2", "bare/care-3"]


def test_a_product_that_is_not_sold_in_the_currency_has_no_price() -> None:
    assert read_product(MUG, "JPY").price is None


def test_an_original_price_that_is_no_reduction_is_not_told() -> None:
    prices = [{"currency": "USD", "amount_minor": 1900, "lowest_30d_minor": 1900}]
    assert read_product({**BARE, "variants": [{"prices": prices}]}, "USD").price == Price(1900, "USD")


def test_live_facts_name_price_stock_and_choices() -> None:
    facts = {fact.id: fact for fact in live_facts(read_product(MUG, "USD"))}
    assert facts["mug/price"].value == "1900"
    assert facts["mug/original_price"].unit == "USD"
    assert facts["mug/stock"].value == "25"
    assert facts["mug/variant-2"].text["en"] == "Charcoal"
    assert price_differs(read_product(MUG, "USD"))


async def test_what_is_not_sold_any_more_has_neither_price_nor_stock() -> None:
    shop = RehearsalShop(products())
    mug = shop.products.pop("mug")
    gone = as_sold_now(mug, await shop.on_sale("mug"))
    assert [fact.id for fact in live_facts(gone)] == ["mug/name"]


def test_an_offer_without_words_of_its_own_is_still_a_fact() -> None:
    assert offer_fact(Offer("ten", code="TEN", percent=10)).text == {"en": "TEN"}


def test_a_rundown_is_read_whole() -> None:
    plan = read_rundown(
        json.dumps(
            {
                "lang": "es",
                "items": [
                    {
                        "product": MUG,
                        "seconds": 60,
                        "demonstrate": "model",
                        "talking_points": [{"en": "Feel the clay."}],
                        "offers": [{"id": "ten", "code": "TEN", "percent": 10, "ends_at": "2026-12-01T00:00:00+01:00"}],
                    }
                ],
            }
        )
    )
    assert plan.lang == "es"
    item = plan.rundown.items[0]
    assert item.product_id in plan.products
    assert item.offers[0].ends_at is not None


def test_an_empty_rundown_is_a_rundown() -> None:
    assert read_rundown("{}").rundown.items == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "nonsense",
        "[" * 100_000,
        '{"items": [{}]}',
        '{"items": [{"product": {}}]}',
        '{"items": [{"product": {"title": {"en": " "}, "slug": "x"}}]}',
        '{"items": [{"product": {"title": {"en": "x"}}}]}',
        '{"items": [{"product": {"title": {"en": "x"}, "slug": "x"}, "seconds": 1}]}',
        '{"items": [{"product": {"title": {"en": "x"}, "slug": "x"}, "offers": [{"id": "x", "code": "<b>"}]}]}',
        '{"lang": "../../etc"}',
        '{"unknown": 1}',
        " " * (MAX_FILE_CHARS + 1),
    ],
)
def test_what_is_no_rundown_is_refused_with_a_reason(content: str) -> None:
    with pytest.raises(BadRundown) as caught:
        read_rundown(content)
    assert str(caught.value).startswith("The rundown cannot be used: ")


@pytest.mark.parametrize(
    "change",
    [
        {"title": {}},
        {"title": {"en": "x" * 3000}},
        {"variants": [{"prices": [{"currency": "usd", "amount_minor": 1}]}]},
    ],
)
def test_a_bad_product_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadRundown):
        read_product({**MUG, **change}, "USD")
