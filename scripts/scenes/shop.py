"""The running demo as the scenes need it: its shows, products and people, and ways to make something happen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import jwt
from websockets.asyncio.client import connect

from stream_server.ids import new_id
from stream_server.signaling.messages import PROTOCOL_VERSION
from tests.serving import Server


@dataclass(frozen=True)
class Shop:
    """A demo that has just been started."""

    server: Server
    show_id: str
    """The show that is live by itself."""
    host_id: str
    host_token: str
    brand_token: str
    products: list[dict[str, Any]]
    shows: list[dict[str, Any]]

    @property
    def watch_url(self) -> str:
        return f"{self.server.url}/watch/{self.show_id}"

    @property
    def brand_product(self) -> dict[str, Any]:
        """A product of the brand whose console we open."""
        claims = jwt.decode(self.brand_token, options={"verify_signature": False})
        return next(product for product in self.products if product["brand_id"] == claims["brand"])

    def show(self, status: str) -> dict[str, Any]:
        """A show that was planned with this status; not the live one, which may not have begun when we asked."""
        return next(show for show in self.shows if show["status"] == status and show["show_id"] != self.show_id)

    async def command(self, token: str, *commands: dict[str, Any], show_id: str | None = None) -> None:
        """Send commands on the live channel of a show and wait for their acknowledgements."""
        async with connect(self.server.url.replace("http", "ws", 1) + "/live") as socket:
            hello = {"type": "hello", "version": PROTOCOL_VERSION, "show_id": show_id or self.show_id, "token": token}
            await socket.send(json.dumps(hello))
            for command in commands:
                ref = new_id("ref")  # a repeated one is taken for a retry, and does nothing
                await socket.send(json.dumps({"ref": ref, **command}))
                while True:
                    message = json.loads(await socket.recv())
                    if message["type"] == "problem":
                        raise RuntimeError(f"{command}: {message['code']} {message['message']}")
                    if message["type"] == "ack" and message["ref"] == ref:
                        break

    async def say(self, name: str, text: str) -> None:
        """A guest writes one line."""
        guest = await self.server.call("POST", "/api/guests", {"name": name, "language": "en"})
        await self.command(guest["token"], {"type": "chat.send", "text": text})

    async def plan_too(self, product_id: str) -> None:
        """Put one more product into the live show's rundown."""
        show = await self.server.get(f"/api/shows/{self.show_id}")
        plan = {key: show[key] for key in ("title", "starts_at", "currency")}
        plan["rundown"] = [*show["rundown"], product_id]
        await self.server.call("PUT", f"/api/shows/{self.show_id}", plan, token=self.host_token)

    async def pin(self, *product_ids: str) -> None:
        """Pin products, in this order."""
        await self.command(self.host_token, *({"type": "pin", "product_id": one} for one in product_ids))

    async def unpin_all(self) -> None:
        """Take all cards away."""
        known = [product["product_id"] for product in self.products]
        await self.command(self.host_token, *({"type": "unpin", "product_id": one} for one in known))


async def open_shop(server: Server) -> Shop:
    """Read the demo's links and contents."""
    links = [found for line in server.lines for found in re.findall(r"https?://\S+", line)]

    def link(part: str) -> str:
        return next(found for found in links if part in found)

    def token(part: str) -> str:
        found = re.search(r"token=([^&\s]+)", link(part))
        assert found is not None
        return found.group(1)

    host_token = token("/studio#")
    me = await server.get("/api/me", host_token)
    return Shop(
        server=server,
        show_id=link("/watch/").rsplit("/", 1)[1].split("#")[0],
        host_id=me["person_id"],
        host_token=host_token,
        brand_token=token("/console#"),
        products=await server.get("/api/products"),
        shows=await server.get("/api/shows"),
    )
