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
import tempfile
import threading
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2

from avatar.direction.director import Director, DirectorOptions
from avatar.encoder import Encoder, EncoderOptions
from avatar.errors import AvatarError
from avatar.live import Player
from avatar.model import Rundown, language_of
from avatar.performance import Performance, Step
from avatar.speech.voices import VoiceOptions, open_voices
from avatar.stage.stage import Stage, StageOptions
from stream_server.clock import SystemClock
from stream_server.demo.certificate import write_certificate
from stream_server.signaling.resources import Show
from stream_server.virtual_host.captioner import CaptionedLog, Captioner
from stream_server.virtual_host.door import ShopDoor, read_show
from stream_server.virtual_host.dub_words import open_translator
from stream_server.virtual_host.dubs import HeardLog, HostDubs, Overheard, WhipSinks, offered
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.news import ShowNews
from stream_server.virtual_host.presenter import Presenter
from stream_server.virtual_host.session_process import TOKEN_ENV
from stream_server.virtual_host.speech_log import ShowSpeechLog
from stream_server.virtual_host.wire import LiveWire

logger = logging.getLogger(__name__)

HANDSHAKE_TIMEOUT_MS = 5000
ALIVE_EVERY_S = 1.0
KEYFRAME_S = 1.0
"""The relay takes over on a keyframe, and FFmpeg's muxer does not hear requests for one: they come often."""
CAPTIONED = ("en", "es", "zh")
"""Languages that the script's lines are put into for captions, where its phrases know how."""
LOOP_STUCK_S = 10.0
"""A mind that does not answer for so long is as dead as a stage that does not draw: no more signs."""


class OnAir:
    """Stage, encoder and player, in a thread; the mind hangs on `on_step`."""

    def __init__(self, performance: Performance, stage: Stage, url: str, token: str, options: EncoderOptions) -> None:
        self._performance, self._stage = performance, stage
        self._url, self._token, self._options = url, token, options
        self._stop = threading.Event()
        self._clock = SystemClock()
        self.heard_s = self._clock.monotonic_s()
        """When the mind was last seen alive; it writes this itself."""

    def stop(self) -> None:
        """End the session properly; from any thread."""
        self._stop.set()

    def play(self, presenter: Presenter, captioner: Captioner, dubs: HostDubs) -> None:
        """Publish until `stop`. Blocks. Raises: OutputFailed when the server refuses or drops us."""
        told_s, product = float("-inf"), ""

        def on_step(step: Step) -> None:
            nonlocal told_s, product
            presenter.on_step(step)
            if step.started is not None and step.started.beat == "present":
                product = step.started.product_id or product
            captioner.on_step(step)
            dubs.on_step(step)
            now_s = self._clock.monotonic_s()
            # By the clock: on a machine that is late, steps are left out.
            if now_s - told_s >= ALIVE_EVERY_S and now_s - self.heard_s < LOOP_STUCK_S:
                told_s = now_s
                os.write(sys.stdout.fileno(), f"{product}\n".encode())

        with tempfile.TemporaryDirectory(prefix="vitrine-host-") as folder:
            certificate = write_certificate(Path(folder), self._clock)
            whip = {
                "authorization": self._token,
                "cert_file": str(certificate.certificate),
                "key_file": str(certificate.key),
                "handshake_timeout": str(HANDSHAKE_TIMEOUT_MS),
            }
            o = self._options
            options = EncoderOptions(
                o.width, o.height, o.fps, live=True, format="whip", muxer_options=whip, keyframe_s=KEYFRAME_S
            )
            with Encoder(self._url, options) as encoder:
                logger.info("on air at %s (%s)", self._url, encoder.encoder_name)
                Player(self._performance, self._stage, encoder).play_live(self._clock, self._stop.wait, on_step)


async def present(base_url: str, show_id: str, token: str, own_id: str, options: argparse.Namespace) -> None:
    """Host a show until cancelled. Raises: OSError, AvatarError, ExceptionGroup of them."""
    size = EncoderOptions(options.width, options.height)
    spoken = VoiceOptions(only={language_of(options.lang): options.voice} if options.voice else {})
    async with (
        httpx2.AsyncClient(trust_env=False) as client,
        open_voices(spoken) as voices,
        AsyncExitStack() as stack,
    ):
        door = ShopDoor(client, base_url)
        show = await door.show(show_id)
        door.currency = show.currency
        rundown, products, pictures = await read_show(door, show, options.seconds)
        stage = Stage(StageOptions(size.width, size.height, size.fps, options.lang))
        for product_id, url in pictures.items():
            try:
                stage.set_picture(product_id, await door.picture(url))
            except OSError as error:
                logger.warning("a product's picture is missing: %s", error)
        clock = ShowClock(SystemClock())
        wire = LiveWire(base_url, show_id, token)
        captioner = Captioner(wire, clock)
        whip_url = f"{base_url}/whip/{show_id}"
        sinks = stack.enter_context(WhipSinks(whip_url, token, SystemClock()))
        dubs = HostDubs(
            door, show_id, sinks.open, SystemClock(), translator=lambda: open_translator(products, options.lang)
        )
        director = Director(
            _rotated(rundown, options.after),
            products,
            door,
            clock,
            CaptionedLog(HeardLog(ShowSpeechLog(wire), dubs), captioner),
            DirectorOptions(lang=options.lang, also_in=CAPTIONED, market=options.market, seed=_seed(show)),
        )
        performance = Performance(size.fps)
        presenter = Presenter(
            director,
            Overheard(voices, dubs),
            performance,
            wire,
            ShowNews(own_id),
            clock,
            options.lang,
            options.patience,
        )
        offers = ",".join(offered(options.lang)).replace("+", "%2B")
        on_air = OnAir(performance, stage, f"{whip_url}?offers={offers}", token, size)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_beat(on_air, clock), name="heartbeat")
                group.create_task(presenter.run(), name="presenter")
                group.create_task(dubs.run(), name="dubs")
                group.create_task(asyncio.to_thread(on_air.play, presenter, captioner, dubs), name="on air")
        finally:
            on_air.stop()


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
    parser.add_argument("--seconds", type=float, default=60.0, help="each product's turn")
    parser.add_argument("--voice", default="", help="beginning of a speech engine's name; default: the best one")
    parser.add_argument("--patience", type=float, default=2.0, help="seconds on air before it begins to speak")
    parser.add_argument("--after", default="", help="the product that was presented last")
    parser.add_argument("--width", type=int, default=540)
    parser.add_argument("--height", type=int, default=960)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("websockets").setLevel(logging.WARNING)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(TOKEN_ENV, "")  # noqa: TID251
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
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
