"""The worker: what a job's process does never costs more than its job."""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from stream_server.asset_jobs.runner import Broken, Made, Outcome, Progress, Turned, command, run_job
from stream_server.asset_jobs.sandbox import Confinement, SandboxLimits
from stream_server.asset_jobs.worker import AssetWorker, WorkerOptions
from stream_server.clock import SystemClock
from stream_server.ids import JobId
from stream_server.products3d.job import Job, JobLimits, State
from stream_server.products3d.work import JobWork
from stream_server.stores.live.job_queue import MemoryJobQueue
from stream_server.stores.model_files import FolderFileStore
from stream_server.stores.models_memory import MemoryJobStore, MemoryModelFacts, MemoryModelStore
from tests.unit.products3d.making import facts, job

QUICK = WorkerOptions(wait_s=0.05, heartbeat_s=0.05, refill_s=0.05, limits=SandboxLimits(wall_s=5))

LISTEN = """
import json, os, sys, time
request = json.loads(sys.stdin.readline())
say = lambda **fields: print(json.dumps(fields), flush=True)
"""
HANG = LISTEN + "say(type='step', step='optimise', fraction=0.3); time.sleep(60)"
DIE = LISTEN + "os.kill(os.getpid(), 9)"
REFUSE = LISTEN + "say(type='refused', code='no_shape', message='Nothing to see.', detail={'count': 0})"
NONSENSE = LISTEN + "print('x' * 100_000, flush=True); time.sleep(60)"
LITTER = LISTEN + "os.makedirs('out'); open('out/evil.sh', 'w').write('x'); say(type='done')"
MAKE = LISTEN + textwrap.dedent("""
    import struct
    os.makedirs('out/usdz')
    open('out/web.glb', 'wb').write(struct.pack('<4sII', b'glTF', 2, 12))
    open('out/usdz/oak.usdz', 'wb').write(b'PK\\x03\\x04')
    open('out/poster.webp', 'wb').write(b'RIFF\\x04\\0\\0\\0WEBP')
    json.dump(FACTS, open('out/facts.json', 'w'))
    json.dump({'schema': 1}, open('out/report.json', 'w'))
    say(type='done')
""").replace("FACTS", json.dumps(facts()).replace("null", "None"))


@dataclass
class House:
    """A worker on stores in memory, with a stand-in for the program that makes models."""

    jobs: MemoryJobStore
    models: MemoryModelStore
    work: JobWork
    worker: AssetWorker
    published: FolderFileStore
    sources: FolderFileStore
    folder: Path

    async def ordered(self, name: str = "one", data: bytes = b"anything", **more: Any) -> Job:
        (self.folder / "upload").write_bytes(data)
        source = await self.sources.keep(self.folder / "upload", "bin")
        added = await self.jobs.add(job(name, source_sha256=source.sha256, **more), 100, 100)
        await self.work.refill()
        return added

    async def ended(self, job_id: JobId, *states: State, within_s: float = 15) -> Job:
        async with asyncio.timeout(within_s):
            while True:
                found = await self.jobs.load(job_id)
                assert found is not None
                if found.state in (states or ("done", "refused", "failed", "cancelled")):
                    return found
                await asyncio.sleep(0.02)


@asynccontextmanager
async def working(
    folder: Path, program: str | None, options: WorkerOptions = QUICK, limits: JobLimits | None = None
) -> AsyncIterator[House]:
    """A worker at work; with None for ``program`` it runs what it runs in earnest."""
    stored, queue, clock = MemoryModelFacts(), MemoryJobQueue(), SystemClock()
    jobs, models = MemoryJobStore(stored), MemoryModelStore(stored)
    sources, published = FolderFileStore(folder / "sources"), FolderFileStore(folder / "published")
    work = JobWork(jobs, queue, "worker_a", clock, limits or JobLimits(attempts=2))
    argv = command if program is None else lambda: [sys.executable, "-c", program]
    worker = AssetWorker(work, models, sources, published, clock, options, argv)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        yield House(jobs, models, work, worker, published, sources, folder)
        running.cancel()


