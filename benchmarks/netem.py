"""How the picture holds on a bad network: Chromium viewers of ours and of Janus' videoroom, side by side.

Random loss, loss in bursts, jitter, reordering, one viewer capped at 500 kbit/s, and a host without network for a
minute. Chromium publishes 720p; each viewer reaches the server through a network of its own (`harness.bad_network`:
a proxy in user space, since many kernels lack sch_netem), and a viewer without trouble watches beside it to tell the
machine's own freezes. Freezes, their length and decoded frames are Chromium's own statistics.

Every trial can be run alone (``--only loss5 --server ours``); its outcome takes the place of the older one in
``results/netem_trials.csv``, and the last line is made of all that stand there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from benchmarks.harness.bad_network import BadNetwork, Weather, bad_network
from benchmarks.harness.figures import RESULTS, conclude, show_table
from benchmarks.harness.trial_table import Outcome, Outcomes, conditions, merge_outcomes
from benchmarks.peers.janus import is_installed
from benchmarks.peers.trial_servers import Server, janus, ours
from benchmarks.relay import ADDRESS, IN_NAMESPACE
from tests.browser import chromium_alone
from tests.page_serving import pages_served

SETTLE_S = 8.0
"""Chromium's encoder climbs to its full picture meanwhile."""
QUICK_SETTLE_S = 4.0
RETRY_S = 1.0
PATIENCE_S = 3.0
CLEAR = "clear"
OUTAGE = "outage60"
OUTAGE_S = 60.0
KEPT = RESULTS / "netem_trials.csv"
_SCRIPT = (Path(__file__).parent / "harness/trial_peers.js").read_text()

TRIALS = {
    CLEAR: Weather(),
    "loss2": Weather(loss=0.02),
    "loss5": Weather(loss=0.05),
    "loss10": Weather(loss=0.10),
    "loss20": Weather(loss=0.20),
    "far5": Weather(loss=0.05, delay_s=0.04),
    "bursts5": Weather(burst=0.05),
    "jitter50": Weather(jitter_s=0.05),
    "reorder5": Weather(reorder_share=0.05),
    "cap500": Weather(cap_bps=500_000),
}
LAYERED = {"cap500"}
"""Trials whose host sends its picture in three sizes."""
QUICK = ["loss5", "loss10"]
FIGURES = {
    "freeze_share_loss5": ("ours", "loss5"),
    "janus_freeze_share_loss5": ("janus", "loss5"),
    "freeze_share_loss10": ("ours", "loss10"),
}
SERVERS: dict[str, Callable[[], AbstractAsyncContextManager[Server]]] = {"ours": ours, "janus": janus}


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
    is_layered: bool

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
            await self.server.publish(self.host, self.uplink, is_layered=self.is_layered)
            try:
                await connected(self.host, "host", PATIENCE_S)
            except TimeoutError:
                await self.host.evaluate("trial.leave('host')")


@asynccontextmanager
async def on_stage(
    make: Callable[[], AbstractAsyncContextManager[Server]], *, is_layered: bool
) -> AsyncIterator[Stage]:
    """A server with a publisher on a clear network."""
    async with make() as server, chromium_alone() as browser:
        with pages_served({"/": "<!doctype html><title>Trial</title><body>"}) as url:
            host, viewers = await browser.new_page(), await browser.new_page()
            for page in (host, viewers):
                await page.add_init_script(_SCRIPT)
                await page.goto(url)
            with bad_network(ADDRESS, Weather(), 7) as uplink:
                await server.publish(host, uplink, is_layered=is_layered)
                await connected(host, "host")
                if is_layered:
                    async with asyncio.timeout(60):
                        while await host.evaluate("trial.layersSent('host')") < 3:
                            await asyncio.sleep(0.2)
                yield Stage(server, host, viewers, uplink, is_layered)


async def run(names: list[str], servers: list[str], seconds: float, *, together: bool) -> Outcomes:
    """The trials on every server; ``together``: all at the same time, to be quick."""
    outcomes: Outcomes = {}
    for server in servers:
        for is_layered in (False, True):
            watched = [name for name in names if name not in (CLEAR, OUTAGE) and (name in LAYERED) == is_layered]
            groups = [[CLEAR, *watched]] if together and watched else [[CLEAR, name] for name in watched]
            has_outage = OUTAGE in names and server == "ours" and not is_layered
            if not groups and not has_outage:
                continue
            settle_s = QUICK_SETTLE_S if together else SETTLE_S
            async with on_stage(SERVERS[server], is_layered=is_layered) as stage:
                for number, group in enumerate(groups):
                    found = await stage.trial(group, settle_s, seconds, 1000 * number)
                    found[f"{CLEAR} beside {group[1]}"] = found.pop(CLEAR)
                    outcomes |= {(server, name): outcome for name, outcome in found.items()}
                if has_outage:
                    resume_s = await stage.outage(OUTAGE_S)
                    outcomes[server, OUTAGE] = Outcome(0, 0, 0, 0, 0, 0, resume_s)
    return outcomes


def figures_of(outcomes: Outcomes) -> dict[str, float]:
    """The keys of the last line."""
    figures = {key: outcomes[place].share for key, place in FIGURES.items() if place in outcomes}
    outage = outcomes.get(("ours", OUTAGE))
    return figures if outage is None else {**figures, "outage60_resume_s": outage.resume_s}


def show(outcomes: Outcomes) -> None:
    """Print what the viewers saw."""
    rows = [
        (
            trial,
            server,
            seen.frames_per_s,
            round(seen.freezes),
            seen.freeze_s,
            f"{seen.share:.1%}",
            round(seen.height_px),
            round(seen.lost),
        )
        for (server, trial), seen in outcomes.items()
        if trial != OUTAGE
    ]
    columns = ("trial", "server", "frames/s", "freezes", "freeze s", "of the time", "height", "packets lost")
    show_table("Chromium viewers on bad networks (a proxy in user space)", columns, sorted(rows))
    outage = outcomes.get(("ours", OUTAGE))
    if outage is not None:
        print(f"Host without network for {OUTAGE_S:g} s: picture back {outage.resume_s:.1f} s after its return.")


def main() -> None:
    """Read the command line, move into a namespace, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two trials at once, briefly; nothing is kept")
    names = [name for name in TRIALS if name != CLEAR]
    parser.add_argument("--only", nargs="+", choices=[*names, OUTAGE], default=[*names, OUTAGE], help="some trials")
    parser.add_argument("--server", nargs="+", choices=SERVERS, default=list(SERVERS), help="one server")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of a trial")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            sys.exit("This needs a network namespace of its own: run it as root, with iproute2 installed.")
        again = [sys.executable, "-m", "benchmarks.netem", "--inside", *sys.argv[1:]]
        sys.exit(subprocess.call(["unshare", "--net", "sh", "-c", IN_NAMESPACE, "sh", *again]))
    servers = given.server
    if "janus" in servers and not is_installed():
        print("SKIPPED: Janus is not installed (Debian: apt install janus); only our own figures follow.")
        servers = [server for server in servers if server != "janus"]
    seconds = 6.0 if given.quick else given.seconds
    found = asyncio.run(run(QUICK if given.quick else given.only, servers, seconds, together=given.quick))
    with tempfile.TemporaryDirectory() as folder:
        kept = merge_outcomes(Path(folder) / KEPT.name if given.quick else KEPT, found, conditions(seconds))
    show(kept)
    conclude("netem", figures_of(kept), {"quick": given.quick, "network": "userspace", "seconds": seconds})


if __name__ == "__main__":
    main()
