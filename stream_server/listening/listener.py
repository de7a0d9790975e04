"""Listens to one show's host: sound from the relay, speech to a recogniser, lines and orders to the live channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2

from avatar.listening.ports import SAMPLE_RATE, CommandHearer, Recogniser
from avatar.listening.voice_activity import VoiceActivity
from avatar.listening.voice_commands import VoiceCommand
from stream_server.captions.listening import ListeningState
from stream_server.clock import Clock
from stream_server.ids import new_id
from stream_server.listening.dictation import HeardLine
from stream_server.listening.orders import Floor, order_of
from stream_server.listening.speech_queue import SpeechQueue
from stream_server.listening.understanding import Understanding
from stream_server.media.ear import Join, StampedSound, show_ms, sound_of
from stream_server.signaling.caption_lines import HostHearing
from stream_server.signaling.messages import (
    ClientCommand,
    Counters,
    GrowCaption,
    TellCaption,
    TellHeardCommand,
    TellListening,
    Welcome,
)
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.wire import Wire

logger = logging.getLogger(__name__)

JOIN_AGAIN_S = 1.0
TELL_EVERY_S = 5.0
BEHIND_S = 10.0
"""So long after speech was left out the studio says that captions are behind."""
HEARING_S = 6.0
DEAF_S = 3.0
GROW_EVERY_S = 0.4
"""Every viewer is told each time a line grows."""
STUCK_S = 30.0
"""A recogniser that does not answer for so long hangs: no more signs of life. Opening a model takes some of it."""


@dataclass(frozen=True)
class Ears:
    """What one show's host is understood with."""

    recogniser: Recogniser
    commands: CommandHearer | None
    language: str
    """Primary subtag."""


