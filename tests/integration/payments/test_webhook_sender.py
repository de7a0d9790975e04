from __future__ import annotations

import asyncio

import httpx2

from stream_server.clock import SystemClock
from stream_server.payments.signature import sign, verify
from stream_server.payments.webhook_sender import HttpWebhookSender

BODY = b'{"id": "evt_1"}'


async def send_to(answer: bytes) -> tuple[bool, bytes]:
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n"))
        heard.extend(await reader.readexactly(len(BODY)))
        writer.write(answer + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhooks/payments"
    async with server, httpx2.AsyncClient() as client:
        taken = await HttpWebhookSender(client, url).send(BODY, sign("s", BODY, SystemClock().now()))
    return taken, bytes(heard)


async def test_a_webhook_arrives_signed() -> None:
    taken, heard = await send_to(b"HTTP/1.1 200 OK\r\n")
    assert taken
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /webhooks/payments HTTP/1.1")
    (signature,) = (
        line.split(b": ", 1)[1] for line in head.split(b"\r\n") if line.lower().startswith(b"stripe-signature")
    )
    verify("s", body, signature.decode(), SystemClock().now())


async def test_other_answers_are_not_taken() -> None:
    for answer in (b"HTTP/1.1 500 No\r\n", b"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n"):
        taken, _ = await send_to(answer)
        assert not taken


async def test_a_shop_that_is_away_does_not_raise() -> None:
    async with httpx2.AsyncClient() as client:
        assert not await HttpWebhookSender(client, "http://127.0.0.1:1/webhooks/payments").send(BODY, "x")