async def test_model_is_kept_with_its_files(tmp_path: Path) -> None:
    async with working(tmp_path, MAKE) as house:
        done = await house.ended((await house.ordered()).job_id)
        assert done.state == "done"
        assert done.model_id is not None
        model = await house.models.load(done.model_id)
        assert model is not None
        assert set(model.files) == {"web.glb", "usdz/oak.usdz", "poster.webp"}
        assert await house.published.size(model.files["web.glb"].sha256, "glb") == 12


async def test_killed_process_costs_its_job_only(tmp_path: Path) -> None:
    async with working(tmp_path, DIE) as house:
        lost = await house.ended((await house.ordered()).job_id)
        assert (lost.state, lost.attempts) == ("failed", 2)
        assert lost.problem is not None
        assert (lost.problem.code, lost.problem.detail["status"]) == ("worker_died", -9)
        assert (await house.ended((await house.ordered("two")).job_id)).state == "failed"


async def test_hanging_process_is_ended_and_given_up(tmp_path: Path) -> None:
    short = replace(QUICK, limits=SandboxLimits(wall_s=0.4))
    async with working(tmp_path, HANG, short) as house:
        ordered = await house.ordered()
        seen = await house.ended(ordered.job_id, "running")
        ended = await house.ended(ordered.job_id)
        assert seen.worker == "worker_a"
        assert ended.problem is not None
        assert (ended.state, ended.problem.code, ended.attempts) == ("failed", "took_too_long", 2)


async def test_refused_file_is_not_tried_again(tmp_path: Path) -> None:
    async with working(tmp_path, REFUSE) as house:
        ended = await house.ended((await house.ordered()).job_id)
        assert (ended.state, ended.attempts) == ("refused", 1)
        assert ended.problem is not None
        assert (ended.problem.code, ended.problem.detail) == ("no_shape", {"count": 0})


@pytest.mark.parametrize(("program", "code"), [(NONSENSE, "worker_confused"), (LITTER, "bad_output")])
async def test_process_that_was_taken_over_leaves_nothing(tmp_path: Path, program: str, code: str) -> None:
    async with working(tmp_path, program) as house:
        ended = await house.ended((await house.ordered()).job_id)
        assert ended.problem is not None
        assert (ended.state, ended.problem.code) == ("failed", code)
        assert not (tmp_path / "published").exists()


async def test_cancelled_job_ends_its_process(tmp_path: Path) -> None:
    async with working(tmp_path, HANG) as house:
        ordered = await house.ordered()
        running = await house.ended(ordered.job_id, "running")
        async with asyncio.timeout(10):
            while running.fraction == 0:
                await asyncio.sleep(0.02)
                running = await house.ended(ordered.job_id, "running")
        await house.jobs.step(running, running.cancelled(SystemClock().now()))
        other = await house.ordered("two")
        assert (await house.ended(other.job_id, "running")).job_id == other.job_id  # the slot is free again


async def test_stopped_worker_puts_its_job_back(tmp_path: Path) -> None:
    async with working(tmp_path, HANG) as house:
        ordered = await house.ordered()
        await house.ended(ordered.job_id, "running")
    back = await house.jobs.load(ordered.job_id)
    assert back is not None
    assert (back.state, back.attempts, back.worker) == ("queued", 0, None)


async def test_job_of_a_worker_that_vanished_is_done_by_another(tmp_path: Path) -> None:
    async with working(tmp_path, MAKE) as house:
        clock = SystemClock()
        added = await house.jobs.add(job("lost", source_sha256="ab" * 32), 100, 100)
        source = tmp_path / "x"
        source.write_bytes(b"x")
        kept = await house.sources.keep(source, "bin")
        house.jobs._jobs[added.job_id] = replace(added, source_sha256=kept.sha256)
        waiting = await house.jobs.load(added.job_id)
        assert waiting is not None
        await house.jobs.step(waiting, waiting.claimed("worker_gone", clock.now(), lease_s=0.1))
        assert (await house.ended(added.job_id)).state == "done"


