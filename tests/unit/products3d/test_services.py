"""Uploads, jobs and publications: the rules, on stores in memory and a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from stream_server.clock import ManualClock
from stream_server.errors import NotFound, TooMany, Unavailable
from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId, VariantId
from stream_server.products3d.errors import (
    BadPublication,
    JobState,
    NotYourModel,
    UnknownJob,
    UnknownModel,
    UnknownUpload,
    UploadBusy,
    UploadIncomplete,
    UploadTooLarge,
    WrongOffset,
)
from stream_server.products3d.job import JobLimits, JobOrder, Problem
from stream_server.products3d.job_service import JobService
from stream_server.products3d.model import Lipstick, Publication, Shade, check_publication
from stream_server.products3d.model_service import ModelService, Wanted
from stream_server.products3d.upload import Upload, UploadLimits
from stream_server.products3d.upload_service import UploadService
from stream_server.products3d.work import JobWork
from stream_server.stores.live.job_queue import MemoryJobQueue
from stream_server.stores.model_files import FolderFileStore, IncomingFolder
from stream_server.stores.models_memory import MemoryJobStore, MemoryModelFacts, MemoryModelStore, MemoryUploadStore
from tests.unit.products3d.making import ANN, BRAND, RIVAL, model

CHAIR = ProductId("product_chair")
OAK = VariantId("variant_oak")
LIMITS = UploadLimits(max_bytes=100, chunk_bytes=40, open_per_brand=2, writes_per_brand=1, writes_in_total=2)


@dataclass(frozen=True)
class Sold:
    variant_id: VariantId


@dataclass(frozen=True)
class Chair:
    brand_id: BrandId = BRAND
    variants: Sequence[Sold] = (Sold(OAK),)


class Shelf:
    """One product, and who was told about it."""

    def __init__(self) -> None:
        self.told: list[ProductId] = []

    async def product(self, product_id: ProductId) -> Chair:
        if product_id != CHAIR:
            raise NotFound("product", product_id)
        return Chair()

    def product_changed(self, product_id: ProductId) -> None:
        self.told.append(product_id)


class DeafQueue(MemoryJobQueue):
    """A queue whose server is away."""

    async def push(self, job_id: JobId, rank: float) -> None:
        raise Unavailable(1)

    async def remove(self, job_id: JobId) -> None:
        raise Unavailable(1)


@dataclass
class House:
    folder: Path
    queue: MemoryJobQueue = field(default_factory=MemoryJobQueue)

    def __post_init__(self) -> None:
        self.clock, self.shelf, facts = ManualClock(), Shelf(), MemoryModelFacts()
        self.job_store, self.model_store = MemoryJobStore(facts), MemoryModelStore(facts)
        incoming = IncomingFolder(self.folder / "incoming", free_bytes=0)
        sources = FolderFileStore(self.folder / "sources")
        self.uploads = UploadService(MemoryUploadStore(facts), incoming, self.clock, LIMITS)
        self.jobs = JobService(
            self.job_store, self.queue, self.model_store, self.uploads, incoming, sources, self.shelf, self.clock,
            JobLimits(),
        )  # fmt: skip
        published = FolderFileStore(self.folder / "published")
        self.models = ModelService(self.model_store, published, self.shelf, self.shelf, self.clock)
        self.work = JobWork(self.job_store, self.queue, "worker", self.clock, JobLimits(attempts=2))

    async def announced(self, size: int = 60) -> Upload:
        return await self.uploads.announce(BRAND, ANN, "chair.glb", size)

    async def uploaded(self) -> UploadId:
        upload = await self.announced(60)
        await self.uploads.receive(upload.upload_id, BRAND, 0, stream(b"a" * 40))
        await self.uploads.receive(upload.upload_id, BRAND, 40, stream(b"b" * 20))
        return upload.upload_id


async def stream(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_upload_name_is_one_visible_line(house: House) -> None:
    named = await house.uploads.announce(BRAND, ANN, " ../\u202echair\n.glb", 5)
    assert "\n" not in named.name
    assert "\u202e" not in named.name
    assert (await house.uploads.announce(BRAND, ANN, "\n", 5)).name == "model"


async def test_what_arrived_stays_when_the_rest_is_refused(house: House) -> None:
    upload = await house.announced()
    with pytest.raises(UploadTooLarge):
        await house.uploads.receive(upload.upload_id, BRAND, 0, stream(b"a" * 40, b"b"))  # a piece beyond the chunk
    assert await house.uploads.get(upload.upload_id, BRAND) == (upload, 40)
    with pytest.raises(WrongOffset) as wrong:
        await house.uploads.receive(upload.upload_id, BRAND, 0, stream(b"a"))
    assert wrong.value.received_bytes == 40
    with pytest.raises(UploadTooLarge):
        await house.uploads.receive(upload.upload_id, BRAND, 40, stream(b"c" * 21))  # beyond the announced size
    with pytest.raises(UploadIncomplete):
        await house.uploads.complete(upload.upload_id, BRAND)


async def test_one_upload_is_written_by_one_request_and_a_brand_by_few(house: House) -> None:
    one, two = await house.announced(), await house.announced()

    async def at_once(upload_id: UploadId) -> AsyncIterator[bytes]:
        yield b"a"
        with pytest.raises(TooMany):
            await house.uploads.receive(upload_id, BRAND, 0, stream(b"b"))

    await house.uploads.receive(one.upload_id, BRAND, 0, at_once(two.upload_id))
    assert await house.uploads.receive(two.upload_id, BRAND, 0, stream(b"b")) == 1
    incoming = IncomingFolder(house.folder / "incoming", free_bytes=0)
    async with incoming.writer(one.upload_id):
        with pytest.raises(UploadBusy):
            async with incoming.writer(one.upload_id):
                pass


async def test_forgotten_and_foreign_uploads_are_unknown(house: House) -> None:
    upload = await house.announced()
    with pytest.raises(UnknownUpload):
        await house.uploads.get(upload.upload_id, RIVAL)
    assert (await house.uploads.get(upload.upload_id, None))[0] == upload
    house.clock.advance(LIMITS.lifetime_s)
    with pytest.raises(UnknownUpload):
        await house.uploads.get(upload.upload_id, BRAND)
    assert await house.uploads.sweep() == 1
    assert await house.uploads.sweep() == 0


async def test_job_begins_when_all_bytes_are_there_and_only_once(house: House) -> None:
    upload_id = await house.uploaded()
    started = await house.jobs.start(upload_id, JobOrder(), BRAND, CHAIR)
    assert await house.jobs.start(upload_id, JobOrder(), BRAND, CHAIR) == started
    with pytest.raises(UnknownUpload):
        await house.uploads.get(upload_id, BRAND)  # its bytes are the job's now
    assert (await house.jobs.ahead(started), started.source_bytes) == (0, 60)
    with pytest.raises(UnknownJob):
        await house.jobs.get(started.job_id, RIVAL)


@pytest.mark.parametrize("order", [JobOrder(category="lipstick"), JobOrder(stated_size_m=(1, 0, 1))])
async def test_order_that_makes_no_sense_is_refused(house: House, order: JobOrder) -> None:
    with pytest.raises(BadPublication):
        await house.jobs.start(UploadId("upload_x"), order, BRAND)


async def test_model_is_made_for_ones_own_product(house: House) -> None:
    rival = await house.uploads.announce(RIVAL, ANN, "x.glb", 1)
    await house.uploads.receive(rival.upload_id, RIVAL, 0, stream(b"a"))
    with pytest.raises(NotYourModel):
        await house.jobs.start(rival.upload_id, JobOrder(), RIVAL, CHAIR)


async def test_job_waits_in_the_store_when_the_queue_is_away(tmp_path: Path) -> None:
    house = House(tmp_path, DeafQueue())
    started = await house.jobs.start(await house.uploaded(), JobOrder(), BRAND)
    assert (await house.jobs.get(started.job_id, BRAND)).state == "queued"
    assert (await house.jobs.cancel(started.job_id, BRAND)).state == "cancelled"


async def test_ended_job_can_be_done_again_a_running_one_not(house: House) -> None:
    started = await house.jobs.start(await house.uploaded(), JobOrder(category="hat"), BRAND)
    with pytest.raises(JobState):
        await house.jobs.retry(started.job_id, None, BRAND)
    taken = await house.work.claim(0)
    assert taken is not None
    await house.work.refuse(taken, Problem("no_shape", "Nothing."))
    again = await house.jobs.retry(started.job_id, None, BRAND)
    assert (again.order, again.state, again.problem) == (started.order, "queued", None)
    assert again.job_id != started.job_id
    with pytest.raises(JobState):
        await house.jobs.cancel(started.job_id, BRAND)


async def test_worker_that_lost_its_job_is_not_listened_to(house: House) -> None:
    await house.jobs.start(await house.uploaded(), JobOrder(), BRAND)
    taken = await house.work.claim(0)
    assert taken is not None
    house.clock.advance(JobLimits().lease_s)
    await house.work.refill()
    again = await house.work.claim(0)
    assert again is not None
    assert again.attempts == 2
    assert await house.work.go_on(taken, "usdz", 0.5) is None
    assert not await house.work.succeed(taken, model())
    await house.work.refuse(taken, Problem("x", "y"))
    assert (await house.jobs.get(taken.job_id, BRAND)).state == "running"


async def test_job_that_loses_every_worker_is_given_up(house: House) -> None:
    started = await house.jobs.start(await house.uploaded(), JobOrder(), BRAND)
    for _ in range(2):
        assert await house.work.claim(0) is not None
        house.clock.advance(JobLimits().lease_s)
        await house.work.refill()
    assert await house.work.claim(0) is None
    ended = await house.jobs.get(started.job_id, BRAND)
    assert ended.problem is not None
    assert (ended.state, ended.problem.code) == ("failed", "worker_lost")


async def test_progress_never_falls_within_an_attempt(house: House) -> None:
    await house.jobs.start(await house.uploaded(), JobOrder(), BRAND)
    taken = await house.work.claim(0)
    assert taken is not None
    further = await house.work.go_on(taken, "optimise", 0.5)
    assert further is not None
    back = await house.work.go_on(further, None, 0.2)
    assert back is not None
    assert (back.step, back.fraction) == ("optimise", 0.5)


async def test_publishing_is_told_and_taken_back(house: House) -> None:
    house.model_store._models[model().model_id] = model()
    wanted = Wanted(model_id=model().model_id, variant_ids={"oak": OAK})
    shown = await house.models.publish(CHAIR, wanted, BRAND)
    assert (await house.models.published([CHAIR]))[CHAIR] == shown
    assert await house.models.shown_by([model()]) == {model().model_id: [CHAIR]}
    await house.models.unpublish(CHAIR, BRAND)
    await house.models.unpublish(CHAIR, BRAND)
    assert house.shelf.told == [CHAIR, CHAIR]
    assert await house.models.published([]) == {}


async def test_models_of_others_are_neither_seen_nor_published(house: House) -> None:
    theirs = model(brand_id=RIVAL)
    house.model_store._models[theirs.model_id] = theirs
    with pytest.raises(UnknownModel):
        await house.models.get(theirs.model_id, BRAND)
    with pytest.raises(UnknownModel):
        await house.models.publish(CHAIR, Wanted(model_id=theirs.model_id), None)  # not even by an admin's mistake
    with pytest.raises(NotYourModel):
        await house.models.publish(CHAIR, Wanted(model_id=theirs.model_id), RIVAL)
    with pytest.raises(UnknownModel):
        await house.jobs.write_anchors(ModelId("model_x"), [], BRAND)


@pytest.mark.parametrize(
    "change",
    [
        {"model": None},
        {"lipstick": Lipstick("satin", (Shade("Rose", "#aa0000"),))},
        {"variant_ids": {"oak": VariantId("variant_other")}},
        {"variant_ids": {"walnut": OAK}},
        {"poster_url": "https://elsewhere.example/x.webp"},
        {"model": None, "lipstick": Lipstick("satin", ())},
        {"model": None, "lipstick": Lipstick("satin", (Shade("Rose", "red"),))},
        {"model": None, "lipstick": Lipstick("satin", (Shade("Rose", "#aa0000", VariantId("variant_other")),))},
    ],
)
def test_publication_that_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    whole = Publication(CHAIR, model(), ManualClock().now(), variant_ids={"oak": OAK})
    check_publication(whole, [OAK])
    with pytest.raises(BadPublication):
        check_publication(replace(whole, **change), [OAK])


def test_a_file_is_mended_one_thing_after_the_other() -> None:
    first = JobOrder(category="hat", unit="inch", stated_size_m=(0.3, 0.1, 0.2))
    second = JobOrder(category="furniture", up="z", placement="floor").after(first)
    assert (second.category, second.placement) == ("furniture", "floor")
    assert (second.unit, second.up, second.stated_size_m) == ("inch", "z", (0.3, 0.1, 0.2))
    assert JobOrder(unit="m", up="y").after(second) == JobOrder(unit="m", up="y", stated_size_m=(0.3, 0.1, 0.2))
