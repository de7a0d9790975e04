"""Delivery of finished models: parts, conditions, types (RFC 9110 §13, §14)."""

from __future__ import annotations

from pathlib import Path

import pytest

from stream_server.web.model_files import byte_range
from tests.integration.web.server import running_server

DATA = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=1000-", (1000, 1024)),
        ("bytes=1000-99999", (1000, 1024)),
        ("bytes=-24", (1000, 1024)),
        ("bytes=-99999", (0, 1024)),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_range_is_understood(header: str | None, found: tuple[int, int] | None) -> None:
    assert byte_range(header, 1024) == found


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=-0"])
def test_range_outside_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="end"):
        byte_range(header, 1024)


async def test_file_is_served_whole_in_parts_and_not_again(tmp_path: Path) -> None:
    async with running_server() as server:
        (tmp_path / "x").write_bytes(DATA)
        kept = await server.parts.ports.models.published.keep(tmp_path / "x", "usdz")
        url = f"/models/{kept.sha256}/oak.usdz"
        whole = await server.http.get(url)
        assert (whole.status_code, whole.content) == (200, DATA)
        assert whole.headers["content-type"] == "model/vnd.usdz+zip"
        assert whole.headers["cross-origin-resource-policy"] == "cross-origin"
        etag = whole.headers["etag"]
        part = await server.http.get(url, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, DATA[10:20])
        assert part.headers["content-range"] == "bytes 10-19/1024"
        assert (await server.http.get(url, headers={"Range": "bytes=9999-"})).status_code == 416
        stale = await server.http.get(url, headers={"Range": "bytes=10-19", "If-Range": '"old"'})
        assert stale.status_code == 200
        assert (await server.http.get(url, headers={"If-None-Match": f'W/"x", {etag}'})).status_code == 304
        head = await server.http.head(url)
        assert (head.headers["content-length"], head.content) == ("1024", b"")


async def test_uploaded_bytes_are_never_served(tmp_path: Path) -> None:
    async with running_server() as server:
        (tmp_path / "x").write_bytes(DATA)
        models = server.parts.ports.models
        for suffix in ("bin", "glb"):
            source = await models.sources.keep(tmp_path / "x", suffix)
            assert (await server.http.get(f"/models/{source.sha256}/x.glb")).status_code == 404
            assert (await server.http.get(f"/models/{source.sha256}/x.bin")).status_code == 404


@pytest.mark.parametrize(
    "path", ["x/y.glb", f"{'0' * 64}/..%2f..%2fsecret.glb", f"{'0' * 64}/y.html", f"{'A' * 64}/y.glb"]
)
async def test_other_names_are_not_there(path: str) -> None:
    async with running_server() as server:
        assert (await server.http.get(f"/models/{path}")).status_code == 404
