"""The host's loop: what happens in the show → the director's next line → voice → performance; and its hands.

The player pulls the performance in a thread of its own and tells by `on_step` what began and ended; everything else is
one event loop. A line is asked for only when the one before has ended: price and stock are read then, not earlier.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing

from avatar.direction.director import Director
from avatar.errors import AvatarError
from avatar.model import ChatAsked, Cue, HumanLeft, HumanReturned, Line, MoodChanged
from avatar.mood.message import sounds
from avatar.mood.room import Room
from avatar.performance import Ended, Performance, Spoken, Step
from avatar.speech.ports import Speaker
from stream_server.signaling.messages import (
    MAX_CHAT_CHARS,
    AiDirected,
    ChatSaid,
    Counters,
    InviteToTryOn,
    Pin,
    PresenterChanged,
    SendChat,
    ServerMessage,
    ShowStatus,
    StatusChanged,
    Welcome,
)
from stream_server.signaling.messages import Presenter as Who
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.news import ShowNews
from stream_server.virtual_host.wire import LiveWire

logger = logging.getLogger(__name__)

SILENT_RETRY_S = 0.2
"""How soon a silent host (paused, a human has the floor) looks for something to say again."""
MOOD_EVERY_S = 60.0
INTERRUPT_AGAIN_S = 6.0
"""Between two questions that cut the host short: a busy chat must not keep it from finishing any sentence."""
LOST_AFTER_S = 0.25
"""A line that was forgotten by an interruption before it began is noticed within so long."""
CUT_FOR_QUESTION = frozenset({"present", "demonstrate", "recap", "call_to_action", "small_talk", "react"})


class Presenter:
    """One show's host, as long as its `run` lasts."""

    def __init__(
        self,
        director: Director,
        voices: Speaker,
        performance: Performance,
        wire: LiveWire,
        news: ShowNews,
        clock: ShowClock,
        lang: str,
        patience_s: float,
    ) -> None:
        """All parts stay their owners'."""
        self._director, self._voices, self._performance = director, voices, performance
        self._wire, self._news, self._clock, self._lang = wire, news, clock, lang
        self._patience_s = patience_s
        self._is_on_air = asyncio.Event()
        self._status: ShowStatus = "scheduled"
        self._who: Who = "human"
        self._room = Room()
        self._ended = asyncio.Event()
        self._line: Line | None = None
        """What is being said, or is about to be."""
        self._key = 0
        self._interrupted_s = float("-inf")
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Present until cancelled. Whatever one line or one message breaks, the show goes on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="virtual host listens")
            group.create_task(self._wire.deliver(), name="virtual host's commands")
            group.create_task(self._speak(), name="virtual host speaks")
            group.create_task(self._feel(), name="mood of the room")

    def on_step(self, step: Step) -> None:
        """The player's thread tells what began and ended."""
        if step.started is not None:
            self._loop.call_soon_threadsafe(self._began, step.started)
        if step.ended is not None:
            self._loop.call_soon_threadsafe(self._over, step.ended)

    # ---- listening

    async def _listen(self) -> None:
        async with aclosing(self._wire.messages()) as messages:
            async for message in messages:
                try:
                    self._hear(message)
                except Exception:  # one message is a fault boundary
                    logger.exception("a message was not understood: %s", message.type)

    def _hear(self, message: ServerMessage) -> None:
        if isinstance(message, Welcome | Counters):
            self._clock.at_show_ms(message.clock.show_ms)
        if isinstance(message, Welcome) and message.state is not None:
            self._news.began(message.state)
            self._see_who_is_on_air(message.state.status, message.state.presenter)
        elif isinstance(message, StatusChanged):
            self._see_who_is_on_air(message.status, self._who)
        elif isinstance(message, PresenterChanged):
            self._see_who_is_on_air(self._status, message.presenter)
        elif isinstance(message, AiDirected):
            self._obey(message)
        is_question = False
        for event in self._news.of(message):
            reception = self._director.happened(event)
            if isinstance(event, ChatAsked):
                is_question = reception != "no_question"
                if reception == "queued":
                    self._cut_for_question()
        if isinstance(message, ChatSaid) and message.line.author.role == "viewer":
            sound = sounds(message.line.text, self._lang, is_question=is_question)
            self._room.hear(sound, self._clock.monotonic_s())

    def _obey(self, order: AiDirected) -> None:
        """The operator's word counts at once: what is being said stops with the next 20 ms."""
        operator = self._director.operator
        match order.act:
            case "skip":
                operator.skip_current()
            case "pause":
                operator.pause()
            case "resume":
                operator.resume()
            case "say":
                # The host answers for their own words; the log says whose they were.
                self._director.say_now(order.text, even_so=True)
        if order.act != "resume":
            self._performance.interrupt()

    def _see_who_is_on_air(self, status: ShowStatus, presenter: Who) -> None:
        """The relay has put us on the air, or the human host has it (back)."""
        self._status, self._who = status, presenter
        is_on_air = status == "live" and presenter == "ai"
        if is_on_air and not self._is_on_air.is_set():
            self._director.happened(HumanLeft())  # says a word about it if there was a human
            self._is_on_air.set()
        elif not is_on_air:
            self._is_on_air.clear()
            self._performance.interrupt()
            if status == "live":
                self._director.happened(HumanReturned())

    def _cut_for_question(self) -> None:
        """A question is answered at once, not when the host has finished the sentence."""
        line, now_s = self._line, self._clock.monotonic_s()
        if line is None or line.beat not in CUT_FOR_QUESTION or now_s - self._interrupted_s < INTERRUPT_AGAIN_S:
            return
        self._interrupted_s = now_s
        self._performance.interrupt()

    async def _feel(self) -> None:
        while True:
            await asyncio.sleep(MOOD_EVERY_S)
            minute, changed = self._room.minute(self._clock.monotonic_s())
            if changed:
                self._director.happened(MoodChanged(minute.mood))

    # ---- speaking

    async def _speak(self) -> None:
        while True:
            if not self._is_on_air.is_set():
                await self._is_on_air.wait()
                await asyncio.sleep(self._patience_s)
            self._ended.clear()
            try:
                said = await self._say_next()
            except AvatarError as error:
                logger.warning("a line was not said: %s", error)
                said = False
            except Exception:  # one line is a fault boundary
                logger.exception("a line was not said")
                said = False
            if said:
                await self._until_over()
            else:
                await asyncio.sleep(SILENT_RETRY_S)

    async def _until_over(self) -> None:
        while not self._ended.is_set():
            try:
                async with asyncio.timeout(LOST_AFTER_S):
                    await self._ended.wait()
            except TimeoutError:
                if self._performance.is_quiet:
                    break
        self._line = None

    async def _say_next(self) -> bool:
        generation = self._performance.generation
        line = await self._director.next_line()
        if line is None:
            return False
        utterance = await self._voices.say(line.text, line.lang)
        self._key += 1
        spoken = Spoken(
            utterance,
            gesture=line.gesture,
            beat=line.beat,
            product_id=line.product_id,
            question=line.question.text if line.question else None,
            pause_after_s=line.pause_after_s,
            key=self._key,
        )
        self._line = line
        return self._performance.say(spoken, generation)

    def _began(self, spoken: Spoken) -> None:
        line = self._line
        if line is None or spoken.key != self._key:
            return
        logger.info("[%s] %s", line.lang, line.text)
        if line.cue is not None:
            self._carry(line.cue)
        if line.question is not None:
            text = f"@{line.question.author} {line.text}"
            self._wire.send(lambda ref: SendChat(ref=ref, text=_fitting(text)))

    def _over(self, ended: Ended) -> None:
        if ended.spoken.key == self._key:
            self._ended.set()

    def _carry(self, cue: Cue) -> None:
        product_id = cue.product_id
        if product_id is None:
            return
        if cue.kind == "pin":
            self._news.pinning(product_id)
            self._wire.send(lambda ref: Pin(ref=ref, product_id=product_id))
        elif cue.kind == "show_try_on":
            self._wire.send(lambda ref: InviteToTryOn(ref=ref, product_id=product_id))


def _fitting(text: str) -> str:
    return text if len(text) <= MAX_CHAT_CHARS else text[: MAX_CHAT_CHARS - 1].rstrip() + "…"
