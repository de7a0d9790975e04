"""What it costs to share a show between media processes: CPU per piped packet, where it is sent and where it arrives.

One viewer watches in the publisher's process all the time, another one in the other process in every second turn; the
difference is the pipe's (and, where it arrives, that viewer's).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.harness.figures import conclude, show_table
from benchmarks.light_viewer import Crowd, publishing
from benchmarks.media_process import cpu_ms, media_process
from stream_server.ids import ShowId
from stream_server.media.control import ControlClient

SHOW = ShowId("show_measured")
PACKETS_PER_FRAME = 100
"""3000 packets a second, as of twenty shows: the cost of one show drowns in what a process does anyhow."""
PAYLOAD_BYTES = 1000
SETTLE_S = 1.0


@dataclass(frozen=True)
class Side:
    """One of the two processes."""

    process: psutil.Process
    client: ControlClient


@dataclass(frozen=True)
class Turn:
    """CPU µs per packet that came from the publisher, of both processes."""

    origin_us: float
    sister_us: float
    packets: float


async def turn(origin: Side, sister: Side, seconds: float, *, is_shared: bool) -> Turn:
    """With a viewer in the other process, or without."""
    async with Crowd(sister.client, SHOW).run() as crowd:
        if is_shared:
            await crowd.join()
        await asyncio.sleep(SETTLE_S)
        came = (await origin.client.metrics())["packets_received"]
        before = cpu_ms(origin.process), cpu_ms(sister.process)
        await asyncio.sleep(seconds)
        used = cpu_ms(origin.process) - before[0], cpu_ms(sister.process) - before[1]
        packets = (await origin.client.metrics())["packets_received"] - came
    return Turn(used[0] * 1000 / packets, used[1] * 1000 / packets, packets)


async def run(rounds: int, seconds: float, quick: bool) -> None:
    """Measure ``rounds`` pairs of turns; the medians count."""
    here, there = [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        trunks = [Path(folder) / f"trunk-{index}.sock" for index in range(2)]
        async with (
            media_process("native", index=0, trunks=trunks) as one,
            media_process("native", index=1, trunks=trunks) as two,
        ):
            origin, sister = Side(*one), Side(*two)
            while (await sister.client.metrics())["sisters"] < 1:
                await asyncio.sleep(0.05)
            async with (
                publishing(origin.client, SHOW, PACKETS_PER_FRAME, PAYLOAD_BYTES),
                Crowd(origin.client, SHOW).run() as crowd,
            ):
                await asyncio.sleep(SETTLE_S)
                await crowd.join()
                for _ in range(rounds):
                    here.append(await turn(origin, sister, seconds, is_shared=False))
                    there.append(await turn(origin, sister, seconds, is_shared=True))
                    await asyncio.sleep(SETTLE_S)
            lost = (await origin.client.metrics())["packets_not_piped"]
    median = statistics.median
    alone, both = median(t.origin_us for t in here), median(t.origin_us for t in there)
    idle, arrives = median(t.sister_us for t in here), median(t.sister_us for t in there)
    figures = {
        "sister_send_us": both - alone,
        "sister_receive_us": arrives - idle,
        "publisher_packet_us": alone,
        "packets_not_piped": lost,
    }
    rows = [
        ("the publisher's, one viewer there", alone),
        ("the same, and one in the other process", both),
        ("the other process, nobody there", idle),
        ("the same with one viewer", arrives),
    ]
    show_table(f"{rounds} rounds of {seconds:g} s", ("process", "CPU µs per packet of the publisher"), rows)
    conclude("sisters", figures, {"rounds": rounds, "seconds": seconds, "quick": quick})


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds")
    arguments = parser.parse_args()
    rounds, seconds = (2, 4.0) if arguments.quick else (5, 8.0)
    asyncio.run(run(rounds, seconds, arguments.quick))


if __name__ == "__main__":
    main()
