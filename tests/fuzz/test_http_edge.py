"""Whatever bytes a client sends to WHIP, WHEP and the REST interface: only documented answers come back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from stream_server.app.choices import Choices
from stream_server.web.errors import Malformed, PreconditionMissing
from stream_server.web.payment_texts import PAYMENT_TEXTS, choose_language
from stream_server.web.throttle import Rate, Rates
from stream_server.web.webrtc_http import entity_tags
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.offers import Peer
from tests.integration.web.server import HOST, Server, real_media_plane, running_server

DOCUMENTED = {200, 201, 204, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 503}
PATIENT = Rate(burst=100_000, per_second=10_000)
NO_LIMITS = Choices(rates=Rates(*[PATIENT] * 10))

header_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80)
offers = st.builds(
    lambda direction, media, setup, cut, junk: Peer().offer(direction, media=media, setup=setup)[:cut] + junk,
    st.sampled_from(["sendonly", "recvonly", "sendrecv", "inactive"]),
    st.lists(st.sampled_from(["audio", "video", "application"]), max_size=4),
    st.sampled_from(["actpass", "active", "passive", "holdconn", ""]),
    st.integers(0, 4000),
    st.text(max_size=60),
)
bodies = st.one_of(st.binary(max_size=400), offers.map(lambda text: text.encode("utf-8", "replace")))
types = st.sampled_from(["application/sdp", "application/trickle-ice-sdpfrag", "text/plain", "application/json", ""])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def checked(response: httpx2.Response) -> None:
    assert response.status_code in DOCUMENTED, (response.status_code, response.text)
    if response.status_code >= 400:
        assert set(response.json()) == {"code", "message", "detail"}


@contextmanager
def standing(
    open_server: Callable[[], AbstractAsyncContextManager[Server]],
) -> Iterator[Callable[[Callable[[Server], Coroutine[Any, Any, None]]], None]]:
    """One server for all examples; gives the way to run a story against it."""
    with asyncio.Runner() as runner:
        opened = open_server()
        server = runner.run(opened.__aenter__())
        try:
            yield lambda story: runner.run(story(server))
            assert runner.run(server.http.get("/readyz")).status_code == 200
        finally:
            runner.run(opened.__aexit__(None, None, None))


quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_whip_and_whep_answer_anything() -> None:
    async def story(server: Server, body: bytes, content_type: str, if_match: str, method: str) -> None:
        show = await server.show()
        headers = {"Content-Type": "application/sdp", **server.auth(HOST)}
        offer = Peer().offer("sendonly")
        created = await server.http.post(f"/whip/{show.show_id}", content=offer, headers=headers)
        for path in (f"/whip/{show.show_id}", f"/whep/{show.show_id}", created.headers["location"]):
            headers = {"Content-Type": content_type, "If-Match": if_match, **server.auth(HOST)}
            checked(await server.http.request(method, path, content=body, headers=headers))

    with standing(lambda: running_server(MemoryMediaPlane(), NO_LIMITS)) as run:

        @quickly
        @given(bodies, types, header_text, st.sampled_from(["POST", "PATCH", "DELETE", "PUT"]))
        def anything(body: bytes, content_type: str, if_match: str, method: str) -> None:
            run(lambda server: story(server, body, content_type, if_match, method))

        anything()


@asynccontextmanager
async def _with_media() -> AsyncIterator[Server]:
    async with real_media_plane() as plane, running_server(plane, NO_LIMITS) as server:
        yield server


def test_the_media_process_survives_any_offer() -> None:
    async def story(server: Server, text: str) -> None:
        show = await server.show()
        headers = {"Content-Type": "application/sdp", **server.auth(HOST)}
        body = text.encode("utf-8", "replace")
        for path in (f"/whip/{show.show_id}", f"/whep/{show.show_id}"):
            checked(await server.http.post(path, content=body, headers=headers))
        await server.parts.shows.end(show.show_id)  # its sessions go, and so never fill the process

    with standing(_with_media) as run:

        @quickly
        @given(offers)
        def anything(text: str) -> None:
            run(lambda server: story(server, text))

        anything()


CALLS = [
    ("POST", "/api/guests"),
    ("POST", "/api/shows"),
    ("PUT", "/api/shows/show_x"),
    ("POST", "/api/products"),
    ("PUT", "/api/shows/show_x/cart/variant_x"),
    ("POST", "/api/shows/show_x/checkouts"),
    ("POST", "/api/checkouts/checkout_x/payment"),
    ("POST", "/api/orders/order_x/state"),
    ("POST", "/api/variants/variant_x/stock"),
    ("POST", "/api/pictures"),
    ("POST", "/webhooks/payments"),
]


def test_the_rest_interface_answers_anything() -> None:
    async def story(server: Server, call: tuple[str, str], body: Any, odd: str) -> None:
        headers = {**server.auth(HOST), "Idempotency-Key": odd, "Content-Type": "application/json"}
        content = json.dumps(body).encode("utf-8", "surrogatepass")
        for sent in (content, content[:-1]):
            checked(await server.http.request(*call, content=sent, headers=headers))

    with standing(lambda: running_server(choices=NO_LIMITS)) as run:

        @quickly
        @given(st.sampled_from(CALLS), json_values, header_text)
        def anything(call: tuple[str, str], body: Any, odd: str) -> None:
            run(lambda server: story(server, call, body, odd))

        anything()


@given(st.lists(header_text, max_size=3))
def test_if_match_is_read_or_refused(values: list[str]) -> None:
    request = Request({"type": "http", "headers": [(b"if-match", value.encode()) for value in values]})
    try:
        tags = entity_tags(request)
    except (Malformed, PreconditionMissing):
        return
    assert len(tags) <= 4
    assert all(not tag.startswith("W/") for tag in tags)


@given(st.text(max_size=300))
def test_any_accept_language_gives_one_of_ours(header: str) -> None:
    assert choose_language(header) in PAYMENT_TEXTS
