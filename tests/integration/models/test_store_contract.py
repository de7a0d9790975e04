"""What every store of uploads, jobs and models does: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId, VariantId
from stream_server.products3d.errors import ModelInUse, TooManyJobs, TooManyUploads, UnknownModel
from stream_server.products3d.job import Job, JobLimits, JobOrder, Problem
from stream_server.products3d.model import Lipstick, ModelFile, Publication, Shade
from stream_server.products3d.ports import Superseded
from tests.integration.models.conftest import CHAIR, LAMP, Opener, Stores
from tests.unit.products3d.making import BRAND, NOON, RIVAL, job, model, upload

LATER = NOON + timedelta(seconds=10)


async def added(stores: Stores, name: str, brand_id: BrandId = BRAND, **changes: Any) -> Job:
    return await stores.jobs.add(job(name, brand_id, **changes), 10, 10)


async def running(stores: Stores, name: str = "one") -> Job:
    waiting = await added(stores, name)
    taken = waiting.claimed("worker_a", NOON, 20)
    await stores.jobs.step(waiting, taken)
    return taken


async def finished(stores: Stores, name: str = "one", **changes: Any) -> None:
    taken = await running(stores, name)
    made = model(name, **changes)
    await stores.jobs.finish(taken, taken.done(made.model_id, LATER), made)


async def test_upload_is_found_again_until_it_is_removed(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await stores.uploads.add(upload(), 5, 5)
        assert await stores.uploads.load(upload().upload_id) == upload()
        assert await stores.uploads.load(UploadId("upload_other")) is None
        await stores.uploads.remove(upload().upload_id)
        await stores.uploads.remove(upload().upload_id)
        assert await stores.uploads.load(upload().upload_id) is None


async def test_uploads_are_bounded_per_brand_and_in_total(open_stores: Opener) -> None:
    async with open_stores() as stores:
        for name in ("a", "b"):
            await stores.uploads.add(upload(name), 2, 3)
        with pytest.raises(TooManyUploads) as of_brand:
            await stores.uploads.add(upload("c"), 2, 3)
        assert of_brand.value.limit == 2
        await stores.uploads.add(upload("d", RIVAL), 2, 3)
        with pytest.raises(TooManyUploads) as of_all:
            await stores.uploads.add(upload("e", RIVAL), 2, 3)
        assert of_all.value.limit == 3


async def test_expired_uploads_make_room_and_are_named(open_stores: Opener) -> None:
    async with open_stores() as stores:
        old = upload("old", created_at=NOON - timedelta(days=2), expires_at=NOON - timedelta(days=1))
        await stores.uploads.add(old, 1, 1)
        await stores.uploads.add(upload("new"), 1, 1)
        assert await stores.uploads.expired(NOON, 10) == [old]
        assert await stores.uploads.expired(NOON, 0) == []


async def test_job_comes_back_as_it_was(open_stores: Opener) -> None:
    async with open_stores() as stores:
        order = JobOrder(
            category="hat",
            placement="table",
            anchors=({"name": "front", "position": [0.0, 1.0, 0.5], "rotation": [0.0, 0.0, 0.0, 1.0]},),
        )
        plain = await added(stores, "plain")
        full = await added(stores, "full", kind="anchors", order=order, product_id=CHAIR, base_model_id=ModelId("m"))
        assert await stores.jobs.load(plain.job_id) == plain
        assert await stores.jobs.load(full.job_id) == full
        assert await stores.jobs.load(JobId("job_other")) is None


async def test_jobs_are_bounded_per_brand_and_in_total(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await stores.jobs.add(job("a"), 1, 2)
        with pytest.raises(TooManyJobs):
            await stores.jobs.add(job("b"), 1, 2)
        await stores.jobs.add(job("c", RIVAL), 1, 2)
        with pytest.raises(TooManyJobs):
            await stores.jobs.add(job("d", RIVAL), 5, 2)


async def test_each_job_of_a_brand_waits_behind_first_ones_of_others(open_stores: Opener) -> None:
    async with open_stores() as stores:
        flood = [await added(stores, f"flood{number}") for number in range(5)]
        other = await added(stores, "other", RIVAL, created_at=LATER)
        quick = await added(stores, "quick", kind="anchors")
        order = [known.job_id for known in await stores.jobs.waiting(LATER, 10)]
        assert order == [quick.job_id, flood[0].job_id, other.job_id, *(known.job_id for known in flood[1:])]
        assert await stores.jobs.ahead(other.rank) == 2


async def test_jobs_are_listed_newest_first_and_by_brand(open_stores: Opener) -> None:
    async with open_stores() as stores:
        old = await added(stores, "old")
        new = await added(stores, "new", created_at=LATER)
        theirs = await added(stores, "theirs", RIVAL, created_at=LATER + timedelta(seconds=1))
        assert await stores.jobs.list_jobs(BRAND, 10) == [new, old]
        assert await stores.jobs.list_jobs(None, 2) == [theirs, new]


async def test_only_one_worker_gets_a_job(open_stores: Opener) -> None:
    async with open_stores() as stores:
        waiting = await added(stores, "one")
        await stores.jobs.step(waiting, waiting.claimed("worker_a", NOON, 20))
        with pytest.raises(Superseded):
            await stores.jobs.step(waiting, waiting.claimed("worker_b", NOON, 20))


async def test_progress_does_not_hide_that_a_job_was_cancelled(open_stores: Opener) -> None:
    async with open_stores() as stores:
        taken = await running(stores)
        further = taken.advanced("optimise", 0.4, LATER, 20)
        await stores.jobs.step(taken, further)
        seen = await stores.jobs.load(taken.job_id)
        assert seen is not None
        assert (seen.step, seen.fraction) == ("optimise", 0.4)
        await stores.jobs.step(seen, seen.cancelled(LATER))
        with pytest.raises(Superseded):
            await stores.jobs.step(further, further.advanced("usdz", 0.7, LATER, 20))


async def test_job_of_a_lost_worker_waits_again(open_stores: Opener) -> None:
    async with open_stores() as stores:
        taken = await running(stores)
        assert await stores.jobs.waiting(NOON + timedelta(seconds=19), 10) == []
        assert await stores.jobs.waiting(NOON + timedelta(seconds=20), 10) == [taken]


async def test_problem_is_kept_with_its_facts(open_stores: Opener) -> None:
    async with open_stores() as stores:
        taken = await running(stores)
        problem = Problem("too_many_nodes", "The file has 300000 nodes.", {"nodes": 300000})
        await stores.jobs.step(taken, taken.refused(problem, LATER))
        ended = await stores.jobs.load(taken.job_id)
        assert ended is not None
        assert (ended.state, ended.problem, ended.finished_at) == ("refused", problem, LATER)
        assert await stores.jobs.waiting(NOON + timedelta(days=1), 10) == []


async def test_model_is_there_when_its_job_is_done(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await finished(stores)
        assert await stores.models.load(model().model_id) == model()
        done = await stores.jobs.load(model().job_id)
        assert done is not None
        assert (done.state, done.model_id, done.fraction) == ("done", model().model_id, 1.0)


async def test_model_of_a_lost_job_is_not_kept(open_stores: Opener) -> None:
    async with open_stores() as stores:
        taken = await running(stores)
        await stores.jobs.step(taken, taken.cancelled(LATER))
        with pytest.raises(Superseded):
            await stores.jobs.finish(taken, taken.done(model().model_id, LATER), model())
        assert await stores.models.load(model().model_id) is None


async def test_models_are_listed_newest_first(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await finished(stores, "old")
        await finished(stores, "new", created_at=LATER)
        assert [made.model_id for made in await stores.models.list_models(BRAND, 5)] == ["model_new", "model_old"]
        assert await stores.models.list_models(RIVAL, 5) == []
        assert len(await stores.models.list_models(None, 1)) == 1


async def test_product_shows_what_was_published_last(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await finished(stores, "old")
        await finished(stores, "new")
        first = Publication(CHAIR, model("old"), NOON, variant_ids={"oak": VariantId("variant_1")})
        second = Publication(CHAIR, model("new"), LATER, poster_url=f"/pictures/{'a' * 40}.webp")
        await stores.models.publish(first)
        assert await stores.models.published([CHAIR, LAMP]) == {CHAIR: first}
        await stores.models.publish(second)
        assert await stores.models.published([CHAIR]) == {CHAIR: second}
        assert await stores.models.shown_by([model("old").model_id, model("new").model_id]) == {
            model("new").model_id: [CHAIR]
        }
        assert await stores.models.unpublish(CHAIR)
        assert not await stores.models.unpublish(CHAIR)
        assert await stores.models.published([CHAIR]) == {}


async def test_lipstick_is_shown_without_a_model(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lipstick = Lipstick("satin", (Shade("Rosewood", "#a1503f", VariantId("variant_1")), Shade("Plum", "#5b2440")))
        shown = Publication(LAMP, None, NOON, lipstick=lipstick)
        await stores.models.publish(shown)
        assert await stores.models.published([LAMP]) == {LAMP: shown}


async def test_model_that_is_shown_cannot_be_removed(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await finished(stores)
        await stores.models.publish(Publication(CHAIR, model(), NOON))
        with pytest.raises(ModelInUse):
            await stores.models.remove(model().model_id)
        assert await stores.models.load(model().model_id) is not None


async def test_removing_a_model_spares_the_files_of_others(open_stores: Opener) -> None:
    async with open_stores() as stores:
        shared, own = ModelFile("01" * 32, "glb", 300), ModelFile("09" * 32, "webp", 9)
        await finished(stores, "one", files={"web.glb": shared, "poster.webp": own})
        await finished(stores, "two", files={"web.glb": shared}, source_sha256="cd" * 32)
        assert await stores.models.remove(ModelId("model_one")) == [own]
        assert await stores.models.remove(ModelId("model_two")) == [shared]
        assert await stores.models.remove(ModelId("model_two")) == []


async def test_removed_model_cannot_be_published(open_stores: Opener) -> None:
    async with open_stores() as stores:
        with pytest.raises(UnknownModel):
            await stores.models.publish(Publication(ProductId(CHAIR), model(), NOON))


def test_lost_job_is_tried_again_until_it_is_given_up() -> None:
    limits, lost = JobLimits(attempts=2), Problem("worker_lost", "Lost.")
    first = job().claimed("a", NOON, 20)
    again = first.broke(lost, LATER, limits)
    assert (again.state, again.attempts, again.problem) == ("queued", 1, lost)
    ended = again.claimed("a", LATER, 20).broke(lost, LATER, limits)
    assert (ended.state, ended.problem, ended.finished_at) == ("failed", lost, LATER)
    assert replace(first, attempts=0).broke(lost, LATER, limits, may_help=False).state == "failed"
