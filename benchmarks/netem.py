"""How the picture holds on a bad network: Chromium viewers of ours and of Janus' videoroom, side by side.

Random loss, loss in bursts, jitter, reordering, one viewer capped at 500 kbit/s, and a host without network for a
minute. Chromium publishes 720p; each viewer reaches the server through a network of its own (`harness.bad_network`:
a proxy in user space, since many kernels lack sch_netem), and a viewer without trouble watches beside it to tell the
machine's own freezes. Freezes, their length and decoded frames are Chromium's own statistics.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from benchmarks.harness.bad_network import BadNetwork, Weather, bad_network
from benchmarks.harness.figures import conclude, show_table
from benchmarks.peers.janus import is_installed
from benchmarks.peers.trial_servers import Server, janus, ours
from benchmarks.relay import ADDRESS, IN_NAMESPACE
from tests.browser import chromium_alone
from tests.page_serving import pages_served

SETTLE_S = {True: 4.0, False: 8.0}
"""Chromium's encoder climbs to its full picture meanwhile; less in a quick run."""
RETRY_S = 1.0
PATIENCE_S = 3.0
CLEAR = "clear"
OUTAGE_S = 60.0
_SCRIPT = (Path(__file__).parent / "harness/trial_peers.js").read_text()

TRIALS = {
    CLEAR: Weather(),
    "loss2": Weather(loss=0.02),
    "loss5": Weather(loss=0.05),
    "loss10": Weather(loss=0.10),
    "loss20": Weather(loss=0.20),
    "bursts5": Weather(burst=0.05),
    "jitter50": Weather(jitter_s=0.05),
    "reorder5": Weather(reorder_share=0.05),
    "cap500": Weather(cap_bps=500_000),
}
QUICK = ["loss5", "loss10"]


@dataclass(frozen=True)
class Outcome:
    """What one viewer saw of a trial."""

    frames_per_s: float
    freezes: float
    freeze_s: float
    share: float
    """Of the time that the picture stood still."""
    height_px: float
    lost: float


