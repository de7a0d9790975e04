"""From an upload to a published model over HTTP, with everything that can go wrong on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from stream_server.app.choices import Choices
from stream_server.audience.people import Person
from stream_server.ids import BrandId, JobId, ModelId
from stream_server.products3d.job import JobLimits, Problem
from stream_server.products3d.model import ModelFile
from stream_server.products3d.upload import UploadLimits
from stream_server.products3d.work import JobWork
from tests.integration.web.server import Server, person, running_server
from tests.integration.web.shop import stocked
from tests.unit.products3d.making import model

TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
SMALL = Choices(
    uploads=UploadLimits(max_bytes=1000, chunk_bytes=400, open_per_brand=3, open_in_total=4, free_disk_bytes=0)
)
"""Uploads small enough to test every bound."""


async def announce(server: Server, who: Person, size: int = 900, **more: Any) -> Any:
    body = {"name": "chair.glb", "size_bytes": size}
    return await server.http.post("/api/uploads", json=body, headers=server.auth(who), **more)


async def patch(server: Server, who: Person, location: str, offset: int, data: bytes, **headers: str) -> Any:
    head = {**server.auth(who), **TUS, "Upload-Offset": str(offset), **headers}
    return await server.http.patch(location, content=data, headers=head)


async def uploaded(server: Server, who: Person, data: bytes = b"x" * 900) -> str:
    upload = (await announce(server, who, len(data))).json()
    for start in range(0, len(data), 400):
        sent = await patch(server, who, upload["location"], start, data[start : start + 400])
        assert sent.status_code == 204
    return str(upload["upload_id"])


def work_of(server: Server) -> JobWork:
    ports = server.parts.ports
    return JobWork(ports.models.jobs, ports.models.queue, "worker", ports.clock, JobLimits())


async def finished(server: Server, tmp_path: Any) -> ModelId:
    """What a worker does with the next job: a model of one small file."""
    work = work_of(server)
    job = await work.claim(1)
    assert job is not None
    path = tmp_path / "web.glb"
    path.write_bytes(b"glTF" + bytes(range(100)))
    kept = await server.parts.ports.models.published.keep(path, "glb")
    made = model("made", job.brand_id, job_id=job.job_id, source_sha256=job.source_sha256)
    files = {"web.glb": kept, "poster.webp": ModelFile("03" * 32, "webp", 5)}
    assert await work.succeed(job, replace(made, files=files, report={"pictures": {"after": "poster.webp"}}))
    return made.model_id


async def test_upload_goes_on_where_it_stopped() -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        made = await announce(server, shop.brand)
        assert made.status_code == 201
        upload = made.json()
        assert (upload["received_bytes"], upload["chunk_bytes"]) == (0, 400)
        assert (await patch(server, shop.brand, upload["location"], 0, b"a" * 400)).headers["upload-offset"] == "400"
        head = await server.http.head(upload["location"], headers={**server.auth(shop.brand), **TUS})
        assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("400", "900")
        again = await patch(server, shop.brand, upload["location"], 0, b"a" * 400)
        assert (again.status_code, again.json()["detail"]) == (409, {"received_bytes": 400})
        early = await server.http.post(
            "/api/model-jobs", json={"upload_id": upload["upload_id"]}, headers=server.auth(shop.brand)
        )
        assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "application/json"}, 415),
        ({"Upload-Offset": "minus one"}, 400),
        ({"Content-Length": "99999"}, 413),
        ({"Authorization": "Bearer nonsense"}, 401),
    ],
)
async def test_what_is_no_tus_is_refused(change: dict[str, str], status: int) -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        upload = (await announce(server, shop.brand)).json()
        data = b"a" * 99999 if status == 413 else b"a"
        refused = await patch(server, shop.brand, upload["location"], 0, data, **change)
        assert refused.status_code == status


async def test_bytes_beyond_the_announced_size_are_not_taken() -> None:
    async def more() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"a" * 100

    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        upload = (await announce(server, shop.brand, 250)).json()
        head = {**server.auth(shop.brand), **TUS, "Upload-Offset": "0"}
        refused = await server.http.patch(upload["location"], content=more(), headers=head)
        assert refused.status_code == 413
        assert (await announce(server, shop.brand, 1001)).json()["code"] == "upload_too_large"


async def test_slow_upload_is_ended_and_can_go_on() -> None:
    quick = replace(SMALL, uploads=replace(SMALL.uploads, idle_s=0.2))

    async def drip() -> AsyncIterator[bytes]:
        yield b"abc"
        await asyncio.sleep(1)
        yield b"never"

    async with running_server(choices=quick) as server:
        shop = await stocked(server)
        upload = (await announce(server, shop.brand)).json()
        head = {**server.auth(shop.brand), **TUS, "Upload-Offset": "0"}
        slow = await server.http.patch(upload["location"], content=drip(), headers=head)
        assert (slow.status_code, slow.json()["code"]) == (408, "slow_request")
        found = await server.http.get(f"/api/uploads/{upload['upload_id']}", headers=server.auth(shop.brand))
        assert found.json()["received_bytes"] == 3


async def test_flood_of_uploads_leaves_room_for_others() -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(announce(server, shop.brand)) for _ in range(50)]
        answers = [task.result() for task in asked]
        assert sum(answer.status_code == 201 for answer in answers) == 3
        refused = next(answer for answer in answers if answer.status_code != 201)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
        other = await server.parts.shop.catalogue.put_brand("other", "Other")
        assert (await announce(server, person("brand", other.brand_id))).status_code == 201


async def test_models_are_for_brands_only_and_each_sees_its_own() -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        for stranger in (person("viewer"), person("host"), person("moderator")):
            assert (await announce(server, stranger)).status_code == 403
        upload = (await announce(server, shop.brand)).json()
        rival = person("brand", BrandId("brand_rival"))
        for request in (
            server.http.get(f"/api/uploads/{upload['upload_id']}", headers=server.auth(rival)),
            server.http.delete(upload["location"], headers=server.auth(rival)),
            patch(server, rival, upload["location"], 0, b"a"),
        ):
            assert (await request).status_code == 404
        assert (await server.http.delete(upload["location"], headers=server.auth(shop.brand))).status_code == 204
        assert (await server.http.get("/api/model-jobs")).status_code == 401


async def test_from_upload_to_a_product_in_3d(tmp_path: Any) -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        auth = server.auth(shop.brand)
        order = {"category": "furniture", "stated_size_m": [0.5, 0.9, 0.6], "product_id": shop.product.product_id}
        asked = {"upload_id": await uploaded(server, shop.brand), **order}
        job = (await server.http.post("/api/model-jobs", json=asked, headers=auth)).json()
        assert (job["state"], job["category"], job["source_bytes"], job["ahead"]) == ("queued", "furniture", 900, 0)
        again = await server.http.post("/api/model-jobs", json=asked, headers=auth)
        assert again.json()["job_id"] == job["job_id"]  # an answer that was lost on the way

        model_id = await finished(server, tmp_path)
        done = (await server.http.get(f"/api/model-jobs/{job['job_id']}", headers=auth)).json()
        assert (done["state"], done["model_id"], done["fraction"]) == ("done", model_id, 1.0)
        listed = (await server.http.get("/api/models", headers=auth)).json()
        assert [found["model_id"] for found in listed] == [model_id]
        assert listed[0]["report"]["pictures"]["after"].endswith("/poster.webp")

        product_url = f"/api/products/{shop.product.product_id}"
        assert (await server.http.get(product_url)).json()["model"] is None
        shown = await server.http.put(
            f"{product_url}/model",
            json={"model_id": model_id, "variant_ids": {"oak": shop.variant_id}},
            headers=auth,
        )
        assert shown.status_code == 200
        product = (await server.http.get(product_url)).json()
        assert product["has_3d"]
        assert product["model"] == shown.json()
        assert product["model"]["variants"][0]["variant_id"] == shop.variant_id
        assert product["model"]["placement"] == "floor"

        file = await server.http.get(product["model"]["glb_url"])
        assert file.headers["content-type"] == "model/gltf-binary"
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in file.headers["cache-control"]
        assert file.content.startswith(b"glTF")

        in_use = await server.http.delete(f"/api/models/{model_id}", headers=auth)
        assert (in_use.status_code, in_use.json()["code"]) == (409, "model_in_use")
        assert (await server.http.delete(f"{product_url}/model", headers=auth)).status_code == 204
        assert (await server.http.delete(f"/api/models/{model_id}", headers=auth)).status_code == 204
        assert (await server.http.get(product["model"]["glb_url"])).status_code == 404


async def test_lipstick_is_published_by_its_shades() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        url, auth = f"/api/products/{shop.product.product_id}/model", server.auth(shop.brand)
        shade = {"name": "Rosewood", "shade": "#a1503f", "variant_id": shop.variant_id}
        shown = await server.http.put(url, json={"lipstick": {"finish": "satin", "shades": [shade]}}, headers=auth)
        assert shown.status_code == 200
        product = (await server.http.get(f"/api/products/{shop.product.product_id}")).json()["model"]
        assert (product["category"], product["glb_url"]) == ("lipstick", None)
        assert product["lipstick"]["shades"] == [shade]
        for wrong in (
            {},
            {"lipstick": {"finish": "satin", "shades": [{**shade, "variant_id": "variant_strange"}]}},
            {"lipstick": {"finish": "satin", "shades": [shade]}, "model_id": "model_x"},
        ):
            assert (await server.http.put(url, json=wrong, headers=auth)).status_code in (404, 422)
        rival = server.auth(person("brand", BrandId("brand_rival")))
        refused = await server.http.put(url, json={"lipstick": {"finish": "matte", "shades": [shade]}}, headers=rival)
        assert refused.status_code == 403


async def test_job_is_cancelled_and_tried_again(tmp_path: Any) -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        auth = server.auth(shop.brand)
        asked = {"upload_id": await uploaded(server, shop.brand), "category": "hat"}
        job = (await server.http.post("/api/model-jobs", json=asked, headers=auth)).json()
        url = f"/api/model-jobs/{job['job_id']}"
        assert (await server.http.post(f"{url}/cancel", headers=auth)).json()["state"] == "cancelled"
        assert (await server.http.post(f"{url}/cancel", headers=auth)).json()["state"] == "cancelled"
        assert await work_of(server).claim(0.01) is None
        again = await server.http.post(f"{url}/retry", json={"category": "hat", "unit": "cm"}, headers=auth)
        assert (again.status_code, again.json()["state"]) == (201, "queued")
        taken = await work_of(server).claim(1)
        assert taken is not None
        assert (taken.job_id, taken.order.unit) == (again.json()["job_id"], "cm")
        await work_of(server).refuse(taken, Problem("no_triangles", "There is nothing to see in this file."))
        refused = (await server.http.get(f"/api/model-jobs/{taken.job_id}", headers=auth)).json()
        assert (refused["state"], refused["problem"]["code"]) == ("refused", "no_triangles")


async def test_anchors_are_written_by_a_quick_job(tmp_path: Any) -> None:
    async with running_server(choices=SMALL) as server:
        shop = await stocked(server)
        auth = server.auth(shop.brand)
        asked = {"upload_id": await uploaded(server, shop.brand), "category": "furniture"}
        await server.http.post("/api/model-jobs", json=asked, headers=auth)
        model_id = await finished(server, tmp_path)
        anchor = {"name": "floor_contact", "position": [0, 0, 0.1], "rotation": [0, 0, 0, 1]}
        url = f"/api/models/{model_id}/anchors"
        job = (await server.http.put(url, json={"anchors": [anchor]}, headers=auth)).json()
        assert (job["kind"], job["state"]) == ("anchors", "queued")
        taken = await work_of(server).claim(1)
        assert taken is not None
        assert (taken.job_id, taken.base_model_id) == (JobId(job["job_id"]), model_id)
        wrong = {**anchor, "position": [0, 0, "NaN"]}
        assert (await server.http.put(url, json={"anchors": [wrong]}, headers=auth)).status_code == 422
