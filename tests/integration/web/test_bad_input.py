"""Bad input of every kind over real HTTP and WebSocket: each gets a clear error with a stable code, nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect

from stream_server.app.choices import Choices
from stream_server.clock import ManualClock
from stream_server.web.throttle import Rate, Rates
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import Endpoint, refused
from tests.integration.web.server import HOST, Server, person, running_server
from tests.integration.web.shop import ADDRESS, LiveClient, SmallShop, stocked

Send = Callable[[Server, SmallShop], Awaitable[httpx2.Response]]


@dataclass(frozen=True)
class Bad:
    what: str
    send: Send
    status: int
    code: str

    def __str__(self) -> str:
        return self.what


def _post(path: str, body: Any = None, *, who: str = "buyer", method: str = "POST", **headers: str) -> Send:
    async def send(server: Server, shop: SmallShop) -> httpx2.Response:
        known = {"buyer": shop.buyer, "brand": shop.brand, "host": HOST, "stranger": person("host")}.get(who)
        names = {"show": shop.show_id, "variant": shop.variant_id, "product": shop.product.product_id}
        sent = {**(server.auth(known) if known else {}), **headers}
        if isinstance(body, bytes):
            return await server.http.request(method, path.format(**names), content=body, headers=sent)
        return await server.http.request(method, path.format(**names), json=body, headers=sent)

    return send


def _whip(body: str | None = None, **changes: Any) -> Send:
    async def send(server: Server, shop: SmallShop) -> httpx2.Response:
        endpoint = Endpoint(server.http, "whip", shop.show_id, server.token(HOST))
        return await endpoint.post(body if body is not None else endpoint.peer.offer("sendonly", **changes))

    return send


async def _second_publisher(server: Server, shop: SmallShop) -> httpx2.Response:
    await Endpoint(server.http, "whip", shop.show_id, server.token(HOST)).created()
    return await Endpoint(server.http, "whip", shop.show_id, server.token(person("admin"))).post()


async def _unknown_show(server: Server, shop: SmallShop) -> httpx2.Response:
    return await server.http.get("/api/shows/show_nowhere")


async def _replayed_key(server: Server, shop: SmallShop) -> httpx2.Response:
    auth = {**server.auth(shop.buyer), "Idempotency-Key": "once"}
    line = ONE
    path = f"/api/shows/{shop.show_id}"
    await server.http.put(f"{path}/cart/{shop.variant_id}", json=line, headers=auth)
    first = await server.http.post(f"{path}/checkouts", json={"currency": "USD"}, headers=auth)
    assert first.status_code == 201, first.text
    again = await server.http.post(f"{path}/checkouts", json={"currency": "USD"}, headers=auth)
    assert again.json()["checkout_id"] == first.json()["checkout_id"]
    return await server.http.post(f"{path}/checkouts", json={"currency": "EUR"}, headers=auth)


async def _foreign_currency(server: Server, shop: SmallShop) -> httpx2.Response:
    auth = server.auth(shop.buyer)
    path = f"/api/shows/{shop.show_id}/cart/{shop.variant_id}"
    assert (await server.http.put(path, json=ONE, headers=auth)).status_code == 200
    return await server.http.put(path, json={"quantity": 1, "currency": "EUR"}, headers=auth)


LINE = "/api/shows/{show}/cart/{variant}"
JSON = {"Content-Type": "application/json"}
ONE = {"quantity": 1, "currency": "USD"}
PICTURE = {"Content-Type": "multipart/form-data; boundary=x"}
SCRIPT = b"""--x\r
Content-Disposition: form-data; name="file"; filename="a.png"\r
\r
<svg onload=alert(1)>\r
--x--\r
"""
NOTE = b"""--x\r
Content-Disposition: form-data; name="note"\r
\r
hi\r
--x--\r
"""
PRODUCT = {
    "slug": "x",
    "category": "",
    "title": {"en": "x"},
    "variants": [{"sku": "a", "label": {"en": "a"}, "prices": [{"currency": "USD", "amount_minor": 1}], "stock": 1}],
}

TABLE = [
    Bad("malformed SDP", _whip("v=0\r\nm=video\r\n"), 400, "bad_offer"),
    Bad("no SDP at all", _whip("hello"), 400, "bad_offer"),
    Bad("empty SDP", _whip(""), 400, "malformed"),
    Bad("wrong content type", _post("/whip/{show}", {"sdp": "v=0"}, who="host"), 415, "wrong_media_type"),
    Bad("too many m-lines", _whip(media=("audio", "video") * 10), 422, "bad_offer"),
    Bad("second publisher", _second_publisher, 409, "publisher_present"),
    Bad(
        "publishing to somebody else's show",
        _post("/whip/{show}", b"v=0", who="stranger", **{"Content-Type": "application/sdp"}),
        403,
        "forbidden",
    ),
    Bad("unknown show", _unknown_show, 404, "unknown_show"),
    Bad("unknown path", _post("/api/nothing"), 404, "not_found"),
    Bad("wrong method", _post("/api/shows/{show}", method="DELETE"), 405, "method_not_allowed"),
    Bad("no token", _post(LINE, ONE, who="nobody", method="PUT"), 401, "unauthenticated"),
    Bad(
        "nonsense for a token",
        _post("/api/me", who="nobody", method="GET", Authorization="Bearer x"),
        401,
        "token_invalid",
    ),
    Bad("quantity 0", _post(LINE, {"quantity": 0, "currency": "USD"}, method="PUT"), 422, "invalid_body"),
    Bad("quantity 10^9", _post(LINE, {"quantity": 10**9, "currency": "USD"}, method="PUT"), 422, "invalid_body"),
    Bad(
        "quantity as a huge number",
        _post(LINE, b'{"quantity":1e999,"currency":"USD"}', method="PUT"),
        422,
        "invalid_body",
    ),
    Bad("more than there is", _post(LINE, {"quantity": 50, "currency": "USD"}, method="PUT"), 409, "out_of_stock"),
    Bad(
        "a currency it is not sold in",
        _post(LINE, {"quantity": 1, "currency": "JPY"}, method="PUT"),
        422,
        "not_sold_in_currency",
    ),
    Bad("cart with a foreign currency", _foreign_currency, 422, "currency_mismatch"),
    Bad("no such variant", _post("/api/shows/{show}/cart/variant_none", ONE, method="PUT"), 404, "not_found"),
    Bad(
        "checkout of an empty cart",
        _post("/api/shows/{show}/checkouts", {"currency": "USD"}, **{"Idempotency-Key": "k"}),
        409,
        "empty_cart",
    ),
    Bad(
        "checkout without key",
        _post("/api/shows/{show}/checkouts", {"currency": "USD"}),
        422,
        "invalid_idempotency_key",
    ),
    Bad(
        "checkout with an endless key",
        _post("/api/shows/{show}/checkouts", {"currency": "USD"}, **{"Idempotency-Key": "k" * 300}),
        422,
        "invalid_idempotency_key",
    ),
    Bad("replayed idempotency key with another body", _replayed_key, 409, "idempotency_conflict"),
    Bad("somebody else's checkout", _post("/api/checkouts/checkout_none", method="GET"), 404, "not_found"),
    Bad("not JSON", _post("/api/guests", b"{nope", who="nobody", **JSON), 400, "malformed"),
    Bad("JSON that is not UTF-8", _post("/api/guests", b'{"name":"\xff\xfe"}', who="nobody", **JSON), 400, "malformed"),
    Bad("an unknown field", _post("/api/guests", {"name": "Ada", "role": "admin"}, who="nobody"), 422, "invalid_body"),
    Bad("a name of blanks", _post("/api/guests", {"name": " \u200b "}, who="nobody"), 422, "bad_name"),
    Bad("JSON nested without end", _post("/api/guests", b"[" * 100_000, who="nobody", **JSON), 400, "malformed"),
    Bad("a body without end", _post("/api/guests", b" " * 600_000, who="nobody"), 413, "too_large"),
    Bad(
        "a product of another brand",
        _post("/api/products/{product}", PRODUCT, who="host", method="PUT"),
        403,
        "forbidden",
    ),
    Bad("a show without title", _post("/api/shows", {"title": {}}, who="host"), 422, "bad_show"),
    Bad("a show by a viewer", _post("/api/shows", {"title": {"en": "Mine"}}), 403, "forbidden"),
    Bad(
        "a start that is no time",
        _post("/api/shows", {"title": {"en": "x"}, "starts_at": "soon"}, who="host"),
        422,
        "bad_show",
    ),
    Bad("ending somebody else's show", _post("/api/shows/{show}/end", who="stranger"), 403, "forbidden"),
    Bad("stock below zero", _post("/api/variants/{variant}/stock", {"change": -6}, who="brand"), 409, "stock_reserved"),
    Bad("stock by a viewer", _post("/api/variants/{variant}/stock", {"change": 1}), 403, "forbidden"),
    Bad("a picture that is a script", _post("/api/pictures", SCRIPT, who="brand", **PICTURE), 422, "bad_picture"),
    Bad("no picture", _post("/api/pictures", NOTE, who="brand", **PICTURE), 422, "no_file"),
    Bad("broken multipart", _post("/api/pictures", b"--y garbage", who="brand", **PICTURE), 400, "malformed"),
    Bad("a picture as JSON", _post("/api/pictures", {"file": "x"}, who="brand"), 415, "wrong_media_type"),
    Bad("a picture of 9 MB", _post("/api/pictures", b"\x00" * 9_000_000, who="brand", **PICTURE), 413, "too_large"),
    Bad(
        "a forged webhook",
        _post(
            "/webhooks/payments",
            {"type": "payment_intent.succeeded"},
            who="nobody",
            **{"Stripe-Signature": "t=1,v1=aa"},
        ),
        422,
        "webhook_refused",
    ),
    Bad(
        "a path out of the pictures", _post("/pictures/..%2f..%2fsecret", method="GET", who="nobody"), 404, "not_found"
    ),
    Bad(
        "a path out of the assets",
        _post("/assets/..%2f..%2f..%2fpyproject.toml", method="GET", who="nobody"),
        404,
        "not_found",
    ),
]


@pytest.mark.parametrize("bad", TABLE, ids=str)
async def test_http(bad: Bad) -> None:
    async with running_server(MemoryMediaPlane(strict=True)) as server:
        shop = await stocked(server)
        response = await bad.send(server, shop)
        assert refused(response, bad.status) == bad.code
        assert "Traceback" not in response.text
        assert (await server.http.get("/readyz")).status_code == 200


async def test_an_expired_token() -> None:
    clock = ManualClock()
    async with running_server(clock=clock) as server:
        shop = await stocked(server)
        auth = {"Authorization": f"Bearer {server.token(shop.buyer, lifetime_s=60)}"}
        clock.advance(120)
        assert refused(await server.http.get("/api/me", headers=auth), 401) == "token_expired"
        async with LiveClient(server, shop.show_id, token=auth["Authorization"][7:]) as client:
            assert client.welcome["code"] == "token_expired"
            assert await client.closed() == 4401


async def test_guests_are_limited_per_address() -> None:
    choices = Choices(rates=Rates(guests=Rate(burst=2, per_second=0.001)))
    async with running_server(choices=choices) as server:
        answers = [await server.http.post("/api/guests", json={"name": "Ada"}) for _ in range(3)]
        assert refused(answers[-1], 429) == "too_many"
        assert int(answers[-1].headers["retry-after"]) > 0


async def test_paying_with_a_bad_address_says_where_without_repeating_it() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        body = {
            "address": {**ADDRESS, "email": "secret@"},
            "delivery_option_id": "standard",
            "payment_method": "pm_test_ok",
        }
        headers = {**server.auth(shop.buyer), "Idempotency-Key": "k"}
        response = await server.http.post("/api/checkouts/checkout_x/payment", json=body, headers=headers)
        assert refused(response, 422) == "invalid_body"
        assert response.json()["detail"]["problems"][0]["where"] == "body.address.email"
        assert "secret@" not in response.text


LIVE = [
    ("an unknown type", {"type": "dance", "ref": "1"}, "unknown_message"),
    ("no type", {"ref": "1"}, "bad_message"),
    ("a second hello", {"type": "hello", "version": 1, "show_id": "show_a"}, "hello_repeated"),
    ("an unknown field", {"type": "ping", "ref": "1", "extra": 1}, "bad_message"),
    ("a chat line that is too long", {"type": "chat.send", "ref": "1", "text": "x" * 201}, "bad_message"),
    ("a chat line of nothing", {"type": "chat.send", "ref": "1", "text": "\u200b"}, "chat_empty"),
    ("a pin by a viewer", {"type": "pin", "ref": "1", "product_id": "product_x"}, "forbidden"),
    ("a block by a viewer", {"type": "chat.block", "ref": "1", "person_id": "host_mia"}, "forbidden"),
]


@pytest.mark.parametrize(("what", "message", "code"), LIVE, ids=[row[0] for row in LIVE])
async def test_live(what: str, message: dict[str, Any], code: str) -> None:
    async with running_server() as server:
        shop = await stocked(server)
        async with LiveClient(server, shop.show_id, shop.buyer) as client:
            assert client.welcome["type"] == "welcome"
            await client.say(**message)
            problem = await client.hear_type("problem")
            assert problem["code"] == code
            assert (await client.do(type="ping"))["type"] == "ack"


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        ('{"type":"hello","version":99,"show_id":"show_a"}', "version_mismatch", 4400),
        ('{"type":"hello","version":1,"show_id":"show_nowhere"}', "unknown_show", 4404),
        ('{"type":"ping","ref":"1"}', "hello_expected", 4400),
        ("not json", "bad_message", 4400),
        ("[" * 10_000, "bad_message", 4400),
        ('{"type":"hello","version":1,"show_id":"show_a","token":"x"}', "token_invalid", 4401),
        (json.dumps({"type": "hello", "pad": "x" * 17_000}), "message_too_large", 1009),
    ],
)
async def test_live_hello(first: str, code: str, close: int) -> None:
    async with running_server() as server, connect(server.live_url) as socket:
        await socket.send(first)
        problem = json.loads(await socket.recv())
        assert (problem["type"], problem["code"], problem["ref"]) == ("problem", code, None)
        await socket.wait_closed()
        assert socket.close_code == close


async def test_a_message_far_too_large_ends_the_connection_with_1009() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        async with LiveClient(server, shop.show_id, shop.buyer) as client:
            await client.socket.send("x" * 100_000)
            assert await client.closed() == 1009
        async with LiveClient(server, shop.show_id, shop.buyer) as client:
            assert client.welcome["type"] == "welcome"


async def test_a_chat_flood_is_slowed_down_and_nobody_else_notices() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        async with (
            LiveClient(server, shop.show_id, shop.buyer) as loud,
            LiveClient(server, shop.show_id, person("viewer")) as calm,
        ):
            answers = [await loud.do(type="chat.send", text=f"line {number}") for number in range(12)]
            codes = [answer.get("code") for answer in answers]
            assert codes[0] is None
            assert "chat_flood" in codes
            assert answers[-1]["detail"]["retry_after_s"] > 0
            assert (await calm.do(type="chat.send", text="hello"))["type"] == "ack"