class HostListener:
    """One show's. `run` works until it is cancelled."""

    def __init__(self, ears: Ears, wire: Wire, join: Join, clock: Clock, *, is_near: bool) -> None:
        """``join`` takes an offer to the show's WHEP endpoint; ``is_near``: the server is on this machine."""
        self._ears, self._wire, self._join, self._is_near = ears, wire, join, is_near
        self._clock = clock
        self._show_clock = ShowClock(clock)
        self._floor = Floor()
        self._voice = VoiceActivity()
        self._queue = SpeechQueue()
        self._understanding = Understanding(ears.recogniser, ears.commands, ears.language, lambda: new_id("ear"))
        self._sounded_s = self._worded_s = self._left_out_s = self._grew_s = float("-inf")
        self._busy_since_s: float | None = None

    async def run(self, alive: Callable[[], None]) -> None:
        """Listen; ``alive`` is called once a second while nothing hangs. Raises: ListeningUnavailable."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow(), name="live channel")
            group.create_task(self._wire.deliver(), name="deliver")
            group.create_task(self._listen(), name="sound")
            group.create_task(self._understand(), name="recogniser")
            group.create_task(self._tell(alive), name="state")

    async def _follow(self) -> None:
        async with aclosing(self._wire.messages()) as messages:
            async for message in messages:
                self._floor.see(message)
                if isinstance(message, Welcome | Counters):
                    self._show_clock.at_show_ms(message.clock.show_ms)

    # ---- from the sound to words

    async def _listen(self) -> None:
        while True:
            try:
                async with aclosing(sound_of(self._join, SAMPLE_RATE, is_near=self._is_near)) as sound:
                    async for part in sound:
                        self._hear(part)
            except OSError as error:
                logger.info("no sound: %s", error)
            self._put_end()
            await asyncio.sleep(JOIN_AGAIN_S)

    def _hear(self, part: StampedSound) -> None:
        if not self._floor.is_spoken_by_host:
            self._put_end()
            return
        self._sounded_s = self._clock.monotonic_s()
        before = self._queue.left_out
        for stretch in self._voice.take(part.pcm, show_ms(part.rtp, self._show_clock.show_ms())):
            self._queue.put(stretch)
        if self._queue.left_out > before:
            self._left_out_s = self._sounded_s

    def _put_end(self) -> None:
        for stretch in self._voice.end():
            self._queue.put(stretch)

    async def _understand(self) -> None:
        while True:
            stretch = await self._queue.take()
            self._busy_since_s = self._clock.monotonic_s()
            found = await asyncio.to_thread(self._understanding.hear, stretch)
            self._busy_since_s = None
            for one in found:
                if isinstance(one, HeardLine):
                    self._worded_s = self._clock.monotonic_s()
                    if one.is_whole or self._worded_s - self._grew_s >= GROW_EVERY_S:
                        self._grew_s = self._worded_s
                        self._say(one)
                else:
                    self._obey(one)

    # ---- to the live channel

    def _say(self, line: HeardLine) -> None:
        fields: dict[str, Any] = {
            "utterance_id": line.utterance_id,
            "language": self._ears.language,
            "text": line.text,
            "marks": [list(mark) for mark in line.marks],
            "end_ms": line.end_ms,
        }
        if line.is_whole:
            self._wire.send(lambda ref: TellCaption(ref=ref, is_heard=True, **fields))
        else:
            self._wire.send(lambda ref: GrowCaption(ref=ref, **fields))

    def _obey(self, heard: VoiceCommand) -> None:
        order = order_of(heard, self._floor)
        for command in order.commands:
            self._wire.send(partial(_under, command))
        undo = list(order.undo)
        self._wire.send(lambda ref: TellHeardCommand(ref=ref, heard=heard, product_id=order.product_id, undo=undo))

    async def _tell(self, alive: Callable[[], None]) -> None:
        told: ListeningState | None = None
        told_s = float("-inf")
        while True:
            now_s = self._clock.monotonic_s()
            state = self._state(now_s)
            if self._wire.is_open and (state != told or now_s - told_s >= TELL_EVERY_S):
                told, told_s = state, now_s
                hearing = HostHearing(
                    state=state,
                    language=self._ears.language,
                    engine=self._ears.recogniser.info.engine,
                    left_out_s=round(self._queue.left_out_s, 1),
                    hears_commands=self._ears.commands is not None,
                )
                self._wire.send(partial(_told, hearing))
            if self._busy_since_s is None or now_s - self._busy_since_s < STUCK_S:
                alive()
            await asyncio.sleep(1.0)

    def _state(self, now_s: float) -> ListeningState:
        if not self._floor.is_spoken_by_host or now_s - self._sounded_s > DEAF_S:
            return "waiting"
        if now_s - self._left_out_s < BEHIND_S:
            return "behind"
        return "hearing" if now_s - self._worded_s < HEARING_S else "listening"


def _under(command: ClientCommand, ref: str) -> ClientCommand:
    return command.model_copy(update={"ref": ref})


def _told(hearing: HostHearing, ref: str) -> ClientCommand:
    return TellListening(ref=ref, hearing=hearing)


class WhepDoor:
    """The show's WHEP endpoint; one session at a time. Leaves the last one on `close`."""

    def __init__(self, client: httpx2.AsyncClient, base_url: str, show_id: str) -> None:
        """``client`` is closed by its owner."""
        self._client, self._base_url, self._show_id = client, base_url, show_id
        self._session: str | None = None

    async def join(self, offer: str) -> str:
        """See `media.ear.Join`."""
        await self.close()
        try:
            reply = await self._client.post(
                f"{self._base_url}/whep/{self._show_id}",
                content=offer,
                headers={"Content-Type": "application/sdp"},
                timeout=5.0,
            )
        except httpx2.HTTPError as error:
            raise OSError(f"WHEP: {error or type(error).__name__}") from error
        if reply.status_code != 201:
            raise OSError(f"WHEP: {reply.status_code}")
        self._session = reply.headers.get("location")
        return reply.text

    async def close(self) -> None:
        """Leave the session. May be called twice."""
        session, self._session = self._session, None
        if session is None:
            return
        address = session if session.startswith("http") else self._base_url + session
        try:
            await self._client.delete(address, timeout=2.0)
        except httpx2.HTTPError as error:
            logger.info("the session was not left: %s", error or type(error).__name__)