# ---- the sandbox itself, on this machine

TRY = LISTEN + textwrap.dedent("""
    sys.path[:0] = PATHS
    from pathlib import Path
    from stream_server.asset_jobs.sandbox import Confinement, confine
    layers = confine(Confinement.from_json(request['confinement']))
    say(type='ready', layers=layers)
    import socket
    def attempt(act):
        try:
            act()
        except OSError as error:
            return type(error).__name__
        return 'done'
    secret = request['secret']
    found = {
        'read_outside': attempt(lambda: open(secret).read()),
        'write_outside': attempt(lambda: open(secret, 'w')),
        'write_inside': attempt(lambda: open('inside', 'w')),
        'network': attempt(lambda: socket.socket().connect(('127.0.0.1', request['port']))),
        'parent': attempt(lambda: open(f'/proc/{os.getppid()}/environ').read()),
        'kill': attempt(lambda: os.kill(os.getppid(), 0)),
    }
    say(type='refused', code='found', message='', detail=found)
""").replace("PATHS", json.dumps([str(Path(__file__).parents[3])]))


@pytest.mark.skipif(sys.platform != "linux", reason="these layers are the Linux kernel's")
async def test_confined_process_reaches_nothing_but_its_folder(tmp_path: Path) -> None:
    work, secret = tmp_path / "work", tmp_path / "secret"
    work.mkdir()
    secret.write_text("hush")
    listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    request = {"secret": str(secret), "port": listener.sockets[0].getsockname()[1]}
    progress = Progress()
    outcome = await run_job(request, confinement(work), progress, lambda: [sys.executable, "-c", TRY])
    listener.close()
    if progress.layers["own files only"] != "on" or progress.layers["no sockets"] != "on":
        pytest.skip(f"this kernel does not allow it: {progress.layers}")
    assert isinstance(outcome, Turned)
    assert outcome.problem.detail == {
        "read_outside": "PermissionError",
        "write_outside": "PermissionError",
        "write_inside": "done",
        "network": "PermissionError",
        "parent": "PermissionError",
        "kill": "PermissionError",
    }


async def test_process_that_eats_memory_is_ended(tmp_path: Path) -> None:
    eat = LISTEN + "x = b'x' * 200_000_000; time.sleep(60)"
    outcome = await run_it(tmp_path, eat, SandboxLimits(memory_bytes=100 * 2**20, wall_s=15))
    assert isinstance(outcome, Turned)
    assert outcome.problem.code == "too_complex"


async def test_children_of_the_process_end_with_it(tmp_path: Path) -> None:
    told = "say(type='failed', code='x', message=str(pid), detail={}, may_help=False)"
    fork = f"{LISTEN}pid = os.fork()\nif pid: {told}\ntime.sleep(60)"
    outcome = await run_it(tmp_path, fork, SandboxLimits(wall_s=10))
    assert isinstance(outcome, Broken)
    grandchild = int(outcome.problem.message)
    async with asyncio.timeout(5):
        while _lives(grandchild):
            await asyncio.sleep(0.02)


async def test_done_is_done(tmp_path: Path) -> None:
    assert isinstance(await run_it(tmp_path, LISTEN + "say(type='done')", SandboxLimits(wall_s=10)), Made)


def confinement(work: Path, limits: SandboxLimits | None = None) -> Confinement:
    return Confinement(str(work), limits or SandboxLimits(wall_s=15))


async def run_it(work: Path, program: str, limits: SandboxLimits) -> Outcome:
    return await run_job({}, confinement(work, limits), Progress(), lambda: [sys.executable, "-c", program])


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
