"""One virtual host on air, from the POST to the DELETE; runs as a process of its own.

FFmpeg's WHIP muxer may hang for good (see `stream_server.demo.session`), and speech and drawing are other people's
native code: so this process tells its parent that it is alive by a line a second, and is killed when the lines stop.
The line names the product that is presented, for whoever goes on after it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2

from avatar.direction.director import Director, DirectorOptions
from avatar.encoder import EncoderOptions
from avatar.errors import AvatarError
from avatar.model import LANGUAGES, Rundown, language_of
from avatar.mood.classifier import MoodModel
from avatar.mood.message import Classifier
from avatar.performance import Performance
from avatar.speech.voices import VoiceOptions, open_voices
from avatar.stage.look import Look
from avatar.stage.stage import Stage, StageOptions
from avatar.wardrobe import outfit
from stream_server.clock import SystemClock
from stream_server.signaling.resources import AiTicket, Show
from stream_server.virtual_host.backstage import Backstage, stage_show
from stream_server.virtual_host.captioner import CaptionedLog, Captioner
from stream_server.virtual_host.door import ShopDoor
from stream_server.virtual_host.dub_words import open_translator
from stream_server.virtual_host.dubs import HeardLog, HostDubs, Overheard, WhipSinks, offered
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.news import ShowNews
from stream_server.virtual_host.on_air import OnAir, StageErrands
from stream_server.virtual_host.performer import Performer
from stream_server.virtual_host.presenter import Presenter
from stream_server.virtual_host.session_process import CUE, TOKEN_ENV
from stream_server.virtual_host.speech_log import ShowSpeechLog
from stream_server.virtual_host.wire import LiveWire

logger = logging.getLogger(__name__)


async def present(base_url: str, show_id: str, token: str, own_id: str, options: argparse.Namespace) -> None:
    """Host a show until cancelled. Raises: OSError, AvatarError, ExceptionGroup of them."""
    size = EncoderOptions(options.width, options.height)
    async with (
        httpx2.AsyncClient(trust_env=False) as client,
        AsyncExitStack() as stack,
    ):
        door = ShopDoor(client, base_url)
        show = await door.show(show_id)
        door.currency = show.currency
        clock = ShowClock(SystemClock())
        staging = await stage_show(door, show, clock.now())
        plan, products = staging.plan, staging.products
        spoken = VoiceOptions(only={language_of(options.lang): plan.voice} if plan.voice else {})
        voices = await stack.enter_async_context(open_voices(spoken))
        look = outfit(plan.outfit)
        stage = Stage(StageOptions(size.width, size.height, size.fps, options.lang), look)
        for product_id, url in staging.pictures.items():
            try:
                stage.set_picture(product_id, await door.picture(url))
            except OSError as error:
                logger.warning("a product's picture is missing: %s", error)
        wire = LiveWire(base_url, show_id, token)
        captioner = Captioner(wire, clock)
        performer = Performer(wire, clock, look)
        whip_url = f"{base_url}/whip/{show_id}"
        sinks = stack.enter_context(WhipSinks(whip_url, token, SystemClock()))
        dubs = HostDubs(
            door, show_id, sinks.open, SystemClock(), translator=lambda: open_translator(products, options.lang)
        )
        director = Director(
            _rotated(staging.rundown, options.after),
            products,
            door,
            clock,
            CaptionedLog(HeardLog(ShowSpeechLog(wire), dubs), captioner),
            DirectorOptions(
                lang=options.lang, also_in=LANGUAGES, market=options.market, time_zone=plan.time_zone, seed=_seed(show)
            ),
        )
        performance = Performance(size.fps)
        errands = StageErrands(stage)

        def dress(other: Look) -> None:
            """The host as she is drawn here, and as those draw her who do it themselves."""
            errands.dress(other)
            performer.dress(other)

        backstage = Backstage(
            *(door, show_id, staging, director, voices, options.lang, clock), errands.hang_picture, dress
        )
        presenter = Presenter(
            director,
            Overheard(voices, dubs),
            performance,
            wire,
            ShowNews(own_id),
            clock,
            options.lang,
            options.patience,
            backstage,
            await _classifier(stack, options.mood_model),
            is_understudy=options.understudy,
        )
        presenter.desk.restore(await _open_tickets(door, show_id, token))
        offers = ",".join(offered(options.lang)).replace("+", "%2B")
        on_air = OnAir(performance, stage, errands, f"{whip_url}?offers={offers}", token, size)
        this = asyncio.current_task()
        assert this is not None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_beat(on_air, clock), name="heartbeat")
                group.create_task(presenter.run(), name="presenter")
                group.create_task(dubs.run(), name="dubs")
                group.create_task(backstage.run(), name="backstage")
                group.create_task(_follow_cues(presenter, this.cancel, is_understudy=options.understudy), name="cues")
                group.create_task(asyncio.to_thread(on_air.play, presenter, captioner, performer, dubs), name="on air")
        finally:
            on_air.stop()


async def _follow_cues(presenter: Presenter, leave: Callable[[], object], *, is_understudy: bool) -> None:
    """The keeper's cue: an understudy takes over, whoever has the show leaves after the line."""
    cue = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(CUE, cue.set)
    if is_understudy:
        await cue.wait()
        cue.clear()
        presenter.call()
    await cue.wait()
    await presenter.retire()
    leave()