async def connected(page: Page, name: str, timeout_s: float = 15.0) -> None:
    """Return once the page's peer is connected. Raises: TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while await page.evaluate("name => trial.state(name)", name) != "connected":
            await asyncio.sleep(0.1)


async def watch(page: Page, names: list[str], seconds: float) -> dict[str, Outcome]:
    """What the viewers see from now on."""
    seen = "name => trial.seen(name)"
    before = {name: await page.evaluate(seen, name) for name in names}
    await asyncio.sleep(seconds)
    outcomes = {}
    for name in names:
        now = await page.evaluate(seen, name)
        gained = {key: now[key] - before[name][key] for key in now}
        # A picture that stands still now has not been counted: a freeze is counted by the frame that ends it.
        freeze_s = gained["freeze_s"] if gained["frames"] else seconds
        outcomes[name] = Outcome(
            gained["frames"] / seconds,
            gained["freezes"],
            freeze_s,
            min(1.0, freeze_s / seconds),
            now["height_px"],
            gained["lost"],
        )
    return outcomes


@dataclass
class Stage:
    """A server on air, and the page whose peers watch."""

    server: Server
    host: Page
    viewers: Page
    uplink: BadNetwork

    async def trial(self, names: list[str], settle_s: float, seconds: float, seed: int) -> dict[str, Outcome]:
        """Let viewers of these trials watch at the same time."""
        with ExitStack() as networks:
            for number, name in enumerate(names):
                network = networks.enter_context(bad_network(ADDRESS, TRIALS[name], seed + 10 * number))
                await self.server.view(self.viewers, name, network)
            for name in names:
                await connected(self.viewers, name)
            await asyncio.sleep(settle_s)
            outcomes = await watch(self.viewers, names, seconds)
            for name in names:
                await self.viewers.evaluate("name => trial.leave(name)", name)
        return outcomes

    async def outage(self, seconds: float) -> float:
        """Cut the host's network; gives the seconds from its return until a viewer's picture moves again."""
        loop = asyncio.get_running_loop()
        with bad_network(ADDRESS, Weather(), 1) as network:
            await self.server.view(self.viewers, "outage", network)
            await connected(self.viewers, "outage")
            await asyncio.sleep(3)
            self.uplink.is_cut = True
            returning = asyncio.create_task(self._keep_publishing())
            try:
                await asyncio.sleep(seconds)
                before = (await self.viewers.evaluate("trial.seen('outage')"))["frames"]
                self.uplink.is_cut = False
                back_s = loop.time()
                async with asyncio.timeout(60):
                    while (await self.viewers.evaluate("trial.seen('outage')"))["frames"] <= before:
                        await asyncio.sleep(0.05)
                return loop.time() - back_s
            finally:
                returning.cancel()

    async def _keep_publishing(self) -> None:
        """What the studio does: a session whose connection is lost is opened again, until one connects."""
        while True:
            await asyncio.sleep(RETRY_S)
            if await self.host.evaluate("trial.state('host')") == "connected":
                continue
            await self.server.publish(self.host, self.uplink)
            try:
                await connected(self.host, "host", PATIENCE_S)
            except TimeoutError:
                await self.host.evaluate("trial.leave('host')")


@asynccontextmanager
async def on_stage(make: Callable[[], AbstractAsyncContextManager[Server]]) -> AsyncIterator[Stage]:
    """A server with a publisher on a clear network."""
    async with make() as server, chromium_alone() as browser:
        with pages_served({"/": "<!doctype html><title>Trial</title><body>"}) as url:
            host, viewers = await browser.new_page(), await browser.new_page()
            for page in (host, viewers):
                await page.add_init_script(_SCRIPT)
                await page.goto(url)
            with bad_network(ADDRESS, Weather(), 7) as uplink:
                await server.publish(host, uplink)
                await connected(host, "host")
                yield Stage(server, host, viewers, uplink)


async def run(quick: bool) -> tuple[dict[str, dict[str, Outcome]], float | None]:
    """Every trial on every server; then the outage, on ours."""
    groups = [[CLEAR, *QUICK]] if quick else [[CLEAR, name] for name in TRIALS if name != CLEAR]
    seconds = 6.0 if quick else 30.0
    makers: dict[str, Callable[[], AbstractAsyncContextManager[Server]]] = {"ours": ours}
    if is_installed():
        makers["janus"] = janus
    else:
        print("SKIPPED: Janus is not installed (Debian: apt install janus); only our own figures follow.")
    outcomes: dict[str, dict[str, Outcome]] = {}
    resume_s = None
    for server, make in makers.items():
        async with on_stage(make) as stage:
            outcomes[server] = {}
            for number, names in enumerate(groups):
                found = await stage.trial(names, SETTLE_S[quick], seconds, 1000 * number)
                if number:
                    found[f"{CLEAR} beside {names[1]}"] = found.pop(CLEAR)
                outcomes[server] |= found
            if server == "ours":
                resume_s = await stage.outage(5.0 if quick else OUTAGE_S)
    return outcomes, resume_s


def figures_of(outcomes: dict[str, dict[str, Outcome]], resume_s: float | None, quick: bool) -> dict[str, float]:
    """The keys of the last line. A quick run's outage is not a minute's, so it has no figure."""
    figures = {
        "freeze_share_loss5": outcomes["ours"]["loss5"].share,
        "freeze_share_loss10": outcomes["ours"]["loss10"].share,
    }
    if "janus" in outcomes:
        figures["janus_freeze_share_loss5"] = outcomes["janus"]["loss5"].share
    if resume_s is not None and not quick:
        figures["outage60_resume_s"] = resume_s
    return figures


def main() -> None:
    """Read the command line, move into a namespace, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two trials at once, briefly")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            sys.exit("This needs a network namespace of its own: run it as root, with iproute2 installed.")
        again = [sys.executable, "-m", "benchmarks.netem", "--inside", *sys.argv[1:]]
        sys.exit(subprocess.call(["unshare", "--net", "sh", "-c", IN_NAMESPACE, "sh", *again]))
    outcomes, resume_s = asyncio.run(run(given.quick))
    rows = [
        (
            name,
            server,
            o.frames_per_s,
            round(o.freezes),
            o.freeze_s,
            f"{o.share:.1%}",
            round(o.height_px),
            round(o.lost),
        )
        for server, found in outcomes.items()
        for name, o in found.items()
    ]
    columns = ("trial", "server", "frames/s", "freezes", "freeze s", "of the time", "height", "packets lost")
    show_table("Chromium viewers on bad networks (a proxy in user space)", columns, sorted(rows))
    if resume_s is not None:
        print(f"Host without network for {5 if given.quick else 60} s: picture back {resume_s:.1f} s after its return.")
    conclude("netem", figures_of(outcomes, resume_s, given.quick), {"quick": given.quick, "network": "userspace"})


if __name__ == "__main__":
    main()
