"""A long show: a hundred viewers on the Python egress for ten minutes. Does memory grow, do packets get lost?

Stops by itself. A line every ten seconds goes to ``results/soak_series.csv``.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import time
from dataclasses import asdict, dataclass

from benchmarks.harness.figures import RESULTS, conclude, show_table
from benchmarks.light_viewer import Crowd, publishing
from benchmarks.media_process import cpu_ms, media_process
from stream_server.ids import ShowId

SHOW = ShowId("show_measured")
SAMPLE_S = 10.0


@dataclass(frozen=True)
class Sample:
    """The state at one moment."""

    at_s: float
    rss_mb: float
    cpu_percent: float
    """Of one core, since the last sample."""
    viewers: int
    received: int
    """Media packets at all viewers so far."""
    lost: int
    dropped_by_server: int


async def run(viewers: int, seconds: float, egress: str) -> list[Sample]:
    """Let ``viewers`` watch for ``seconds``; the samples."""
    samples: list[Sample] = []
    async with media_process(egress) as (process, client), publishing(client, SHOW):
        await asyncio.sleep(0.5)
        async with Crowd(client, SHOW).run() as crowd:
            for _ in range(viewers):
                await crowd.join()
            started_s = last_s = time.perf_counter()
            last_cpu = cpu_ms(process)
            while last_s - started_s < seconds:
                await asyncio.sleep(min(SAMPLE_S, seconds / 4))
                now_s, now_cpu = time.perf_counter(), cpu_ms(process)
                metrics = await client.metrics()
                samples.append(
                    Sample(
                        at_s=round(now_s - started_s, 1),
                        rss_mb=round(process.memory_info().rss / 2**20, 2),
                        cpu_percent=round((now_cpu - last_cpu) / (now_s - last_s) / 10, 1),
                        viewers=int(metrics["viewers"]),
                        received=sum(viewer.packets for viewer in crowd.viewers),
                        lost=sum(viewer.lost for viewer in crowd.viewers),
                        dropped_by_server=int(metrics["packets_dropped"]),
                    )
                )
                print(samples[-1], flush=True)
                last_s, last_cpu = now_s, now_cpu
    return samples


def figures_of(samples: list[Sample]) -> dict[str, float]:
    """The keys of the last line; the first quarter counts as warm-up."""
    warm = samples[len(samples) // 4 :]
    last = samples[-1]
    return {
        "rss_warm_mb": warm[0].rss_mb,
        "rss_end_mb": last.rss_mb,
        "growth_mb": last.rss_mb - warm[0].rss_mb,
        "cpu_percent": sum(sample.cpu_percent for sample in warm) / len(warm),
        "lost_packets": last.lost,
        "received_packets": last.received,
        "viewers_end": last.viewers,
    }


def main() -> None:
    """Read the arguments, run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="thirty viewers for half a minute")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--egress", choices=("python", "native"), default="python")
    given = parser.parse_args()
    viewers, minutes = (30, 0.5) if given.quick else (given.viewers, min(given.minutes, 60.0))
    samples = asyncio.run(run(viewers, minutes * 60, given.egress))
    with (RESULTS / "soak_series.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, asdict(samples[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(sample) for sample in samples)
    figures = figures_of(samples)
    show_table(f"{viewers} viewers, {minutes:g} minutes", tuple(figures), [tuple(figures.values())])
    conclude("soak", figures, {"viewers": viewers, "minutes": minutes, "egress": given.egress, "quick": given.quick})


if __name__ == "__main__":
    main()
