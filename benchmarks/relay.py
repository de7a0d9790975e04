"""CPU time of the server per delivered packet: ours (native, Python), Janus (streaming, videoroom), and the floor.

All in one run, turn by turn, in a network namespace of its own, with the same source: frames of 5 packets of
1200 bytes, 150 packets a second. Viewers are real ICE and DTLS peers (`peers.crowd`). CPU is ``sum_exec_runtime`` of
all threads of the server process over the measured seconds, so everything it does meanwhile is in the figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.figures import conclude, show_table
from benchmarks.peers.floor import floor_us
from benchmarks.peers.janus import is_installed, running_janus
from benchmarks.peers.source import Feed, Source, rtp_over_udp, rtp_over_webrtc
from benchmarks.peers.traffic import CHROMIUM, Traffic, even

ADDRESS = "198.18.0.1"
"""RFC 2544's range for benchmarks; exists only in the namespace."""
PAYLOAD = 1200
PACKETS_PER_S = 150
BURST = 5
WARM_UP_S = 3.0
EVEN = even(PACKETS_PER_S, BURST, PAYLOAD)
ENOUGH = 0.95
"""Share of the packets that must arrive for a round to count; less says that the machine was busy elsewhere."""

IN_NAMESPACE = f"""
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link set lo up
ip link add eth0 type veth peer name eth1
ip addr add {ADDRESS}/24 dev eth0
ip link set eth0 up
ip link set eth1 up
ip route add default via 198.18.0.254 dev eth0
exec "$@"
"""
"""An interface that looks real: libnice gathers nothing on loopback or dummy devices."""


@dataclass(frozen=True)
class Result:
    """One server with one crowd."""

    us_per_packet: float
    join_cpu_ms: float
    delivered_share: float
    """Packets that arrived of those that should have."""
    viewer_kb: float = 0.0
    """What the process grew by each idle viewer."""


def cpu_us(pid: int) -> float:
    """CPU microseconds of all threads of a process so far."""
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1000


def rss_kb(pid: int) -> float:
    """Memory of a process that is not shared with files or other processes, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("RssAnon:")))


class CrowdProcess:
    """`peers.crowd` in a process of its own, so that its work is not the server's and not the source's."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, **question: object) -> dict[str, float]:
        """Say one line, read one line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crowd ended")
        answer: dict[str, float] = json.loads(line)
        return answer


@asynccontextmanager
async def crowd_of(kind: str, where: str) -> AsyncIterator[CrowdProcess]:
    """A crowd process for a kind of server (``vitrine``, ``streaming``, ``videoroom``)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.peers.crowd_process", kind, where, ADDRESS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield CrowdProcess(process)
    finally:
        process.kill()
        await process.wait()


async def measure(
    pid: int, crowd: CrowdProcess, source: Feed, viewers: int, seconds: float, traffic: Traffic
) -> Result:
    """Join, warm up, then count packets and CPU over ``seconds``."""
    before_join, before_kb = cpu_us(pid), rss_kb(pid)
    await crowd.ask(join=viewers)
    join_ms, viewer_kb = (cpu_us(pid) - before_join) / viewers / 1000, (rss_kb(pid) - before_kb) / viewers
    async with Source(source, traffic).run() as sending:
        await asyncio.sleep(WARM_UP_S)
        packets, started, sent = (await crowd.ask(count=True))["packets"], cpu_us(pid), sending.packets
        await asyncio.sleep(seconds)
        got, used = (await crowd.ask(count=True))["packets"] - packets, cpu_us(pid) - started
        sent = sending.packets - sent
    return Result(used / max(got, 1), join_ms, got / max(viewers * sent, 1), viewer_kb)


@asynccontextmanager
async def our_server(egress: str) -> AsyncIterator[tuple[int, str, Feed]]:
    """Our media process with one egress, and a publisher."""
    with tempfile.TemporaryDirectory(prefix="relay-") as folder:
        socket = f"{folder}/media.sock"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.peers.media_server", "--egress", egress, "--socket", socket, "--address", ADDRESS),
        )
        try:
            async with asyncio.timeout(20):
                while not await asyncio.to_thread(os.path.exists, socket):
                    await asyncio.sleep(0.05)
            async with rtp_over_webrtc("vitrine", socket, ADDRESS) as feed:
                yield process.pid, socket, feed
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


@asynccontextmanager
async def janus_streaming() -> AsyncIterator[tuple[int, str, Feed]]:
    """Janus' streaming plugin, fed by plain RTP."""
    async with running_janus(event_loops=1) as janus, rtp_over_udp(janus.rtp_port) as feed:
        yield janus.pid, janus.url, feed


@asynccontextmanager
async def janus_videoroom() -> AsyncIterator[tuple[int, str, Feed]]:
    """Janus' videoroom plugin, fed by a WebRTC publisher."""
    async with running_janus(event_loops=1) as janus, rtp_over_webrtc("videoroom", janus.url, ADDRESS) as feed:
        yield janus.pid, janus.url, feed


Server = Callable[[], AbstractAsyncContextManager[tuple[int, str, Feed]]]


