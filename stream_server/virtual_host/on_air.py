"""Stage, encoder and player of a host, in a thread of their own; the mind hangs on `on_step`."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from avatar.encoder import Encoder, EncoderOptions
from avatar.live import Player
from avatar.performance import Performance, Step
from avatar.stage.look import Look
from avatar.stage.stage import Stage
from stream_server.clock import SystemClock
from stream_server.demo.certificate import write_certificate
from stream_server.virtual_host.captioner import Captioner
from stream_server.virtual_host.dubs import HostDubs
from stream_server.virtual_host.performer import Performer
from stream_server.virtual_host.presenter import Presenter

logger = logging.getLogger(__name__)

HANDSHAKE_TIMEOUT_MS = 5000
ALIVE_EVERY_S = 1.0
KEYFRAME_S = 1.0
"""The relay takes over on a keyframe, and FFmpeg's muxer does not hear requests for one: they come often."""
LOOP_STUCK_S = 10.0
"""A mind that does not answer for so long is as dead as a stage that does not draw: no more signs."""


class StageErrands:
    """What the mind wants done on the stage, done in the thread that draws: one thing between two pictures."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def hang_picture(self, product_id: str, data: bytes) -> None:
        """A product's picture, for when it is presented."""
        self._waiting.put(lambda: self._stage.set_picture(product_id, data))

    def dress(self, look: Look) -> None:
        """Another outfit."""
        self._waiting.put(lambda: self._stage.set_look(look))

    def run_one(self) -> None:
        """The next errand, if there is one; from the thread that draws."""
        with suppress(Empty):
            self._waiting.get_nowait()()


class OnAir:
    """Stage, encoder and player, in a thread; the mind hangs on `on_step`."""

    def __init__(
        self,
        performance: Performance,
        stage: Stage,
        errands: StageErrands,
        url: str,
        token: str,
        options: EncoderOptions,
    ) -> None:
        self._performance, self._stage, self._errands = performance, stage, errands
        self._url, self._token, self._options = url, token, options
        self._stop = threading.Event()
        self._clock = SystemClock()
        self.heard_s = self._clock.monotonic_s()
        """When the mind was last seen alive; it writes this itself."""

    def stop(self) -> None:
        """End the session properly; from any thread."""
        self._stop.set()

    def play(self, presenter: Presenter, captioner: Captioner, performer: Performer, dubs: HostDubs) -> None:
        """Publish until `stop`. Blocks. Raises: OutputFailed when the server refuses or drops us."""
        told_s, product = float("-inf"), ""

        def on_step(step: Step) -> None:
            nonlocal told_s, product
            presenter.on_step(step)
            self._errands.run_one()
            if step.started is not None and step.started.beat == "present":
                product = step.started.product_id or product
            captioner.on_step(step)
            performer.on_step(step)
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
