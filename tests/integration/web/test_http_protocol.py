"""The bounds on a request's head, over raw sockets."""

from __future__ import annotations

import asyncio

import pytest

from stream_server.web.http_protocol import BoundedHttpProtocol
from tests.integration.web.server import Server, running_server


async def _connect(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = server.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


async def _ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_head_that_does_not_end_is_not_waited_for(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedHttpProtocol, "head_timeout_s", 0.2)
    async with running_server() as server:
        reader, writer = await _connect(server)
        writer.write(sent)
        assert (await _ends(reader, writer)).startswith(b"HTTP/1.1 408 ")


async def test_a_second_request_has_as_long_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedHttpProtocol, "head_timeout_s", 0.3)
    async with running_server() as server:
        reader, writer = await _connect(server)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b'{"status":"ok"}' in await reader.readuntil(b"}")
        await asyncio.sleep(0.5)  # idle between requests: the keep-alive time counts, not the head's
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal")
        assert b'{"status":"ok"}' in await reader.readuntil(b"}")
        assert b"HTTP/1.1 408 " in await _ends(reader, writer)


async def test_a_head_without_end_is_cut_off() -> None:
    async with running_server() as server:
        reader, writer = await _connect(server)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + (b"X-Pad: " + b"x" * 1000 + b"\r\n") * 40)
        assert (await _ends(reader, writer)).startswith(b"HTTP/1.1 431 ")


async def test_bytes_that_are_no_http_get_400_and_nothing_breaks() -> None:
    async with running_server() as server:
        for sent in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
            b"\r\n\r\n\x00\x00",
            b"GET \xff HTTP/1.1\r\n\r\n",
        ):
            reader, writer = await _connect(server)
            writer.write(sent)
            assert (await _ends(reader, writer)).startswith(b"HTTP/1.1 400 ")
        assert (await server.http.get("/readyz")).status_code == 200


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stream_server.web.request_body.BODY_TIMEOUT_S", 0.2)
    async with running_server() as server:
        reader, writer = await _connect(server)
        writer.write(
            b"POST /api/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        writer.close()
