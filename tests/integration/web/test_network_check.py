"""The studio's check of the network before a show."""

from __future__ import annotations

from tests.integration.web.server import HOST, running_server


async def test_a_signed_in_host_sends_bytes_and_gets_nothing_back() -> None:
    async with running_server() as server:
        sent = await server.http.post("/api/network-check", content=bytes(256 * 1024), headers=server.auth(HOST))
        assert (sent.status_code, sent.content) == (204, b"")


async def test_strangers_and_floods_are_refused() -> None:
    async with running_server() as server:
        stranger = await server.http.post("/api/network-check", content=b"")
        assert stranger.status_code == 401
        flood = await server.http.post("/api/network-check", content=bytes(1024 * 1024), headers=server.auth(HOST))
        assert flood.status_code == 413
