from __future__ import annotations

from stream_server.web.cross_origin import may_connect
from stream_server.web.page_headers import PageOptions, page_headers


def policy(headers: dict[str, str]) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_scripts_come_from_us_alone() -> None:
    found = policy(page_headers(PageOptions(), "live.example", framing="ourselves"))
    assert found["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert found["default-src"] == "'self'"
    assert found["connect-src"] == "'self' blob: ws://live.example wss://live.example"
    assert found["object-src"] == "'none'"


def test_a_host_header_cannot_write_into_the_policy() -> None:
    for host in ("evil; script-src *", "a b", "x'y", "", None):
        found = policy(page_headers(PageOptions(), host, framing="ourselves"))
        assert found["connect-src"] == "'self' blob:"


def test_a_page_may_ask_only_for_the_devices_it_needs() -> None:
    studio = page_headers(PageOptions(), "h", framing="nobody", devices="camera and microphone")["Permissions-Policy"]
    mirror = page_headers(PageOptions(), "h", framing="ourselves", devices="camera")["Permissions-Policy"]
    console = page_headers(PageOptions(), "h", framing="ourselves")["Permissions-Policy"]
    assert "camera=(self), microphone=(self)" in studio
    assert "camera=(self), microphone=()" in mirror
    assert "camera=(), microphone=()" in console


def test_who_may_frame_what() -> None:
    listed = PageOptions(shop_origins=("https://shop.example",))
    assert policy(page_headers(listed, "h", framing="nobody"))["frame-ancestors"] == "'none'"
    assert policy(page_headers(listed, "h", framing="ourselves"))["frame-ancestors"] == "'self'"
    assert policy(page_headers(listed, "h", framing="shops"))["frame-ancestors"] == "'self' https://shop.example"
    assert policy(page_headers(PageOptions(), "h", framing="shops"))["frame-ancestors"] == "*"


def test_which_pages_may_open_the_live_channel() -> None:
    assert may_connect(["*"], "https://any.example", "live.example")
    assert may_connect(["https://shop.example"], "https://shop.example", "live.example")
    assert may_connect(["https://shop.example"], "https://live.example", "live.example")
    assert may_connect(["https://shop.example"], None, "live.example")
    assert not may_connect(["https://shop.example"], "https://evil.example", "live.example")
    assert not may_connect([], "null", "live.example")
