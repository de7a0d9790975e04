from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stream_server.demo.shop import CURRENCIES, LANGUAGES, load_shop, packaged
from stream_server.signaling.resources import ProductInput

SHOP = load_shop()
PRODUCTS = pytest.mark.parametrize("product", [entry.product for entry in SHOP.products], ids=lambda p: p.slug)


def texts(value: Any) -> Iterator[dict[str, str]]:
    """Everything in a body that is written in several languages."""
    if isinstance(value, dict):
        if "en" in value:
            yield value
        else:
            for part in value.values():
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@PRODUCTS
def test_every_text_is_there_in_every_language(product: ProductInput) -> None:
    found = list(texts(product.model_dump()))
    assert len(found) > 15
    for text in found:
        assert set(text) == set(LANGUAGES)
        assert all(part.strip() for part in text.values())


@PRODUCTS
def test_every_variant_has_a_price_in_every_currency(product: ProductInput) -> None:
    for variant in product.variants:
        assert [price.currency for price in variant.prices] == list(CURRENCIES)
        assert 3 <= variant.stock <= 60
        assert variant.swatch is not None
        for price in variant.prices:
            assert price.lowest_30d_minor is None or price.lowest_30d_minor > price.amount_minor


@PRODUCTS
def test_every_variant_shows_a_picture_of_its_own_product(product: ProductInput) -> None:
    assert 2 <= len(product.pictures) <= 5
    for variant in product.variants:
        assert product.pictures[variant.picture_index].url.startswith(product.slug)


def test_there_is_something_to_choose_from_and_some_of_it_is_reduced() -> None:
    assert len(SHOP.products) >= 8
    assert len(SHOP.brands) == 2
    lows = [p.lowest_30d_minor for e in SHOP.products for v in e.product.variants for p in v.prices]
    assert any(lows)
    assert not all(lows)


def test_skus_and_slugs_are_unique() -> None:
    skus = [variant.sku for entry in SHOP.products for variant in entry.product.variants]
    assert len(set(skus)) == len(skus)
    assert len({entry.product.slug for entry in SHOP.products}) == len(SHOP.products)


def test_no_product_file_is_left_out() -> None:
    lying = {file.name for file in packaged("shop", "products").iterdir()}
    assert lying == {f"{entry.product.slug}.json" for entry in SHOP.products}


def test_no_label_is_left_unused() -> None:
    labels = json.loads(packaged("shop", "labels.json").read_text(encoding="utf-8"))
    assert {fact.key for entry in SHOP.products for fact in entry.product.facts} == set(labels)


def test_shows_speak_all_languages_and_sell_only_what_there_is() -> None:
    slugs = {entry.product.slug for entry in SHOP.products}
    hosts = {person.key for person in SHOP.people if person.role == "host"}
    assert [show.status for show in SHOP.shows] == ["live", "scheduled", "scheduled", "ended"]
    for show in SHOP.shows:
        assert set(show.title) == set(LANGUAGES)
        assert set(show.rundown) <= slugs
        assert show.host in hosts
        assert show.currency in CURRENCIES


def test_people_belong_to_brands_and_shows_that_exist() -> None:
    keys = {show.key for show in SHOP.shows}
    assert {person.brand for person in SHOP.people if person.role == "brand"} == {brand.slug for brand in SHOP.brands}
    assert {brand.owner for brand in SHOP.brands} <= {person.key for person in SHOP.people}
    for person in SHOP.people:
        assert set(person.shows) <= keys
    assert {person.role for person in SHOP.people} == {"host", "brand", "moderator", "admin"}
