"""The products of a show as its host knows them: as written, as sold now, which is on screen, which were before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from avatar.live_facts import ShopReader, as_sold_now
from avatar.model import ProductFacts

logger = logging.getLogger(__name__)

SHOP_TIMEOUT_S = 1.0
_REMEMBERED = 11
"""Shown products that a recap may speak of."""


class Showcase:
    """Holds what can be spoken of. For one task at a time."""

    def __init__(self, shop: ShopReader) -> None:
        """``shop`` belongs to the caller."""
        self._shop = shop
        self.products: dict[str, ProductFacts] = {}
        """By id, with price and stock as last heard."""
        self.on_screen: str | None = None
        """The product whose card was put up last."""
        self._shown: list[str] = []

    def use(self, products: Mapping[str, ProductFacts]) -> None:
        """Go on with other products; what was shown stays so where it is among them."""
        self.products = dict(products)
        self._shown = [product_id for product_id in self._shown if product_id in self.products]
        if self.on_screen not in self.products:
            self.on_screen = None

    def put_up(self, product_id: str | None) -> None:
        """Its card is on screen from now on."""
        self.on_screen = product_id
        if product_id is not None:
            others = [other for other in self._shown if other != product_id]
            self._shown = [*others[1 - _REMEMBERED :], product_id]

    def known(self, product_id: str | None) -> ProductFacts | None:
        """A product as last heard of."""
        return self.products.get(product_id) if product_id is not None else None

    def shown(self) -> list[ProductFacts]:
        """What was put up, newest last."""
        return [self.products[product_id] for product_id in self._shown if product_id in self.products]

    async def as_sold_now(self, product_id: str | None) -> ProductFacts | None:
        """A product with price and stock of this moment; without them when the shop does not say in time."""
        product = self.known(product_id)
        if product is None:
            return None
        try:
            async with asyncio.timeout(SHOP_TIMEOUT_S):
                sold = as_sold_now(product, await self._shop.on_sale(product.product_id))
        except (OSError, TimeoutError) as error:
            logger.warning("the shop does not say what %s costs: %s", product.product_id, error or "too slow")
            return as_sold_now(product, None)
        # For the operator's eyes and what they write themselves; what the host says is looked up anew.
        self.products[sold.product_id] = sold
        return sold
