"""Whether uploads can hurt a live show: pictures per second of a viewer while files are thrown at the same server.

The demo's film goes on the air through WHIP, a viewer counts the pictures that arrive by WHEP (nothing is decoded).
Windows, one after the other: nothing else (twice, as a measure of the measure), five clients who send drop by drop,
fifty clients who upload models of 6 MB at once and have each worked on (what is left of the line is cancelled after a
window of its own), and zips that burst. Uploaders run in a process of their own on the same machine, so what they use
is part of the harm. Jobs are worked on in their sandbox meanwhile: one at a time, behind everything else.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness.figures import RESULTS, conclude, percentile, show_table
from benchmarks.harness.stage import make_show
from benchmarks.harness.whep_viewer import MeasuringViewer, look_on, watch
from benchmarks.light_viewer import VIDEO_TYPE, LightPeer
from stream_server.app.tokens import issue_token
from stream_server.config import Config
from stream_server.demo.session import TOKEN_ENV
from tests.serving import ROOT, Server, serving

SETTLE_S = 6.0
ASK_EVERY_S = 0.25
FREEZE_MS = 200.0


@dataclass(frozen=True)
class Harm:
    """What is done during a window: a kind of `upload_flood`, or nothing."""

    name: str
    kind: str = ""
    clients: int = 0


HARMS = (
    Harm("rest"),
    Harm("slow uploads", "slow", 5),
    Harm("50 uploads at once", "flood", 50),
    Harm("their jobs"),
    Harm("zip bombs", "bomb", 4),
    Harm("rest again"),
)


@dataclass(frozen=True)
class Window:
    """What the viewer saw in one window, and what the server was asked."""

    harm: str
    seconds: float
    fps: float
    longest_gap_ms: float
    freezes: int
    """Gaps of 200 ms and more between two pictures."""
    answer_p50_ms: float
    answer_p99_ms: float
    """Of the page of the show, asked four times a second."""
    uploaded_mb: float
    jobs: int
    refused: int
    """Requests answered with 4xx."""


async def run(seconds: float, quick: bool) -> None:
    """One server, one viewer, all windows."""
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder), "demo", {"VITRINE_AI_HOSTS": "0"}) as server:
            tokens = await brand_tokens(server)
            show_id, host_token = await make_show(server)
            async with on_air(server, show_id, host_token):
                viewer = await watch(server.url, show_id, MeasuringViewer)
                assert isinstance(viewer, MeasuringViewer)
                viewers: list[LightPeer] = [viewer]
                async with asyncio.TaskGroup() as group:
                    looking = group.create_task(look_on(viewers), name="viewer")
                    await asyncio.sleep(SETTLE_S)
                    windows = [await window(harm, server, show_id, viewer, tokens, seconds) for harm in HARMS]
                    looking.cancel()
    tell(windows, seconds, quick)


async def brand_tokens(server: Server) -> list[str]:
    """One for each brand of the demo."""
    products = await server.get("/api/products")
    config = Config(data_dir=server.data_dir)
    return [
        issue_token(config, role="brand", name="Flood", person_id=f"flood_{brand_id}", brand_id=brand_id)
        for brand_id in sorted({product["brand_id"] for product in products})
    ]


@asynccontextmanager
async def on_air(server: Server, show_id: str, token: str) -> AsyncIterator[None]:
    """The demo's film, published as a host's encoder would, for the length of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stream_server.demo.publisher", "--url", f"{server.url}/whip/{show_id}",
        env={**os.environ, TOKEN_ENV: token}, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(20):
            while (await server.get(f"/api/shows/{show_id}"))["status"] != "live":
                await asyncio.sleep(0.2)
        yield
    finally:
        process.terminate()
        await process.wait()


