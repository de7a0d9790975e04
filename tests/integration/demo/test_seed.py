from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from stream_server.app.choices import Choices
from stream_server.app.parts import Parts, open_services
from stream_server.clock import ManualClock
from stream_server.commerce.catalogue import Product
from stream_server.demo.opening import links
from stream_server.demo.seed import seed
from stream_server.demo.shop import load_shop
from stream_server.ids import SessionId
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.server import memory_ports

SHOP = load_shop()


@asynccontextmanager
async def services(clock: ManualClock, directory: Path) -> AsyncIterator[Parts]:
    async with (
        memory_ports(MemoryMediaPlane(), clock, directory) as (ports, _),
        open_services(ports, Choices()) as parts,
    ):
        yield parts


async def catalogue(parts: Parts) -> dict[str, Product]:
    return {product.slug: product for product in await parts.shop.catalogue.list_products()}


async def test_what_the_files_say_is_what_is_on_sale(tmp_path: Path) -> None:
    clock = ManualClock()
    async with services(clock, tmp_path) as parts:
        await seed(parts, SHOP)
        on_sale = await catalogue(parts)
        assert list(on_sale) == [entry.product.slug for entry in SHOP.products]
        for entry in SHOP.products:
            for wanted, variant in zip(entry.product.variants, on_sale[entry.product.slug].variants, strict=True):
                assert (variant.sku, variant.left) == (wanted.sku, wanted.stock)
                for price in wanted.prices:
                    asked = variant.price(price.currency, clock.now())
                    assert asked is not None
                    assert asked.amount_minor == price.amount_minor
                    assert asked.lowest_30d_minor == price.lowest_30d_minor


async def test_every_picture_is_served(tmp_path: Path) -> None:
    async with services(ManualClock(), tmp_path) as parts:
        await seed(parts, SHOP)
        for product in (await catalogue(parts)).values():
            for picture in product.pictures:
                assert parts.pictures.path(picture.url.rsplit("/", 1)[1]).is_file()
                assert (picture.width_px, picture.height_px) == (1200, 1200)


async def test_seeding_twice_changes_nothing(tmp_path: Path) -> None:
    clock = ManualClock()

    async def everything(parts: Parts) -> Any:
        shows = await parts.shows.find()
        brands = await parts.shop.catalogue.brands()
        products = {
            slug: (product.product_id, product.pictures, product.variants, product.title)
            for slug, product in (await catalogue(parts)).items()
        }
        return brands, products, [(show.show_id, show.plan, show.status, show.host) for show in shows]

    async with services(clock, tmp_path) as parts:
        first = await seed(parts, SHOP)
        before = await everything(parts)
        clock.advance(3600)
        again = await seed(parts, SHOP)
        assert again == first
        assert await everything(parts) == before


async def test_what_was_sold_stays_sold(tmp_path: Path) -> None:
    async with services(ManualClock(), tmp_path) as parts:
        await seed(parts, SHOP)
        variant = (await catalogue(parts))["tide-mug"].variants[0]
        await parts.shop.catalogue.change_stock(variant.variant_id, -5, None)
        await seed(parts, SHOP)
        assert (await catalogue(parts))["tide-mug"].variants[0].left == variant.left - 5


async def test_the_lists_look_alive(tmp_path: Path) -> None:
    clock = ManualClock()
    async with services(clock, tmp_path) as parts:
        await seed(parts, SHOP)
        shows = {show.show_id: show for show in await parts.shows.find()}
        assert {show_id: show.status for show_id, show in shows.items()} == {
            "autumn-edit": "scheduled",  # live as soon as its host's media arrives, like every show
            "slow-mornings": "scheduled",
            "first-serve": "scheduled",
            "small-things": "ended",
        }
        for show in shows.values():
            assert show.plan.poster_url is not None
            assert show.host.picture_url is not None
            assert show.plan.rundown
        coming = shows[next(s for s in shows if s == "slow-mornings")].plan.starts_at
        assert coming is not None
        assert timedelta(hours=25) < coming - clock.now() < timedelta(hours=27)


async def test_a_live_show_that_ended_gets_a_successor(tmp_path: Path) -> None:
    async with services(ManualClock(), tmp_path) as parts:
        first = await seed(parts, SHOP)
        await parts.shows.source_started(first.live_show, SessionId("session_1"))
        await parts.shows.end(first.live_show)
        second = await seed(parts, SHOP)
        assert (first.live_show, second.live_show) == ("autumn-edit", "autumn-edit-2")
        assert second.people["noor"].show_ids == frozenset({second.live_show})


async def test_everybody_gets_a_link(tmp_path: Path) -> None:
    async with services(ManualClock(), tmp_path) as parts:
        made = links("http://localhost:8080", parts, await seed(parts, SHOP))
        assert parts.tokens.verify(made["host_token"]).person.id == "mira"
        urls = {link["label"]: link["url"] for link in made["links"]}
        assert urls["Viewer"] == "http://localhost:8080/watch/autumn-edit"
        assert all("token" not in url.split("#")[0] for url in urls.values())
        assert {"Host", "Moderator", "Admin"} < set(urls)


async def test_products_in_3d_are_there_at_once_and_only_once(tmp_path: Path) -> None:
    async with services(ManualClock(), tmp_path) as parts:
        await seed(parts, SHOP)
        products = await catalogue(parts)
        shown = await parts.desk.models.published([product.product_id for product in products.values()])
        glasses = shown[products["solano-sunglasses"].product_id].model
        assert glasses is not None
        assert {"web.glb", "try_on.glb", "poster.webp", "usdz/default.usdz"} <= set(glasses.files)
        assert {anchor["name"] for anchor in glasses.facts["anchors"]} >= {"bridge", "temple_left", "temple_right"}
        lipstick = shown[products["satin-lipstick"].product_id].lipstick
        assert lipstick is not None
        assert [shade.variant_id for shade in lipstick.shades] == [
            variant.variant_id for variant in products["satin-lipstick"].variants
        ]
        await seed(parts, SHOP)
        assert await parts.desk.models.published(list(shown)) == shown
        assert len(await parts.desk.jobs.list_jobs(None)) == len(
            [publication for publication in shown.values() if publication.model is not None]
        )
