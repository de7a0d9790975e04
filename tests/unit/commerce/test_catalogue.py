from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.catalogue import (
    Fact,
    KnownVariant,
    Picture,
    Product,
    Variant,
    VariantDraft,
    check_draft,
    is_picture_url,
    match_variants,
    plan_variant_prices,
)
from stream_server.commerce.errors import InvalidProduct
from stream_server.commerce.price import Price, PriceRule, changed
from stream_server.commerce.stock import StockLevel
from stream_server.ids import BrandId, ProductId, VariantId
from tests.fakes.commerce import draft

NOW = ManualClock().now()
PICTURE = Picture("/pictures/a.png", {"en": "A"}, 10, 10)
FACT = Fact("weight", {"en": "Weight"}, {"en": "1 g"})
GOOD = draft().variants[0]


def variant(picture_index: int = 0) -> Variant:
    rules = (PriceRule("r", "USD", "base", 100, NOW),)
    return Variant(VariantId("v"), "sku", {}, None, picture_index, rules, StockLevel(5, 2))


def product(*pictures: Picture) -> Product:
    return Product(
        product_id=ProductId("p"),
        brand_id=BrandId("b"),
        brand_name="B",
        slug="s",
        category="c",
        title={},
        summary={},
        pictures=pictures,
        facts=(),
        variants=(variant(),),
        delivery={},
        returns={},
        provenance={},
        has_3d=False,
        updated_at=NOW,
    )


def test_a_variant_knows_its_prices_and_what_is_left() -> None:
    assert variant().left == 3
    assert variant().prices(NOW) == (Price("USD", 100),)
    assert variant().price("USD", NOW) == Price("USD", 100)
    assert variant().price("EUR", NOW) is None


def test_a_product_knows_its_variants() -> None:
    assert product().variant(VariantId("v")) == variant()
    assert product().variant(VariantId("w")) is None


def test_a_variant_is_shown_with_its_picture_or_the_last_there_is() -> None:
    second = replace(PICTURE, url="/pictures/b.png")
    assert product().picture_url(variant()) is None
    assert product(PICTURE, second).picture_url(variant(1)) == "/pictures/b.png"
    assert product(PICTURE).picture_url(variant(1)) == "/pictures/a.png"


def test_a_full_draft_is_accepted() -> None:
    full = replace(
        draft(),
        pictures=(PICTURE,),
        facts=(FACT,),
        variants=(replace(GOOD, swatch="#A1b2C3", reduced={"USD": 1}), replace(GOOD, sku="other")),
    )
    check_draft(full)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("slug", {"slug": "Not A Slug"}),
        ("slug", {"slug": ""}),
        ("category", {"category": "x" * 41}),
        ("title", {"title": {}}),
        ("title", {"title": {"en": ""}}),
        ("summary", {"summary": {"en": "x" * 2001}}),
        ("summary", {"summary": {"": "x"}}),
        ("summary", {"summary": {f"l{i}": "x" for i in range(21)}}),
        ("pictures", {"pictures": (PICTURE,) * 21}),
        ("pictures", {"pictures": (replace(PICTURE, url="javascript:alert(1)"),)}),
        ("facts", {"facts": (FACT,) * 51}),
        ("variants", {"variants": ()}),
        ("variants", {"variants": tuple(replace(GOOD, sku=str(i)) for i in range(101))}),
        ("variants", {"variants": (GOOD, GOOD)}),
        (
            "variants",
            {"variants": tuple(replace(GOOD, sku=sku, variant_id=VariantId("v")) for sku in ("a", "b"))},
        ),
    ],
)
def test_a_product_that_breaks_a_rule_is_refused(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidProduct) as refused:
        check_draft(replace(draft(), **changes))
    assert refused.value.field == field
    assert refused.value.reason in str(refused.value)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("sku", {"sku": ""}),
        ("swatch", {"swatch": "red"}),
        ("picture_index", {"picture_index": 1}),
        ("picture_index", {"picture_index": -1}),
        ("prices", {"prices": {}}),
        ("prices", {"prices": {"usd": 1}}),
        ("prices", {"prices": {"USD": -1}}),
        ("prices", {"prices": {"USD": 10**12 + 1}}),
        ("reduced", {"reduced": {"USD": 2000}}),
        ("reduced", {"reduced": {"GBP": 1}}),
        ("stock", {"stock": -1}),
        ("stock", {"stock": 10**6 + 1}),
    ],
)
def test_a_variant_that_breaks_a_rule_is_refused(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidProduct) as refused:
        check_draft(replace(draft(), variants=(replace(GOOD, **changes),)))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("/pictures/a.png", True),
        ("https://cdn.example/a.png", True),
        ("http://cdn.example/a.png", False),
        ("//evil.example/a.png", False),
        ("/\\evil.example/a.png", False),
        ("data:image/png;base64,AA", False),
        ("https://" + "x" * 500, False),
    ],
)
def test_pictures_come_from_here_or_by_https(url: str, fits: bool) -> None:
    assert is_picture_url(url) is fits


def test_variants_are_matched_by_id_and_then_by_sku() -> None:
    known = [KnownVariant(VariantId("v1"), "a"), KnownVariant(VariantId("v2"), "b")]
    drafts = [
        replace(GOOD, sku="b", variant_id=VariantId("v1")),
        replace(GOOD, sku="a"),
        replace(GOOD, sku="c"),
    ]
    assert match_variants(known, drafts) == ["v1", None, None]
    assert match_variants(known, drafts[1:]) == ["v1", None]
    with pytest.raises(InvalidProduct):
        match_variants(known, [replace(GOOD, variant_id=VariantId("v9"))])


def test_prices_of_a_new_variant_may_have_a_past_and_a_reduction_begins_now() -> None:
    since = NOW - timedelta(days=60)
    wanted = VariantDraft("a", {}, {"USD": 100}, reduced={"USD": 80})
    changes = plan_variant_prices((), wanted, NOW, since)
    rules = changed((), changes)
    assert [(rule.kind, rule.starts_at) for rule in rules] == [("base", since), ("reduced", NOW)]
    known = Variant(VariantId("v"), "a", {}, None, 0, rules, StockLevel(1))
    assert known.price("USD", NOW) == Price("USD", 80, 100)
    again = plan_variant_prices(rules, wanted, NOW + timedelta(days=1), since)
    assert (dict(again.ended), again.added) == ({}, ())
    over = plan_variant_prices(rules, replace(wanted, reduced={}), NOW + timedelta(days=1), since)
    assert list(over.ended) == [rules[1].rule_id]
