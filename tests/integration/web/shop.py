"""A small shop for tests: one brand, one product with two variants, a show that presents it, people who act."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import websockets
from websockets.asyncio.client import ClientConnection, connect

from stream_server.audience.people import Person
from stream_server.commerce.catalogue import Product, ProductDraft, VariantDraft
from stream_server.ids import ProductId, ShowId
from tests.integration.web.server import Server, person

ADDRESS = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "street_address": "12 St James's Square",
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}


@dataclass
class SmallShop:
    """What is for sale, and where."""

    product: Product
    show_id: ShowId
    brand: Person
    buyer: Person

    @property
    def variant_id(self) -> str:
        return self.product.variants[0].variant_id


async def stocked(server: Server, stock: int = 5) -> SmallShop:
    catalogue = server.parts.shop.catalogue
    brand = await catalogue.put_brand("nordlicht", "Nordlicht")
    draft = ProductDraft(
        slug="lamp",
        category="home",
        title={"en": "Lamp"},
        variants=(
            VariantDraft("LAMP-1", {"en": "Oak"}, {"USD": 4900, "EUR": 4500}, stock=stock),
            VariantDraft("LAMP-2", {"en": "Walnut"}, {"USD": 5900}, stock=stock),
        ),
    )
    product = await catalogue.create(brand.brand_id, draft)
    show = await server.show(rundown=(ProductId(product.product_id),))
    return SmallShop(product, show.show_id, person("brand", brand.brand_id), person("viewer"))


class LiveClient:
    """One client of the live channel."""

    def __init__(self, server: Server, show_id: ShowId, who: Person | None = None, **hello: Any) -> None:
        self._url = server.live_url
        self._hello: dict[str, Any] = {"type": "hello", "version": 1, "show_id": show_id}
        if who is not None:
            self._hello["token"] = server.token(who)
        self._hello |= hello
        self._refs = 0
        self.socket: ClientConnection
        self.welcome: dict[str, Any]

    async def __aenter__(self) -> Self:
        self.socket = await connect(self._url, compression=None)
        await self.say(**self._hello)
        self.welcome = await self.hear()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.recv())
        return message

    async def hear_type(self, *types: str) -> dict[str, Any]:
        """The next message of one of these types; others are passed over."""
        while True:
            message = await self.hear()
            if message["type"] in types:
                return message

    async def do(self, **command: Any) -> dict[str, Any]:
        """Give a command; its ack or problem."""
        self._refs += 1
        ref = f"r{self._refs}"
        await self.say(ref=ref, **command)
        while True:
            message = await self.hear_type("ack", "problem")
            if message["ref"] == ref:
                return message

    async def closed(self) -> int:
        """Read to the end; the close code."""
        try:
            while True:
                await self.socket.recv()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
