"""Puts the demo shop into a server's database. Doing it again changes nothing: stock and orders stay as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from stream_server.app.parts import Parts
from stream_server.audience.people import Person
from stream_server.commerce.catalogue import Picture, ProductDraft
from stream_server.demo.models import publish_models
from stream_server.demo.shop import DemoProduct, DemoShop, DemoShow, load_shop, packaged
from stream_server.ids import BrandId, PersonId, ProductId, ShowId
from stream_server.shows.ai_host import AiHost
from stream_server.shows.model import Host, ShowPlan, UnknownShow
from stream_server.web.api.bodies import product_draft

PRICED_FOR = timedelta(days=60)
"""How long the regular prices have been asked: longer than the 30 days that a reduction must be measured against."""


@dataclass(frozen=True)
class Seeded:
    """What links need."""

    live_show: ShowId
    people: dict[str, Person]
    """By their key in the demo shop."""


async def seed(parts: Parts, shop: DemoShop | None = None) -> Seeded:
    """Add or renew brands, products, people and shows.

    Raises: what the services raise when the shop's files are wrong (a programmer's mistake).
    """
    shop = shop or load_shop()
    brands = {
        brand.slug: (await parts.shop.catalogue.put_brand(brand.slug, brand.name)).brand_id for brand in shop.brands
    }
    products: dict[str, ProductId] = {}
    for entry in shop.products:
        draft = await _with_pictures(parts, _draft(entry))
        since = parts.clock.now() - PRICED_FOR
        saved = await parts.shop.catalogue.put_product(brands[entry.brand], draft, since)
        products[draft.slug] = saved.product_id
    await publish_models(parts, products)
    hosts = {
        person.key: Host(PersonId(person.key), person.name, await _picture_url(parts, person.picture))
        for person in shop.people
        if person.role == "host"
    }
    shows = {show.key: await _put_show(parts, show, hosts[show.host], products) for show in shop.shows}
    live = next(show.key for show in shop.shows if show.status == "live")
    return Seeded(shows[live], _people(shop, brands, shows))


def _people(shop: DemoShop, brands: dict[str, BrandId], shows: dict[str, ShowId]) -> dict[str, Person]:
    return {
        person.key: Person(
            PersonId(person.key),
            person.name,
            person.role,
            brands[person.brand] if person.brand is not None else None,
            frozenset(shows[key] for key in person.shows),
        )
        for person in shop.people
    }


def _draft(entry: DemoProduct) -> ProductDraft:
    """A price with a 30-day low becomes that regular price and a reduction from it, so that the low is true."""
    draft = product_draft(entry.product)
    variants = []
    for variant, body in zip(draft.variants, entry.product.variants, strict=True):
        lows = {price.currency: price.lowest_30d_minor for price in body.prices}
        regular = {currency: lows[currency] or amount for currency, amount in variant.prices.items()}
        reduced = {currency: amount for currency, amount in variant.prices.items() if lows[currency] is not None}
        variants.append(replace(variant, prices=regular, reduced=reduced))
    return replace(draft, variants=tuple(variants))


async def _with_pictures(parts: Parts, draft: ProductDraft) -> ProductDraft:
    """The draft with its packaged pictures in the server's store."""
    pictures = []
    for picture in draft.pictures:
        stored = await parts.pictures.add(packaged("pictures", picture.url).read_bytes())
        pictures.append(Picture(stored.url, picture.alt, stored.width_px, stored.height_px))
    return replace(draft, pictures=tuple(pictures))


async def _picture_url(parts: Parts, name: str | None) -> str | None:
    if name is None:
        return None
    return (await parts.pictures.add(packaged("pictures", name).read_bytes())).url


async def _put_show(parts: Parts, show: DemoShow, host: Host, products: dict[str, ProductId]) -> ShowId:
    """The show under its key; a live show that has ended since gets a successor, ``KEY-2`` and so on."""
    plan = ShowPlan(
        title=dict(show.title),
        starts_at=parts.clock.now() + timedelta(hours=show.starts_in_hours),
        rundown=tuple(products[slug] for slug in show.rundown),
        currency=show.currency,
        poster_url=await _picture_url(parts, show.poster),
        ai_host=AiHost("always", patience_s=4.0) if show.status == "live" else AiHost(),
    )
    number = 1
    while True:
        show_id = ShowId(show.key if number == 1 else f"{show.key}-{number}")
        try:
            known = await parts.shows.get(show_id)
        except UnknownShow:
            await parts.shows.create(host, plan, show_id)
            if show.status == "ended":
                await parts.shows.end(show_id)
            return show_id
        if known.status != "ended" or show.status == "ended":
            if known.ai_host.mode == "off" and plan.ai_host.mode != "off":  # seeded before there was one
                await parts.shows.update(show_id, replace(known.plan, ai_host=plan.ai_host))
            return show_id
        number += 1