def servers() -> dict[str, tuple[str, Server]]:
    """What is measured: name → kind of signalling, and how to start it."""
    ours: dict[str, tuple[str, Server]] = {
        "native": ("vitrine", lambda: our_server("native")),
        "python": ("vitrine", lambda: our_server("python")),
    }
    if not is_installed():
        print("SKIPPED: Janus is not installed (Debian: apt install janus); only our own figures follow.")
        return ours
    return {
        **ours,
        "janus_streaming": ("streaming", janus_streaming),
        "janus_videoroom": ("videoroom", janus_videoroom),
    }


async def run(
    viewers: int, seconds: float, rounds: int, traffic: Traffic = EVEN, only: frozenset[str] = frozenset()
) -> dict[str, Result]:
    """Every server ``rounds`` times, turn by turn; the median of each."""
    collected: dict[str, list[Result]] = {}
    for _ in range(rounds):
        for name, (kind, server) in servers().items():
            if only and name not in only:
                continue
            async with server() as (pid, where, feed), crowd_of(kind, where) as crowd:
                result = await measure(pid, crowd, feed, viewers, seconds, traffic)
            collected.setdefault(name, []).append(result)
            print(f"{name:16} N={viewers}: {result.us_per_packet:6.2f} µs, delivered {result.delivered_share:.1%}")
        if not only:
            collected.setdefault("floor", []).append(Result(await floor_us(viewers, seconds, PAYLOAD, BURST), 0, 1))
    return {name: median for name, found in collected.items() if (median := judged(name, found)) is not None}


def judged(name: str, found: list[Result]) -> Result | None:
    """The median of the rounds in which (nearly) everything arrived; a starved one tells nothing."""
    good = sorted((r for r in found if r.delivered_share >= ENOUGH), key=lambda r: r.us_per_packet)
    if not good:
        print(f"LEFT OUT: {name}, which delivered {max(r.delivered_share for r in found):.0%} at best.")
        return None
    return good[len(good) // 2]


def show(title: str, results: dict[str, Result], traffic: Traffic) -> None:
    """Print a table for people."""
    rows = [
        (
            name,
            r.us_per_packet,
            1e6 / r.us_per_packet / traffic.packets_per_s,
            r.join_cpu_ms,
            r.viewer_kb,
            f"{r.delivered_share:.2%}",
        )
        for name, r in results.items()
    ]
    columns = ("server", "µs CPU / packet", "viewers / core", "join CPU ms", "kB / viewer", "delivered")
    show_table(title, columns, rows)


def figures_of(results: dict[str, Result]) -> dict[str, float]:
    """The keys of the last line."""
    figures = {f"{name}_us": result.us_per_packet for name, result in results.items()}
    if "native" not in results:
        sys.exit("The native egress could not be judged: the machine is too busy. Try again on a quiet one.")
    native = results["native"].us_per_packet
    if "janus_streaming" in results:
        figures["janus_over_native"] = results["janus_streaming"].us_per_packet / native
    figures["native_over_floor"] = native / results["floor"].us_per_packet
    figures["join_cpu_ms"] = results["native"].join_cpu_ms
    figures["joins_per_s_per_core"] = 1000 / results["native"].join_cpu_ms
    figures["idle_viewer_kb"] = results["native"].viewer_kb
    return figures


def main() -> None:
    """Read the command line, move into a namespace, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer viewers, one short round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all servers; the median counts")
    parser.add_argument("--viewers", type=int, nargs="+", default=[100, 300], help="sizes of the crowd")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one measurement")
    parser.add_argument("--server", nargs="+", default=[], help="only some, e.g. native; prints no figures")
    parser.add_argument("--chromium", action="store_true", help="measure traffic as Chromium sends it, too")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            sys.exit("This needs a network namespace of its own: run it as root, with iproute2 installed.")
        again = [sys.executable, "-m", "benchmarks.relay", "--inside", *sys.argv[1:]]
        sys.exit(subprocess.call(["unshare", "--net", "sh", "-c", IN_NAMESPACE, "sh", *again]))
    seconds, rounds = (3.0, 1) if given.quick else (given.seconds, given.rounds)
    everything: dict[int, dict[str, Result]] = {}
    for viewers in [50] if given.quick else given.viewers:
        everything[viewers] = asyncio.run(run(viewers, seconds, rounds, EVEN, frozenset(given.server)))
        show(f"{viewers} viewers, {PAYLOAD} B, {PACKETS_PER_S} packets/s each", everything[viewers], EVEN)
    if given.server:
        return
    viewers, results = max(everything.items())
    figures = figures_of(results)
    if given.chromium:
        like_chromium = asyncio.run(run(100, seconds, 1, CHROMIUM, frozenset({"native", "janus_streaming"})))
        show("100 viewers, as Chromium sends 2.5 Mbit/s", like_chromium, CHROMIUM)
        figures |= {f"{name}_chromium_us": result.us_per_packet for name, result in like_chromium.items()}
    conditions = {
        "viewers": viewers,
        "payload_bytes": PAYLOAD,
        "packets_per_s": PACKETS_PER_S,
        "burst": BURST,
        "rounds": rounds,
    }
    conclude("relay", figures, conditions)


if __name__ == "__main__":
    main()
