"""One web process as the command line starts it: SQLite, embedded Valkey, media over its socket, real HTTP."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from stream_server.app.media import serve_media
from stream_server.app.parts import open_parts
from stream_server.app.tokens import issue_token
from stream_server.app.web import serve_web
from stream_server.audience.tokens import Tokens
from stream_server.clock import SystemClock
from stream_server.commerce.catalogue import ProductDraft, VariantDraft
from stream_server.config import Config, signing_secret
from stream_server.shows.model import Host, ShowPlan
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.web.server import AddressInUse
from tests.integration.web.publisher import publishing
from tests.integration.web.server import HOST, in_background
from tests.integration.web.shop import ADDRESS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Machine:
    """The directories and settings of a server, with its Valkey running."""

    config: Config
    runtime_dir: Path


@asynccontextmanager
async def machine() -> AsyncIterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="vitrine-") as directory:
        os.chmod(directory, 0o700)
        config = Config(
            http_port=free_port(),
            media_port=0,
            media_processes=1,
            data_dir=Path(directory) / "data",
            log_level="warning",
        )
        async with embedded_valkey(Path(directory)):
            yield Machine(config, Path(directory))


@asynccontextmanager
async def web_process(found: Machine) -> AsyncIterator[httpx2.AsyncClient]:
    async def own(offer: asyncio.Future[None], stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(serve_media(found.config, found.runtime_dir, 0, stop))
            group.create_task(serve_web(found.config, found.runtime_dir, stop))
            offer.set_result(None)

    url = f"http://127.0.0.1:{found.config.http_port}"
    async with in_background(own), httpx2.AsyncClient(base_url=url, trust_env=False) as http:
        async with asyncio.timeout(15):
            while True:
                try:
                    if (await http.get("/readyz")).status_code == 200:
                        break
                except httpx2.ConnectError:
                    pass
                await asyncio.sleep(0.05)
        yield http


@pytest.mark.timeout(60)
async def test_a_show_is_broadcast_and_something_is_bought_and_all_of_it_survives_a_restart() -> None:
    async with machine() as found:
        # as the seeding process does it
        async with open_parts(found.config, found.runtime_dir) as parts:
            brand = await parts.shop.catalogue.put_brand("nordlicht", "Nordlicht")
            variants = (VariantDraft("LAMP", {"en": "Oak"}, {"USD": 4900}, stock=2),)
            product = await parts.shop.catalogue.create(
                brand.brand_id, ProductDraft("lamp", "home", {"en": "Lamp"}, variants)
            )
            plan = ShowPlan({"en": "Evening show"}, rundown=(product.product_id,))
            show = await parts.shows.create(Host(HOST.id, HOST.name), plan)
        host = issue_token(found.config, role="host", name=HOST.name, person_id=HOST.id)
        async with web_process(found) as http:
            async with publishing(http, f"/whip/{show.show_id}", host):
                async with asyncio.timeout(10):
                    while (await http.get(f"/api/shows/{show.show_id}")).json()["status"] != "live":
                        await asyncio.sleep(0.05)
                assert "vitrine_media_" in (await http.get("/metrics")).text
            guest = (await http.post("/api/guests", json={"name": "Ada"})).json()
            auth = {"Authorization": f"Bearer {guest['token']}", "Idempotency-Key": "k"}
            line = f"/api/shows/{show.show_id}/cart/{product.variants[0].variant_id}"
            await http.put(line, json={"quantity": 1, "currency": "USD"}, headers=auth)
            opened = (
                await http.post(f"/api/shows/{show.show_id}/checkouts", json={"currency": "USD"}, headers=auth)
            ).json()
            pay = {"address": ADDRESS, "delivery_option_id": "standard", "payment_method": "pm_test_slow"}
            path = f"/api/checkouts/{opened['checkout_id']}/payment"
            assert (await http.post(path, json=pay, headers=auth)).json()["status"] == "processing"
            async with asyncio.timeout(10):
                while not (orders := (await http.get("/api/orders", headers=auth)).json()):
                    await asyncio.sleep(0.1)
        async with web_process(found) as http:
            again = (await http.get("/api/orders", headers=auth)).json()
            assert [order["order_id"] for order in again] == [orders[0]["order_id"]]
            assert again[0]["show_ms"] > 0
            left = (await http.get(f"/api/products/{product.product_id}")).json()["variants"][0]["left"]
            assert left == 1
            shown = (await http.get(f"/api/shows/{show.show_id}")).json()
            assert shown["status"] == "away"


async def test_a_taken_port_is_a_sentence() -> None:
    async with machine() as found:
        taken = ("127.0.0.1", found.config.http_port)
        with socket.create_server(taken), pytest.raises(AddressInUse, match="VITRINE_HTTP_PORT"):
            await serve_web(found.config, found.runtime_dir, asyncio.Event())


def test_tokens_from_the_command_line_are_good_here(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    token = issue_token(config, role="moderator", name="Max", person_id="max", show_ids=["show_a"], hours=1)
    known = Tokens(signing_secret(config), SystemClock()).verify(token).person
    assert (known.id, known.role, known.show_ids) == ("max", "moderator", frozenset({"show_a"}))
    with pytest.raises(ValueError, match="wizard"):
        issue_token(config, role="wizard", name="Max")
