"""The AI host for half an hour, with viewers and a busy chat: do sound and picture stay together, does memory grow?

    python -m benchmarks.avatar_soak [--minutes 30] [--viewers 20]

A real server with the demo's show. A line every ten seconds goes to ``results/avatar_soak_series.csv`` as it is
measured; SIGTERM ends the run early, with the figures so far and the minutes it lasted.

`av_offset_30min_ms` is how far the picture's time line lies from the sound's at a viewer in the last minute: each
packet's arrival against the wall clock that its RTP time has by the sender reports, medians of a minute, video minus
audio. The picture takes the encoder's and the drawing's time more than the sound; `av_drift_ms` is what was added to
the first minute's offset.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import re
import signal
import statistics
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import av
import psutil

from benchmarks.harness.chatters import Count, chat_on, joined
from benchmarks.harness.figures import RESULTS, conclude, show_table
from benchmarks.harness.film import Film
from benchmarks.harness.whep_viewer import MeasuringViewer, look_on, skew_ms, watch
from benchmarks.light_viewer import AUDIO_TYPE, VIDEO_TYPE, LightPeer
from tests.serving import Server, serving

SAMPLE_S = 10.0
WINDOW_S = 60.0
CHATTERS = 12
CHAT_EVERY_S = 3.0
QUESTION_SHARE = 0.25
SETTLE_S = 60.0
"""A host's caches (voices, pictures) fill in its first minute."""
FILM_S = 25.0
FILM_EVERY_S = 870.0
ROLES = {
    "virtual_host.session": "host_rss_mb",
    "stream_server media": "media_rss_mb",
    "stream_server web": "web_rss_mb",
}
"""Part of the command line → column; the host's workers (voices) count as the host."""


@dataclass(frozen=True)
class Sample:
    """The state at one moment."""

    at_s: float
    offset_ms: float
    """Video minus audio, medians of the last minute."""
    host_rss_mb: float
    media_rss_mb: float
    web_rss_mb: float
    host_cpu_percent: float
    """Of one core, its workers included, since the last sample."""
    video_gap_ms: float
    """The longest time without a picture since the last sample."""
    audio_gap_ms: float
    viewers: int
    """Still connected."""
    lost: int
    """Media packets that never came, of all viewers."""
    questions: int
    answers: int
    chat_lines: int
    refused: int
    not_live: int
    host_starts: int
    """Processes that have been the host; 1 when none was restarted."""


class Watcher:
    """Memory and CPU of the server's processes."""

    def __init__(self, server: Server) -> None:
        self._root = psutil.Process(server.process.pid)
        self._hosts: set[int] = set()
        self._cpu: dict[int, float] = {}

    @property
    def host_starts(self) -> int:
        """How many processes have been the host."""
        return len(self._hosts)

    def look(self) -> tuple[dict[str, float], float]:
        """Resident MB by column, and CPU seconds of the host since the last look."""
        found = dict.fromkeys(ROLES.values(), 0.0)
        used_s = 0.0
        for process in self._root.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                command = " ".join(process.cmdline())
                column = next((column for part, column in ROLES.items() if part in command), None)
                if column is None:
                    continue
                family = [process]
                if column == "host_rss_mb":
                    self._hosts.add(process.pid)
                    family += process.children(recursive=True)
                for member in family:
                    found[column] += member.memory_info().rss / 2**20
                    if column == "host_rss_mb":
                        times = member.cpu_times()
                        now_s = times.user + times.system
                        used_s += now_s - self._cpu.get(member.pid, 0.0)
                        self._cpu[member.pid] = now_s
        return found, used_s


def show_and_token(server: Server) -> tuple[str, str]:
    """Id and host's token of the live show, from the printed links. Raises: LookupError."""
    found = re.search(r"/studio#token=([^&\s]+)&show=(\S+)", server.log)
    if found is None:
        raise LookupError(f"The demo printed no studio link:\n{server.log}")
    return found.group(2), found.group(1)


async def ai_on_air(server: Server, show_id: str) -> None:
    """Until the AI host presents. Raises: TimeoutError."""
    async with asyncio.timeout(60):
        while True:
            with suppress(OSError):
                async with joined(server, None, show_id) as connection:
                    text = await connection.recv()
                    if '"status":"live"' in str(text).replace(" ", "") and '"ai"' in str(text):
                        return
            await asyncio.sleep(0.5)


async def run(viewers: int, minutes: float, films: Path, stop: asyncio.Event) -> list[Sample]:
    """Soak; the samples. Raises: ServerFailed, TimeoutError."""
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder, (RESULTS / "avatar_soak_series.csv").open("w", newline="") as file:
        async with serving(Path(folder), "demo") as server:
            os.nice(10)  # the load gives way to what is measured
            show_id, _ = show_and_token(server)
            await ai_on_air(server, show_id)
            count = Count()
            try:
                async with asyncio.TaskGroup() as group:
                    eye = await watch(server.url, show_id, MeasuringViewer)
                    assert isinstance(eye, MeasuringViewer)
                    crowd: list[LightPeer] = [eye]
                    tasks = [group.create_task(look_on(crowd))]
                    crowd += [await watch(server.url, show_id) for _ in range(viewers - 1)]
                    tasks += [
                        group.create_task(chat_on(server, show_id, n, CHAT_EVERY_S, QUESTION_SHARE, count))
                        for n in range(CHATTERS)
                    ]
                    tasks.append(group.create_task(_record(eye, films)))
                    await _measure(server, eye, crowd, count, minutes, samples, file, stop)
                    for task in tasks:
                        task.cancel()
            finally:
                (films / "server.log").write_text(server.log)
            for viewer in crowd:
                viewer.close()
    return samples


