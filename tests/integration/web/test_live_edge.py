"""The WebSocket edge under real uvicorn: fan-out, dropping the slow, refusing strangers, saying goodbye."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import connect

from stream_server.app.application import create_app
from stream_server.app.choices import Choices
from stream_server.ids import SessionId
from stream_server.signaling.media_plane import IngestReport
from stream_server.stores.shows_memory import MemoryShowStore
from stream_server.web.server import ServerOptions, listen
from stream_server.web.throttle import Rate, Rates
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import Endpoint
from tests.integration.web.server import HOST, Server, running_server
from tests.integration.web.shop import LiveClient, stocked


async def test_everybody_hears_the_same_event_and_only_the_host_the_ingest_report() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        shop = await stocked(server)
        async with contextlib.AsyncExitStack() as stack:
            host = await stack.enter_async_context(LiveClient(server, shop.show_id, HOST))
            viewers = [await stack.enter_async_context(LiveClient(server, shop.show_id)) for _ in range(20)]
            assert (await host.do(type="pin", product_id=shop.product.product_id))["type"] == "ack"
            heard = [await viewer.hear_type("pins") for viewer in viewers]
            assert len({json.dumps(event) for event in heard}) == 1
            assert heard[0]["pins"][0]["product_id"] == shop.product.product_id
            plane.report(IngestReport(shop.show_id, 1_500_000, 0.0, 1280, 720, 30.0, 20))
            assert (await host.hear_type("ingest"))["height_px"] == 720
            assert (await viewers[0].do(type="ping"))["clock"]["show_ms"] >= 0
            metrics = (await server.http.get("/metrics")).text
            assert "vitrine_live_clients 21.0" in metrics


async def test_a_show_goes_live_and_away_as_its_media_comes_and_goes() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        shop = await stocked(server)
        whip = Endpoint(server.http, "whip", shop.show_id, server.token(HOST))
        async with LiveClient(server, shop.show_id) as viewer:
            assert viewer.welcome["state"]["status"] == "scheduled"
            session = await whip.created()
            assert (await viewer.hear_type("status"))["status"] == "live"
            again = await whip.created()  # the host's page was reloaded: same show, the old session is replaced
            assert plane.sessions == {again.headers["location"].rpartition("/")[2]}
            assert (await whip.delete(session)).status_code == 404
            await whip.delete(again)
            assert (await viewer.hear_type("status"))["status"] == "away"
            shown = (await server.http.get(f"/api/shows/{shop.show_id}")).json()
            assert shown["status"] == "away"


async def test_a_show_goes_live_even_when_the_database_is_away_at_that_moment() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        shop = await stocked(server)
        store = server.parts.ports.shows
        assert isinstance(store, MemoryShowStore)
        async with LiveClient(server, shop.show_id) as viewer:
            store.is_down = True
            await plane.publish(shop.show_id, SessionId("whip_x"), "v=0", 0, replace=False)
            await asyncio.sleep(0.3)
            store.is_down = False
            assert (await viewer.hear_type("status"))["status"] == "live"


async def test_a_source_in_a_show_that_has_ended_is_cut_off() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        shop = await stocked(server)
        await server.parts.shows.end(shop.show_id)
        await plane.publish(shop.show_id, SessionId("whip_x"), "v=0", 0, replace=False)
        async with asyncio.timeout(5):
            while plane.sessions:
                await asyncio.sleep(0.01)


async def test_ending_a_show_closes_its_media() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        shop = await stocked(server)
        whip = Endpoint(server.http, "whip", shop.show_id, server.token(HOST))
        await whip.created()
        ended = await server.http.post(f"/api/shows/{shop.show_id}/end", headers=server.auth(HOST))
        assert ended.json()["status"] == "ended"
        assert plane.sessions == set()
        assert (await whip.post()).json()["code"] == "show_ended"


async def _stalled(server: Server, show_id: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that says hello and never reads again, with a small window."""
    host, port = server.url.removeprefix("http://").split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((host, int(port)))
    reader, writer = await asyncio.open_connection(sock=raw, limit=1024)
    writer.write(
        b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    hello = json.dumps({"type": "hello", "version": 1, "show_id": show_id}).encode()
    assert len(hello) < 126
    writer.write(b"\x81" + bytes([0x80 | len(hello)]) + b"\0\0\0\0" + hello)
    return reader, writer


async def test_a_client_that_stops_reading_is_dropped_and_the_others_hear_everything() -> None:
    async with running_server(choices=Choices(slow_bytes=64 * 1024), send_buffer_bytes=8192) as server:
        shop = await stocked(server)
        async with LiveClient(server, shop.show_id, HOST) as host, LiveClient(server, shop.show_id) as quick:
            _, stalled = await _stalled(server, shop.show_id)
            while server.parts.hub.connections < 3:
                await asyncio.sleep(0.01)
            text = "ä" * 60
            async with asyncio.timeout(15):
                sent = 0
                while server.parts.hub.connections == 3:
                    for _ in range(50):
                        await server.parts.shows.announce(shop.show_id, f"{text} {sent}")
                        sent += 1
                    await asyncio.sleep(0)
            for number in range(sent):
                assert (await quick.hear_type("announcement"))["text"] == f"{text} {number}"
            assert (await host.do(type="ping"))["type"] == "ack"
            stalled.transport.abort()
        assert "vitrine_live_dropped_total 1.0" in (await server.http.get("/metrics")).text


async def test_pages_of_strangers_may_not_connect() -> None:
    async with running_server(choices=Choices(origins=("https://shop.example",))) as server:
        async with connect(server.live_url, origin=websockets.Origin("https://shop.example")):
            pass
        async with connect(server.live_url, origin=websockets.Origin(server.url)):
            pass
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await connect(server.live_url, origin=websockets.Origin("https://evil.example"))
        assert refusal.value.response.status_code == 403
        assert json.loads(refusal.value.response.body or b"{}")["code"] == "forbidden"


async def test_too_many_connections_from_one_address_wait() -> None:
    choices = Choices(rates=Rates(live=Rate(burst=2, per_second=0.001)))
    async with running_server(choices=choices) as server:
        for _ in range(2):
            async with connect(server.live_url):
                pass
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await connect(server.live_url)
        assert refusal.value.response.status_code == 429
        assert int(refusal.value.response.headers["Retry-After"]) > 0


async def test_the_end_of_the_process_is_announced_and_readiness_goes_first() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        async with LiveClient(server, shop.show_id) as viewer:
            server.stop.set()
            closing = await viewer.hear_type("closing")
            assert closing["retry_after_s"] > 0
            assert await viewer.closed() == 1012


async def test_resuming_gives_what_was_missed_and_nothing_twice() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        async with LiveClient(server, shop.show_id) as first:
            seen = first.welcome
        await server.parts.shows.announce(shop.show_id, "one")
        await server.parts.shows.announce(shop.show_id, "two")
        resume = {"epoch": seen["epoch"], "seq": seen["seq"]}
        async with LiveClient(server, shop.show_id, resume=resume) as again:
            assert again.welcome["resumed"]
            assert again.welcome["state"] is None
            assert [(await again.hear())["text"] for _ in range(2)] == ["one", "two"]
            await server.parts.shows.announce(shop.show_id, "three")
            assert (await again.hear_type("announcement"))["text"] == "three"


async def test_on_any_other_server_the_same_conversation_works_frame_by_frame() -> None:
    """uvicorn's own protocol offers no transport to write to: the fallback sends text."""
    async with running_server() as server:
        shop = await stocked(server)
        config = uvicorn.Config(create_app(server.parts, Choices()), port=0, ws="websockets-sansio", lifespan="off")
        config.log_config = None
        plain = uvicorn.Server(config)
        with listen(ServerOptions(port=0)) as listener:
            async with asyncio.TaskGroup() as group:
                group.create_task(plain._serve([listener]))
                server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
                async with LiveClient(server, shop.show_id, shop.buyer) as client:
                    assert client.welcome["type"] == "welcome"
                    assert (await client.do(type="chat.send", text="hello"))["type"] == "ack"
                    await server.parts.hub.close(1)
                    assert (await client.hear_type("closing"))["retry_after_s"] == 1
                    assert await client.closed() == 1012
                plain.should_exit = True
