"""Uploads with the client that the console uses, against the real edge."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from ar_assets.node_worker import find_node
from stream_server.app.choices import Choices
from stream_server.ids import UploadId
from stream_server.products3d.upload import UploadLimits
from tests.integration.web.server import running_server
from tests.integration.web.shop import stocked

ROOT = Path(__file__).parents[3]
PACKAGES = ROOT / "client_web" / "node_modules"
CHUNK = 64 * 1024


@pytest.mark.skipif(
    find_node() is None or not (PACKAGES / "tus-js-client").exists(), reason="needs Node and its packages"
)
async def test_tus_js_client_sends_loses_and_goes_on(tmp_path: Path) -> None:
    data = os.urandom(10 * CHUNK + 5)
    (tmp_path / "model").write_bytes(data)
    async with running_server(choices=Choices(uploads=UploadLimits(chunk_bytes=CHUNK, free_disk_bytes=0))) as server:
        shop = await stocked(server)
        body = {"name": "model.glb", "size_bytes": len(data)}
        made = (await server.http.post("/api/uploads", json=body, headers=server.auth(shop.brand))).json()
        node = find_node()
        assert node is not None
        client = await asyncio.create_subprocess_exec(
            node, str(Path(__file__).with_name("tus_client.mjs")), str(PACKAGES), server.url + made["location"],
            server.token(shop.brand), str(tmp_path / "model"), str(made["chunk_bytes"]),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await client.communicate()
        assert client.returncode == 0
        sent = json.loads(said)
        assert 0 < sent["first"] < sent["second"] == len(data)
        ports = server.parts.ports.models
        assert ports.incoming.path(UploadId(made["upload_id"])).read_bytes() == data
