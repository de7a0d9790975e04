"""Products and shows for a reader of one language: the seller's words first, else what was translated of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from stream_server.commerce.catalogue import Product
from stream_server.ids import ProductId, ShowId
from stream_server.shows.model import ShowRecord
from stream_server.signaling.translations import TranslatedTexts
from stream_server.translation.model import reading_language
from stream_server.translation.wordbook import folded_words
from stream_server.web.api.services import ApiServices

Places = dict[str, Mapping[str, str]]


async def read_products(
    found: Sequence[Product], language: str | None, services: ApiServices
) -> dict[ProductId, TranslatedTexts]:
    """What readers of ``language`` (any tag) get translated, for those products where something is missing."""
    if language is None:
        return {}
    target = reading_language(language)
    read: dict[ProductId, TranslatedTexts] = {}
    for brand_id, group in groupby(sorted(found, key=lambda each: each.brand_id), key=lambda each: each.brand_id):
        products = list(group)
        words = await services.wordbooks.of_brands([brand_id])
        places = {f"{product.product_id} {at}": text for product in products for at, text in _places(product).items()}
        texts = await services.texts.read(places, target, words)
        for product in products:
            start = f"{product.product_id} "
            own = {
                place.removeprefix(start): made.text for place, made in texts.texts.items() if place.startswith(start)
            }
            if own or not texts.is_complete:
                read[product.product_id] = TranslatedTexts(language=target, texts=own, is_complete=texts.is_complete)
    return read


async def read_shows(
    records: Sequence[ShowRecord], language: str | None, services: ApiServices
) -> dict[ShowId, TranslatedTexts]:
    """The titles of shows, likewise."""
    if language is None:
        return {}
    target = reading_language(language)
    read: dict[ShowId, TranslatedTexts] = {}
    words = await services.wordbooks.of_brands([])
    for record in records:
        texts = await services.texts.read({"title": record.plan.title}, target, words)
        if texts.texts or not texts.is_complete:
            own = {place: made.text for place, made in texts.texts.items()}
            read[record.show_id] = TranslatedTexts(language=target, texts=own, is_complete=texts.is_complete)
    return read


def _places(product: Product) -> Places:
    """All but delivery and returns: these bind the seller; a small model made "30 days to send it back" an arrival.

    What binds is read as the seller wrote it.
    """
    places: Places = {
        "title": product.title,
        "summary": product.summary,
        "provenance": product.provenance,
    }
    for number, fact in enumerate(product.facts):
        places[f"facts.{number}.label"] = fact.label
        places[f"facts.{number}.value"] = fact.value
    for variant in product.variants:
        places[f"variants.{variant.variant_id}.label"] = variant.label
    for number, picture in enumerate(product.pictures):
        places[f"pictures.{number}.alt"] = picture.alt
    return places


async def matching(found: Sequence[Product], search: str, services: ApiServices) -> list[Product]:
    """Products that have every word, in any language they were written in or translated into; titles first."""
    words = folded_words(search).split()[:10]
    if not words:
        return list(found)
    ranked: list[tuple[int, int, Product]] = []
    for brand_id, group in groupby(sorted(found, key=lambda each: each.brand_id), key=lambda each: each.brand_id):
        book = await services.wordbooks.of_brands([brand_id])
        for place, product in enumerate(group):
            title = folded_words(
                " ".join([*product.title.values(), *await services.texts.known([product.title], book)])
            )
            own = [product.summary, *(variant.label for variant in product.variants)]
            rest = folded_words(
                " ".join(
                    [
                        product.slug,
                        product.category,
                        product.brand_name,
                        *(variant.sku for variant in product.variants),
                        *(text for texts in own for text in texts.values()),
                        *await services.texts.known(own, book),
                    ]
                )
            )
            if all(word in title or word in rest for word in words):
                ranked.append((sum(word not in title for word in words), place, product))
    return [product for *_, product in sorted(ranked, key=lambda each: each[:2])]