async def _classifier(stack: AsyncExitStack, directory: Path | None) -> Classifier | None:
    return None if directory is None else await stack.enter_async_context(MoodModel.open(directory))


async def _open_tickets(door: ShopDoor, show_id: str, token: str) -> list[AiTicket]:
    try:
        return await door.open_tickets(show_id, token)
    except OSError as error:
        logger.warning("questions for a person were not read again: %s", error)
        return []


async def _beat(on_air: OnAir, clock: ShowClock) -> None:
    while True:
        on_air.heard_s = clock.monotonic_s()
        await asyncio.sleep(1.0)


def _rotated(rundown: Rundown, after: str) -> Rundown:
    """The rundown from the product behind ``after`` on: a host that was restarted goes on where it was."""
    ids = [item.product_id for item in rundown.items]
    if after not in ids:
        return rundown
    first = (ids.index(after) + 1) % len(ids)
    return Rundown((*rundown.items[first:], *rundown.items[:first]), rundown.title)


def _seed(show: Show) -> int:
    return sum(show.show_id.encode())


def main() -> int:
    """Run as a process: 0 when told to stop, 1 when the session broke (the reason is on standard error)."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.virtual_host.session", description=__doc__)
    parser.add_argument("--server", required=True, help="base URL of the server")
    parser.add_argument("--show", required=True)
    parser.add_argument("--own-id", required=True, help="the person as whom it acts")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--market", default="us")
    parser.add_argument("--patience", type=float, default=2.0, help="seconds on air before it begins to speak")
    parser.add_argument("--after", default="", help="the product that was presented last")
    parser.add_argument("--mood-model", type=Path, help="directory of a sentiment classifier; default: the lexicon")
    parser.add_argument("--understudy", action="store_true", help="be silent until SIGUSR1")
    parser.add_argument("--width", type=int, default=540)
    parser.add_argument("--height", type=int, default=960)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("websockets").setLevel(logging.WARNING)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(TOKEN_ENV, "")  # noqa: TID251
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    signal.signal(CUE, signal.SIG_IGN)  # too early to mean anything
    return asyncio.run(_until_stopped(options, token))


async def _until_stopped(options: argparse.Namespace, token: str) -> int:
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    status = 1
    try:
        try:
            await present(options.server, options.show, token, options.own_id, options)
        except asyncio.CancelledError:
            status = 0  # the only one who cancels is the signal above; nothing is left to do
    except* (OSError, AvatarError) as group:
        for error in group.exceptions:
            logger.warning("session ended: %s", error)
    return status


if __name__ == "__main__":
    sys.exit(main())
