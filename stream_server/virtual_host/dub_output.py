"""One dub on its way to the relay: a thread of its own, because FFmpeg's WHIP muxer blocks, and may hang for good.

It is a daemon: whatever hangs there holds up neither the host nor the end of its process.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from avatar.errors import OutputFailed
from avatar.speech.ports import Pcm

logger = logging.getLogger(__name__)

MAX_WAITING = 50
"""A second of sound; when the network takes none, the oldest goes."""
NOTICE_S = 0.5
"""How soon a thread without sound notices that it is to end."""


class VoiceSink(Protocol):
    """Where the sound goes; `avatar.voice_encoder.VoiceEncoder` is one."""

    def write(self, first_sample: int, pcm: Pcm) -> None:
        """Take samples. Raises: OutputFailed."""

    def close(self) -> None:
        """Say goodbye. Raises: OutputFailed."""


class DubOutput:
    """``name`` is the dub's, ``es`` or ``es+original``. Starts at once, ends by `stop` or by itself when it fails."""

    def __init__(self, name: str, open_sink: Callable[[], VoiceSink]) -> None:
        """``open_sink`` is called in the thread and may block."""
        self.name = name
        self._open_sink = open_sink
        self._queue: queue.Queue[tuple[int, Pcm]] = queue.Queue(MAX_WAITING)
        self._stopped = threading.Event()
        self.has_failed = False
        self._thread = threading.Thread(target=self._run, name=f"dub {name}", daemon=True)
        self._thread.start()

    def put(self, first_sample: int, pcm: Pcm) -> None:
        """Take 20 ms; never waits."""
        if self._stopped.is_set():
            return
        try:
            self._queue.put_nowait((first_sample, pcm))
        except queue.Full:
            try:
                self._queue.get_nowait()
                self._queue.task_done()
                self._queue.put_nowait((first_sample, pcm))
            except (queue.Empty, queue.Full):
                return  # its own thread was quicker; the next 20 ms come soon

    def stop(self) -> None:
        """End it soon; returns at once. May be called twice."""
        self._stopped.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False when it hangs."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            sink = self._open_sink()
            try:
                while not self._stopped.is_set():
                    try:
                        taken = self._queue.get(timeout=NOTICE_S)
                    except queue.Empty:
                        continue
                    try:
                        sink.write(*taken)
                    finally:
                        self._queue.task_done()
            finally:
                sink.close()
        except OutputFailed as error:
            logger.warning("the dub %s ended: %s", self.name, error)
        except Exception:  # one dub is a fault boundary
            logger.exception("the dub %s broke", self.name)
        finally:
            self.has_failed = not self._stopped.is_set()
            self._stopped.set()
