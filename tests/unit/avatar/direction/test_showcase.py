"""What the host knows of its products follows the shop, the screen and the rundown."""

from __future__ import annotations

from avatar.direction.showcase import Showcase
from avatar.live_facts import OnSale, RehearsalShop
from tests.unit.avatar.catalogue import products


class ClosedShop:
    async def on_sale(self, product_id: str) -> OnSale | None:
        raise OSError("closed")


async def test_where_the_shop_does_not_answer_no_price_is_known() -> None:
    showcase = Showcase(ClosedShop())
    showcase.use(products())
    found = await showcase.as_sold_now("mug")
    assert found is not None
    assert (found.price, found.stock) == (None, None)
    assert showcase.known("mug") == products()["mug"]


async def test_what_is_not_in_the_rundown_is_unknown() -> None:
    showcase = Showcase(RehearsalShop(products()))
    assert await showcase.as_sold_now("mug") is None
    assert showcase.known(None) is None


def test_what_was_shown_is_told_once_the_newest_last() -> None:
    showcase = Showcase(RehearsalShop(products()))
    showcase.use(products())
    for product_id in ("mug", "hat", "mug"):
        showcase.put_up(product_id)
    assert [product.product_id for product in showcase.shown()] == ["hat", "mug"]
    assert showcase.on_screen == "mug"


def test_what_another_rundown_does_not_have_is_off_the_screen() -> None:
    showcase = Showcase(RehearsalShop(products()))
    showcase.use(products())
    showcase.put_up("hat")
    showcase.put_up("mug")
    showcase.use({"hat": products()["hat"]})
    assert showcase.on_screen is None
    assert [product.product_id for product in showcase.shown()] == ["hat"]
