"""Pages, files, pictures and the operator's routes, as a browser or a balancer asks for them."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from starlette.applications import Starlette

from stream_server.app.choices import Choices
from stream_server.web.errors import HANDLERS
from stream_server.web.health import Health
from stream_server.web.metrics import Metrics
from stream_server.web.page_headers import PageOptions
from stream_server.web.pages import Pages
from tests.integration.web.conformance import refused
from tests.integration.web.server import person, running_server
from tests.integration.web.shop import stocked


def browser(static: Path) -> httpx2.AsyncClient:
    app = Starlette(routes=Pages(PageOptions(), static).routes(), exception_handlers=HANDLERS)
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://live.example")


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for name in ("index", "watch", "studio", "interpret", "console", "embed-example"):
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><title>{name}</title>")
    (tmp_path / "player.js").write_text("export {}")
    (tmp_path / "manifest.webmanifest").write_text("{}")
    (tmp_path / "assets" / "watch-abc123.js").write_text("export {}")
    (tmp_path / ".built").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "index"),
        ("/watch/show_a", "watch"),
        ("/studio", "studio"),
        ("/interpret", "interpret"),
        ("/console", "console"),
        ("/embed-example", "embed-example"),
    ],
)
async def test_each_page_comes_with_a_strict_policy_and_is_never_stale(path: str, title: str, static: Path) -> None:
    async with browser(static) as client:
        page = await client.get(path)
    assert f"<title>{title}</title>" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    devices = page.headers["permissions-policy"]
    assert ("microphone=(self)" in devices) == (path in ("/studio", "/interpret"))
    # the player's mirror
    assert ("camera=(self)" in devices) == (path in ("/studio", "/watch/show_a", "/embed-example"))


async def test_hashed_assets_live_for_ever_and_the_player_is_checked_each_time(static: Path) -> None:
    async with browser(static) as client:
        asset = await client.get("/assets/watch-abc123.js")
        player = await client.get("/player.js")
        again = await client.get("/player.js", headers={"If-None-Match": player.headers["etag"]})
    assert "immutable" in asset.headers["cache-control"]
    assert player.headers["cache-control"] == "no-cache"
    assert player.headers["cross-origin-resource-policy"] == "cross-origin"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/watch.html", "/.built", "/assets/../index.html", "/assets/%2e%2e/index.html", "/nope.js", "/assets"]
)
async def test_nothing_else_is_a_page(path: str, static: Path) -> None:
    async with browser(static) as client:
        assert (await client.get(path)).status_code == 404


async def test_without_a_build_the_pages_say_how_to_make_one(tmp_path: Path) -> None:
    async with browser(tmp_path / "nothing") as client:
        page = await client.get("/watch/show_a")
        assert page.status_code == 503
        assert "make run" in page.text
        assert page.headers["retry-after"]
        assert (await client.get("/player.js")).status_code == 404


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#FF5A36").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_kept_under_its_content_and_served_for_ever() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        auth = server.auth(shop.brand)
        sent = {"file": ("holiday.jpg", picture(), "image/jpeg")}  # the name lies; the bytes count
        first = await server.http.post("/api/pictures", files=sent, headers=auth)
        assert first.status_code == 201, first.text
        assert first.json() == {"url": first.json()["url"], "width_px": 40, "height_px": 30}
        assert (await server.http.post("/api/pictures", files=sent, headers=auth)).json() == first.json()
        served = await server.http.get(first.json()["url"])
        assert served.content == picture()
        assert served.headers["content-type"] == "image/png"
        assert "immutable" in served.headers["cache-control"]
        assert served.headers["x-content-type-options"] == "nosniff"
        assert served.headers["cross-origin-resource-policy"] == "cross-origin"
        assert refused(await server.http.get("/pictures/" + "0" * 40 + ".png"), 404) == "not_found"
        viewer = server.auth(person("viewer"))
        assert refused(await server.http.post("/api/pictures", files=sent, headers=viewer), 403) == "forbidden"


async def test_ready_means_that_every_part_answers() -> None:
    async with running_server() as server:
        ready = await server.http.get("/readyz")
        assert (ready.status_code, ready.json()["parts"]["database"]) == (200, "ok")
        assert (await server.http.get("/healthz")).json() == {"status": "ok"}

    async def answers() -> None:
        return None

    async def is_lost() -> None:
        raise ConnectionError("gone")

    async def figures() -> dict[str, float]:
        return {"sessions": 3.0}

    health = Health({"database": answers, "valkey": is_lost}, Metrics(), figures)
    app = Starlette(routes=health.routes(), exception_handlers=HANDLERS)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://x") as client:
        lost = await client.get("/readyz")
        assert lost.status_code == 503
        assert lost.json() == {"status": "not ready", "parts": {"database": "ok", "valkey": "no answer"}}
        health.close()
        assert (await client.get("/readyz")).json()["status"] == "closing"
        assert "vitrine_media_sessions 3.0" in (await client.get("/metrics")).text
    far = httpx2.ASGITransport(app=app, client=("11.0.0.1", 1))
    async with httpx2.AsyncClient(transport=far, base_url="http://x") as client:
        assert refused(await client.get("/metrics"), 403) == "forbidden"


async def test_requests_are_counted_by_route_not_by_path() -> None:
    async with running_server() as server:
        for number in range(3):
            await server.http.get(f"/api/shows/show_{number}")
            await server.http.get(f"/nothing/{number}")
        text = (await server.http.get("/metrics")).text
    assert 'vitrine_http_requests_total{method="GET",route="/api/shows/{show_id}",status="404"} 3.0' in text
    assert "show_1" not in text
    assert "nothing" not in text


async def test_every_answer_has_an_id_and_a_given_one_is_kept_when_it_is_harmless() -> None:
    async with running_server() as server:
        made = await server.http.get("/healthz")
        assert made.headers["x-request-id"].startswith("req_")
        given = await server.http.get("/healthz", headers={"X-Request-Id": "trace-12345678"})
        assert given.headers["x-request-id"] == "trace-12345678"
        odd = await server.http.get("/healthz", headers={"X-Request-Id": "a b\tc"})
        assert odd.headers["x-request-id"].startswith("req_")


async def test_an_error_nobody_meant_gives_a_reference_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    async with running_server() as server:
        original = server.parts.shows.find

        async def broken(**_: object) -> object:
            raise ZeroDivisionError("secret detail")

        server.parts.shows.find = broken  # type: ignore[method-assign,assignment]
        answer = await server.http.get("/api/shows")
        server.parts.shows.find = original  # type: ignore[method-assign]
        assert refused(answer, 500) == "internal"
        assert answer.json()["detail"]["reference"].startswith("err_")
        assert "secret" not in answer.text
        assert "ZeroDivisionError" not in answer.text
    assert answer.json()["detail"]["reference"] in capsys.readouterr().out


async def test_cross_origin_rules_follow_the_list() -> None:
    async with running_server(choices=Choices(origins=("https://shop.example",))) as server:
        listed = await server.http.get("/api/shows", headers={"Origin": "https://shop.example"})
        assert listed.headers["access-control-allow-origin"] == "https://shop.example"
        assert "Origin" in listed.headers["vary"]
        other = await server.http.get("/api/shows", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        preflight = await server.http.options(
            "/api/guests", headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status_code == 200
        assert "idempotency-key" in preflight.headers["access-control-allow-headers"].lower()


async def test_the_rest_interface_describes_itself() -> None:
    async with running_server() as server:
        api = (await server.http.get("/api/openapi.json")).json()
    assert api["openapi"].startswith("3.1")
    assert {"/guests", "/me", "/shows", "/products/{product_id}", "/checkouts/{checkout_id}/payment"} <= set(
        api["paths"]
    )
    for path in api["paths"].values():
        for operation in path.values():
            assert operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")


def test_the_choices_cover_every_edge() -> None:
    assert {field.name for field in dataclasses.fields(Choices)} >= {"turn", "origins", "rates", "live", "checkouts"}