async def window(
    harm: Harm, server: Server, show_id: str, viewer: MeasuringViewer, tokens: list[str], seconds: float
) -> Window:
    """Do the harm for so long and look what the viewer got meanwhile."""
    began_s = time.perf_counter()
    answers: list[float] = []
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(_ask(f"{server.url}/api/shows/{show_id}", answers), name="a page's requests")
        done = await _harm(harm, server, tokens, seconds) if harm.kind else {}
        await asyncio.sleep(max(0.0, began_s + seconds - time.perf_counter()))
        asking.cancel()
    ended_s = time.perf_counter()
    if not harm.kind:
        await clear(server, tokens)
    arrived = [one.at_s for one in viewer.lines[VIDEO_TYPE].arrivals if began_s <= one.at_s <= ended_s]
    gaps_ms = [(after - before) * 1000 for before, after in zip(arrived, arrived[1:], strict=False)]
    return Window(
        harm.name,
        round(ended_s - began_s, 1),
        round((len(arrived) - 1) / (arrived[-1] - arrived[0]), 3) if len(arrived) > 1 else 0.0,
        round(max(gaps_ms, default=float("inf")), 1),
        sum(gap >= FREEZE_MS for gap in gaps_ms),
        round(percentile(answers, 0.5), 1),
        round(percentile(answers, 0.99), 1),
        round(done.get("bytes", 0) / 1e6, 1),
        done.get("jobs", 0),
        sum(number for status, number in done.items() if status.startswith("status 4")),
    )


async def clear(server: Server, tokens: list[str]) -> None:
    """Cancel the jobs that wait or run."""
    for token in tokens:
        for job in await server.get("/api/model-jobs", token):
            if job["state"] in ("queued", "running"):
                with suppress(urllib.error.HTTPError):  # it has just ended
                    await server.call("POST", f"/api/model-jobs/{job['job_id']}/cancel", {}, token=token)


async def _harm(harm: Harm, server: Server, tokens: list[str], seconds: float) -> dict[str, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.harness.upload_flood",
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told = {"url": server.url, "tokens": tokens, "kind": harm.kind, "clients": harm.clients, "seconds": seconds}
    try:
        async with asyncio.timeout(seconds + 60):
            out, _ = await process.communicate(json.dumps(told).encode() + b"\n")
        return dict(json.loads(out))
    finally:
        with suppress(ProcessLookupError):
            process.kill()


async def _ask(url: str, answers: list[float]) -> None:
    def once() -> float:
        began_s = time.perf_counter()
        with urllib.request.urlopen(url, timeout=10) as reply:
            reply.read()
        return (time.perf_counter() - began_s) * 1000

    while True:
        answers.append(await asyncio.to_thread(once))
        await asyncio.sleep(ASK_EVERY_S)


def tell(windows: list[Window], seconds: float, quick: bool) -> None:
    """Table, rows, last line."""
    columns = ("window", "s", "fps", "gap ms", "freezes", "p50 ms", "p99 ms", "MB", "jobs", "refused")
    show_table(
        "A viewer's pictures while files are uploaded", columns, [tuple(asdict(row).values()) for row in windows]
    )
    if not quick:
        with (RESULTS / "asset_flood_windows.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(windows[0])), lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(row) for row in windows)
    by = {row.harm: row for row in windows}
    rest = (by["rest"].fps + by["rest again"].fps) / 2
    harmed = [row for row in windows if not row.harm.startswith("rest")]
    figures = {
        "fps_at_rest": rest,
        "worst_fps_over_rest": min(row.fps for row in harmed) / rest,
        "slow_fps_over_rest": by["slow uploads"].fps / rest,
        "bomb_fps_over_rest": by["zip bombs"].fps / rest,
        "flood_fps_over_rest": by["50 uploads at once"].fps / rest,
        "longest_gap_ms_at_rest": max(by["rest"].longest_gap_ms, by["rest again"].longest_gap_ms),
        "longest_gap_ms": max(row.longest_gap_ms for row in harmed),
        "freezes": sum(row.freezes for row in harmed),
        "answer_p99_ms": max(row.answer_p99_ms for row in harmed),
    }
    conclude(
        "asset_flood", figures, {"window_s": seconds, "clients": max(harm.clients for harm in HARMS), "quick": quick}
    )


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=25.0, help="of each window")
    parser.add_argument("--quick", action="store_true", help="windows of 6 s")
    arguments = parser.parse_args()
    asyncio.run(run(6.0 if arguments.quick else arguments.seconds, arguments.quick))


if __name__ == "__main__":
    main()