async def _measure(
    server: Server,
    eye: MeasuringViewer,
    crowd: list[LightPeer],
    count: Count,
    minutes: float,
    samples: list[Sample],
    file: TextIO,
    stop: asyncio.Event,
) -> None:
    watcher = Watcher(server)
    watcher.look()
    writer: csv.DictWriter[str] | None = None
    started_s = last_s = time.perf_counter()
    while last_s - started_s < minutes * 60 and not stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(SAMPLE_S):
                await stop.wait()
        now_s = time.perf_counter()
        memory, used_s = await asyncio.to_thread(watcher.look)
        gaps = {}
        for kind, line in eye.lines.items():
            gaps[kind], line.longest_gap_s = line.longest_gap_s * 1000, 0.0
        sample = Sample(
            at_s=round(now_s - started_s, 1),
            offset_ms=round(skew_ms(eye, now_s - WINDOW_S), 2),
            **{column: round(value, 1) for column, value in memory.items()},
            host_cpu_percent=round(used_s / (now_s - last_s) * 100, 1),
            video_gap_ms=round(gaps[VIDEO_TYPE]),
            audio_gap_ms=round(gaps[AUDIO_TYPE]),
            viewers=sum(viewer.closed is None for viewer in crowd),
            lost=sum(viewer.lost for viewer in crowd),
            questions=count.questions,
            answers=count.answers,
            chat_lines=count.questions + count.noise,
            refused=count.refused,
            not_live=count.not_live,
            host_starts=watcher.host_starts,
        )
        if writer is None:
            writer = csv.DictWriter(file, asdict(sample), lineterminator="\n")
            writer.writeheader()
        writer.writerow(asdict(sample))
        file.flush()
        print(sample, flush=True)
        samples.append(sample)
        last_s = now_s


async def _record(eye: MeasuringViewer, films: Path) -> None:
    """Keep a film now and then, to look at lips and sound afterwards: nothing is decoded here."""
    number = 0
    while True:
        await asyncio.sleep(SETTLE_S / 2)
        film = Film()
        eye.listener = film.take
        await asyncio.sleep(FILM_S)
        eye.listener = None
        try:
            await asyncio.to_thread(film.write, films / f"film{number}.mp4")
        except (ValueError, av.FFmpegError) as error:
            print(f"no film: {error}", flush=True)
        number += 1
        await asyncio.sleep(FILM_EVERY_S - FILM_S - SETTLE_S / 2)


def figures_of(samples: list[Sample]) -> dict[str, float]:
    """The keys of the last line; the first minute counts as warm-up, growth is from the second quarter to the last.

    ``host_slope_mb_h`` is the straight line through the second half, when every voice, picture and layer has been used.
    """
    end_s = samples[-1].at_s
    settled = [sample for sample in samples if sample.at_s >= min(SETTLE_S, end_s)]
    quarter = max(1, len(settled) // 4)
    second, last = settled[quarter : 2 * quarter] or settled, settled[-quarter:]
    first_offset, end_offset = settled[0].offset_ms, samples[-1].offset_ms

    def grown(column: str) -> float:
        before, after = (statistics.median(float(getattr(s, column)) for s in part) for part in (second, last))
        return after - before

    return {
        "minutes_measured": end_s / 60,
        "av_offset_30min_ms": abs(end_offset),
        "av_drift_ms": end_offset - first_offset,
        "av_offset_worst_ms": max(abs(sample.offset_ms) for sample in settled),
        "host_rss_mb": samples[-1].host_rss_mb,
        "host_growth_mb": grown("host_rss_mb"),
        "host_slope_mb_h": _slope([(s.at_s / 3600, s.host_rss_mb) for s in samples[len(samples) // 2 :]]),
        "media_rss_mb": samples[-1].media_rss_mb,
        "media_growth_mb": grown("media_rss_mb"),
        "web_rss_mb": samples[-1].web_rss_mb,
        "web_growth_mb": grown("web_rss_mb"),
        "host_cpu_percent": statistics.median(sample.host_cpu_percent for sample in settled),
        "video_gap_max_ms": max(sample.video_gap_ms for sample in settled),
        "audio_gap_max_ms": max(sample.audio_gap_ms for sample in settled),
        "lost_packets": samples[-1].lost,
        "viewers_end": samples[-1].viewers,
        "host_starts": samples[-1].host_starts,
        "not_live": samples[-1].not_live,
        "chat_lines": samples[-1].chat_lines,
        "questions": samples[-1].questions,
        "answers": samples[-1].answers,
    }


def _slope(points: list[tuple[float, float]]) -> float:
    """Of the straight line through the points; 0 for fewer than two."""
    return statistics.linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else 0.0


async def _until_done(given: argparse.Namespace, films: Path) -> list[Sample]:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return await run(given.viewers, min(given.minutes, 24 * 60.0), films, stop)


def main() -> None:
    """Read the arguments, run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--films", type=Path, default=Path("build/avatar_soak"), help="where short films are kept")
    given = parser.parse_args()
    given.films.mkdir(parents=True, exist_ok=True)
    samples = asyncio.run(_until_done(given, given.films))
    figures = figures_of(samples)
    show_table("The AI host under load", ("figure", "value"), list(figures.items()))
    conclude("avatar_soak", figures, {"viewers": given.viewers, "chatters": CHATTERS, "chat_every_s": CHAT_EVERY_S})


if __name__ == "__main__":
    main()
