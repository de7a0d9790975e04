"""What one viewer's join costs the media process: CPU of offer, answer, ICE checks and the DTLS handshake.

Viewers join one after the other while the host is away, so that no media is sent meanwhile; what the process uses
while nobody joins is measured first and taken off.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.light_viewer import Crowd, publishing
from benchmarks.media_process import cpu_ms, media_process
from stream_server.ids import ShowId

SHOW = ShowId("show_measured")
PAUSE_S = 0.01


async def measure(joins: int, idle_s: float) -> tuple[float, float, list[float]]:
    """CPU ms per join, CPU ms per second while idle, and how long each join took in ms."""
    async with media_process("python") as (process, client):
        async with publishing(client, SHOW):
            await asyncio.sleep(0.5)
        async with Crowd(client, SHOW).run() as crowd:
            for _ in range(5):  # the first ones load code and tables
                await crowd.join()
            await asyncio.sleep(1)
            before, started_s = cpu_ms(process), time.perf_counter()
            await asyncio.sleep(idle_s)
            idle = (cpu_ms(process) - before) / (time.perf_counter() - started_s)
            waits = []
            before, started_s = cpu_ms(process), time.perf_counter()
            for _ in range(joins):
                joined_s = time.perf_counter()
                await crowd.join()
                waits.append((time.perf_counter() - joined_s) * 1000)
                await asyncio.sleep(PAUSE_S)
            used = cpu_ms(process) - before - idle * (time.perf_counter() - started_s)
    return used / joins, idle, waits


async def run(joins: int, rounds: int, quick: bool) -> None:
    """Measure ``rounds`` times; the median counts."""
    results = sorted([await measure(joins, idle_s=2.0) for _ in range(rounds)], key=lambda result: result[0])
    cost, idle, waits = results[len(results) // 2]
    figures = {"cpu_ms": cost, "wall_p50_ms": percentile(waits, 0.5), "idle_cpu_ms_per_s": idle}
    rows = [(number, *result[:2], percentile(result[2], 0.5)) for number, result in enumerate(results, 1)]
    show_table(f"{joins} joins", ("round", "CPU ms / join", "idle CPU ms / s", "p50 ms to connected"), rows)
    conclude("join_cost", figures, {"joins": joins, "rounds": rounds, "quick": quick})


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of fifty joins")
    arguments = parser.parse_args()
    asyncio.run(run(50 if arguments.quick else 200, 1 if arguments.quick else 3, arguments.quick))


if __name__ == "__main__":
    main()
