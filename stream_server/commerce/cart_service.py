"""The buyer's cart of one show."""

from __future__ import annotations

from stream_server.clock import Clock
from stream_server.commerce.cart import Cart, CartContent, check_quantity, price_cart, price_line
from stream_server.commerce.errors import OutOfStock
from stream_server.commerce.ports import CartStore, CatalogueStore
from stream_server.errors import NotFound
from stream_server.ids import PersonId, ShowId, VariantId


class CartService:
    """Carts, priced each time they are looked at. Putting something in reserves nothing: a checkout does."""

    def __init__(self, catalogue: CatalogueStore, carts: CartStore, clock: Clock) -> None:
        self._catalogue = catalogue
        self._carts = carts
        self._clock = clock

    async def cart(self, show_id: ShowId, buyer_id: PersonId, currency: str) -> Cart:
        """The cart; an empty one is in ``currency`` (the show's)."""
        content = await self._carts.load(show_id, buyer_id)
        if content is None or not content.quantities:
            return Cart(currency, ())
        return await self._priced(content)

    async def set_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, quantity: int, currency: str
    ) -> Cart:
        """Set (not add) how many of a variant are wanted.

        Raises: InvalidQuantity, NotFound, NotSoldIn, OutOfStock, CurrencyMismatch, CartFull.
        """
        check_quantity(quantity)
        now = self._clock.now()
        product = (await self._catalogue.of_variants([variant_id])).get(variant_id)
        if product is None:
            raise NotFound("variant", variant_id)
        line = price_line(product, variant_id, quantity, currency, now)
        if line.left < quantity:
            raise OutOfStock(line.product_id, variant_id, line.left)
        return await self._priced(await self._carts.set_line(show_id, buyer_id, variant_id, quantity, currency, now))

    async def remove_line(self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, currency: str) -> Cart:
        """Take a variant out; nothing happens when it is not in. ``currency`` as for `cart`."""
        content = await self._carts.remove_line(show_id, buyer_id, variant_id, self._clock.now())
        if content is None or not content.quantities:
            return Cart(currency, ())
        return await self._priced(content)

    async def _priced(self, content: CartContent) -> Cart:
        products = await self._catalogue.of_variants(list(content.quantities))
        return price_cart(content, products, self._clock.now())
