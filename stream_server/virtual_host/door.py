"""What the virtual host reads of the server, by the same REST interface as everybody: the show and its products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
from pydantic import TypeAdapter, ValidationError

from avatar.errors import BadRundown
from avatar.model import Demonstration, Offer, ProductFacts, Rundown, RundownItem
from avatar.product_file import read_product
from avatar.stage.scenery import MAX_PICTURE_BYTES
from stream_server.signaling.resources import AiTicket, KeptTicket, Show

TIMEOUT_S = 5.0
MAX_BODY_BYTES = 2_000_000
DEMONSTRATED = frozenset({"glasses", "hat", "earring", "necklace", "lipstick", "watch", "bracelet", "ring"})
"""Categories of models that are worn: viewers are invited to try them on."""

_tickets = TypeAdapter(list[KeptTicket])


class ShopDoor:
    """Reads shows, products and pictures; also the `avatar.live_facts.ShopReader` of one show.

    Every failure of the network or the server is an OSError, as the library expects it.
    """

    def __init__(self, client: httpx2.AsyncClient, base_url: str, currency: str = "USD") -> None:
        """``client`` is closed by its owner."""
        self._client = client
        self._base_url = base_url
        self.currency = currency

    async def show(self, show_id: str) -> Show:
        """The show as planned. Raises: OSError."""
        return Show.model_validate_json(await self._get(f"/api/shows/{show_id}"))

    async def product(self, product_id: str) -> dict[str, Any]:
        """A product's resource. Raises: OSError."""
        return await self._json(f"/api/products/{product_id}")

    async def on_sale(self, product_id: str) -> ProductFacts | None:
        """See `ShopReader`: price, stock and variants at this moment."""
        try:
            return read_product(await self.product(product_id), self.currency)
        except BadRundown as error:
            raise OSError(str(error)) from error

    async def dubs(self, show_id: str) -> dict[str, int]:
        """Listeners of each dub that this host offers while it is on air. Raises: OSError."""
        found = (await self._json(f"/whep/{show_id}/dubs")).get("dubs")
        try:
            return {str(dub["name"]): int(dub["listeners"]) for dub in found or () if dub["is_offered"]}
        except (KeyError, TypeError, ValueError) as error:
            raise OSError("the list of dubs cannot be read") from error

    async def open_tickets(self, show_id: str, token: str) -> list[AiTicket]:
        """Questions that still wait for a person, oldest first; ``token`` is the host's. Raises: OSError."""
        try:
            kept = _tickets.validate_json(await self._get(f"/api/shows/{show_id}/ai_tickets", token=token))
        except ValidationError as error:
            raise OSError("the tickets cannot be read") from error
        return [each.ticket for each in reversed(kept) if each.state == "open"]

    async def picture(self, url: str) -> bytes:
        """A product's picture. Raises: OSError, also for one that is too large."""
        return await self._get(url, MAX_PICTURE_BYTES)

    async def _json(self, path: str) -> dict[str, Any]:
        reply = httpx2.Response(200, content=await self._get(path)).json()
        if not isinstance(reply, dict):
            raise OSError(f"{path} is not an object")
        return reply

    async def _get(self, path: str, limit: int = MAX_BODY_BYTES, token: str | None = None) -> bytes:
        address = path if path.startswith("http") else self._base_url + path
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            async with self._client.stream("GET", address, timeout=TIMEOUT_S, headers=headers) as reply:
                reply.raise_for_status()
                parts: list[bytes] = []
                async for part in reply.aiter_bytes():
                    parts.append(part)
                    if sum(map(len, parts)) > limit:
                        raise OSError(f"{path} is larger than {limit} bytes")
                return b"".join(parts)
        except httpx2.HTTPError as error:
            raise OSError(f"{path}: {error or type(error).__name__}") from error


async def read_show(
    door: ShopDoor, show: Show, seconds: float, offers: Mapping[str, tuple[Offer, ...]] | None = None
) -> tuple[Rundown, dict[str, ProductFacts], dict[str, str]]:
    """A show's rundown with its products, and where each product's picture is.

    Products that cannot be read are left out. ``seconds`` is each product's turn; ``offers`` are by product.
    Raises: OSError.
    """
    products: dict[str, ProductFacts] = {}
    items: list[RundownItem] = []
    pictures: dict[str, str] = {}
    for product_id in show.rundown:
        resource = await door.product(product_id)
        try:
            products[product_id] = read_product(resource, show.currency)
        except BadRundown:
            continue
        model = resource.get("model") or {}
        worn = model.get("category") in DEMONSTRATED
        demonstrate: Demonstration | None = "try_on" if worn else "model" if model else None
        told = (offers or {}).get(product_id, ())
        items.append(RundownItem(product_id, seconds=seconds, offers=told, demonstrate=demonstrate))
        found = resource.get("pictures") or []
        if found and isinstance(found[0].get("url"), str):
            pictures[product_id] = found[0]["url"]
    return Rundown(tuple(items), dict(show.title)), products, pictures
