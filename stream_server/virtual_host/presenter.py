"""The host's loop: what happens in the show → the director's next line → voice → performance; and its hands.

The player pulls the performance in a thread of its own and tells by `on_step` what began and ended; everything else is
one event loop. A line is asked for only when the one before has ended, so that price and stock are read then, or when
a viewer's question makes it give way: then the answer is made while it finishes its phrase.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from typing import Protocol

from avatar.direction.director import Director
from avatar.errors import AvatarError
from avatar.model import ChatAsked, Cue, HumanLeft, HumanReturned, Line, MoodChanged
from avatar.mood.message import Classifier, heard
from avatar.mood.room import Room
from avatar.performance import Ended, Performance, Spoken, Step
from avatar.speech.ports import Speaker
from stream_server.signaling.messages import (
    MAX_CHAT_CHARS,
    AiDirected,
    ChatSaid,
    Counters,
    InvitedWay,
    InviteToTryOn,
    Pin,
    PresenterChanged,
    ProductChanged,
    SendChat,
    ServerMessage,
    ShowStatus,
    ShowTheOffer,
    StatusChanged,
    Welcome,
)
from stream_server.signaling.messages import Presenter as Who
from stream_server.virtual_host.desk import Desk
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.lines import Lines, Making
from stream_server.virtual_host.news import ShowNews
from stream_server.virtual_host.orders import obey
from stream_server.virtual_host.wire import Wire

logger = logging.getLogger(__name__)

SILENT_RETRY_S = 0.2
"""How soon a silent host (paused, a human has the floor) looks for something to say again."""
MOOD_EVERY_S = 60.0
MAX_UNHEARD = 200
"""Lines whose sound was not judged yet; the oldest go first."""
PART_PAUSE_S = 0.15
"""Between two sentences of one line that are made one by one."""
LOST_AFTER_S = 1.0
"""Lines that the performance no longer knows are noticed within so long."""


class Wings(Protocol):
    """Where changes of the plan wait; `backstage.Backstage` is one."""

    def change_over(self) -> None:
        """Put on what has changed: nothing is being said. Never raises."""

    def product_changed(self) -> None:
        """A brand has written a product anew."""


class Presenter:
    """One show's host, as long as its `run` lasts."""

    def __init__(
        self,
        director: Director,
        voices: Speaker,
        performance: Performance,
        wire: Wire,
        news: ShowNews,
        clock: ShowClock,
        lang: str,
        patience_s: float,
        backstage: Wings | None = None,
        classifier: Classifier | None = None,
        *,
        is_understudy: bool = False,
    ) -> None:
        """All parts stay their owners'. An understudy is silent until it is called."""
        self._director, self._voices, self._performance = director, voices, performance
        self._wire, self._news, self._clock, self._lang = wire, news, clock, lang
        self._patience_s = patience_s
        self._on_air = asyncio.Event()
        self._backstage = backstage
        self._is_called = not is_understudy
        self._is_leaving, self._has_left = False, asyncio.Event()
        self._status: ShowStatus = "scheduled"
        self._who: Who = "human"
        self._room, self._classifier = Room(), classifier
        self._felt: asyncio.Queue[tuple[str, bool]] = asyncio.Queue(MAX_UNHEARD)
        self._lines = Lines(director)
        self.desk = Desk(director, wire, clock, lang)
        """What operators see."""
        self._may_go_on = asyncio.Event()
        """Set when the speaking task should look again: a line is over, a question or an order has come."""
        self._voice = ""
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Present until cancelled. Whatever one line or one message breaks, the show goes on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="virtual host listens")
            group.create_task(self._wire.deliver(), name="virtual host's commands")
            group.create_task(self._speak(), name="virtual host speaks")
            group.create_task(self._hear_the_room(), name="virtual host hears the room")
            group.create_task(self._feel(), name="mood of the room")
            group.create_task(self.desk.tell(self), name="operators' desk")

    def on_step(self, step: Step) -> None:
        """The player's thread tells what began and ended."""
        if step.ended is not None:
            self._loop.call_soon_threadsafe(self._over, step.ended)
        if step.started is not None:
            self._loop.call_soon_threadsafe(self._began, step.started)

    def call(self) -> None:
        """The one before has left: what it did is for this one to do."""
        self._is_called = True
        self._see_who_is_on_air(self._status, self._who)

    async def retire(self) -> None:
        """Finish what is being said, begin nothing more."""
        self._is_leaving = True
        self._may_go_on.set()
        if self.is_on_air:
            await self._has_left.wait()

    # ---- what operators see

    @property
    def is_on_air(self) -> bool:
        """Whether the host is in the picture and presents."""
        return self._on_air.is_set()

    @property
    def line(self) -> Line | None:
        """What is being said."""
        return self._lines.now

    @property
    def voice(self) -> str:
        """The voice that spoke last."""
        return self._voice

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
        elif isinstance(message, ProductChanged) and self._backstage is not None:
            self._backstage.product_changed()
        is_question = False
        for event in self._news.of(message):
            reception = self._director.happened(event)
            self.desk.changed()
            if isinstance(event, ChatAsked):
                is_question = reception != "no_question"
                if reception == "queued":
                    self._give_way()
        if isinstance(message, ChatSaid) and message.line.author.role == "viewer":
            if self._felt.full():
                self._felt.get_nowait()
            self._felt.put_nowait((message.line.text, is_question))

    def _obey(self, order: AiDirected) -> None:
        """The operator's word counts at once: what is being said stops with the next 20 ms."""
        obeyed = obey(order, self._director, self.desk, self._lines.current_id)
        if obeyed.cuts:
            self._performance.interrupt()
            self._lines.cut(is_dropped=obeyed.drops)
        if order.order and (obeyed.is_judged or not obeyed.accepted):
            self._wire.send(lambda ref: obeyed.verdict(ref, order.order))
        self.desk.changed()
        self._may_go_on.set()

    def _see_who_is_on_air(self, status: ShowStatus, presenter: Who) -> None:
        """The relay has put us on the air, or the human host has it (back)."""
        self._status, self._who = status, presenter
        is_on_air = status == "live" and presenter == "ai" and self._is_called
        if is_on_air and not self.is_on_air:
            self._director.happened(HumanLeft())  # says a word about it if there was a human
            self._on_air.set()
        elif not is_on_air:
            self._on_air.clear()
            self._performance.interrupt()
            self._lines.cut(is_dropped=True)
            self._lines.forget()
            if status == "live":
                self._director.happened(HumanReturned())
        self.desk.changed()
        self._may_go_on.set()

    def _give_way(self) -> None:
        """A question is answered after this phrase, not when the host has said all it wanted."""
        if self._lines.give_way():
            self._performance.give_way()
        self._may_go_on.set()

    async def _hear_the_room(self) -> None:
        while True:
            text, is_question = await self._felt.get()
            sound = await heard(text, self._lang, is_question=is_question, classifier=self._classifier)
            self._room.hear(sound, self._clock.monotonic_s())

    async def _feel(self) -> None:
        while True:
            await asyncio.sleep(MOOD_EVERY_S)
            minute, changed = self._room.minute(self._clock.monotonic_s())
            self.desk.felt(minute, is_new=changed)
            if changed:
                self._director.happened(MoodChanged(minute.mood))

    # ---- speaking

    async def _speak(self) -> None:
        while True:
            if self._is_leaving:
                self._has_left.set()
                return
            if not self.is_on_air:
                await self._on_air.wait()
                await asyncio.sleep(self._patience_s)
            self._may_go_on.clear()
            try:
                said = await self._say_next()
            except AvatarError as error:
                logger.warning("a line was not said: %s", error)
                said = False
            except Exception:  # one line is a fault boundary
                logger.exception("a line was not said")
                said = False
            if said:
                await self._until_free()
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(SILENT_RETRY_S):
                        await self._may_go_on.wait()

    async def _until_free(self) -> None:
        """Until everything was said, or a question wants an answer while the last phrase is finished."""
        while self._lines.are_busy:
            try:
                async with asyncio.timeout(LOST_AFTER_S):
                    await self._may_go_on.wait()
            except TimeoutError:
                if self._performance.is_quiet:
                    self._lines.lost()
            self._may_go_on.clear()

    async def _say_next(self) -> bool:
        """Make the next line ready and hand it over; False when there is nothing to say."""
        while True:
            making = self._lines.make(self._performance.generation)
            try:
                if making.line is None and self._backstage is not None:
                    self._backstage.change_over()
                line = making.line = making.line or await self._director.next_line()
                if line is None:
                    self._lines.dropped()
                    return False
                if await self._hand_over(making, line):
                    return True
            except Exception:
                self._lines.dropped()
                raise

    async def _hand_over(self, making: Making, line: Line) -> bool:
        """Speak a line into the performance; False when something else goes first."""
        parts = self._lines.parts_of(line)
        for n, part in enumerate(parts, 1):
            utterance = await self._voices.say(part, line.lang)
            self._voice = utterance.engine
            if n == 1 and self._lines.is_overtaken(making):
                return False
            is_last = n == len(parts)
            spoken = Spoken(
                utterance,
                gesture=line.gesture,
                beat=line.beat,
                product_id=line.product_id,
                question=line.question.text if line.question else None,
                pause_after_s=line.pause_after_s if is_last else PART_PAUSE_S,
                key=self._lines.handed(making, utterance.seconds, is_last=is_last),
            )
            if not self._performance.say(spoken, making.generation):
                self._lines.refused(spoken.key, making)
                return False
        return True

    def _began(self, spoken: Spoken) -> None:
        begun = self._lines.began(spoken.key)
        if begun is None:
            return
        line, is_again = begun
        logger.info("[%s] %s", line.lang, spoken.utterance.text)
        if line.cue is not None and not is_again:
            self._carry(line.cue)
        if line.question is not None and not is_again:
            to = f"@{line.question.author} "
            others = {lang: _fitting(to + said) for lang, said in line.translations.items()}
            self._wire.send(lambda ref: SendChat(ref=ref, text=_fitting(to + line.text), translations=others))
        self.desk.changed()

    def _over(self, ended: Ended) -> None:
        self._lines.over(ended)
        self.desk.changed()
        self._may_go_on.set()

    def _carry(self, cue: Cue) -> None:
        product_id = cue.product_id
        if cue.kind == "offer":
            self._wire.send(lambda ref: ShowTheOffer(ref=ref, offer_id=cue.note))
        if cue.kind in ("ticket", "call_human"):
            self.desk.open_ticket(cue)
        if product_id is None:
            return
        if cue.kind == "pin":
            self._news.pinning(product_id)
            self._wire.send(lambda ref: Pin(ref=ref, product_id=product_id))
        elif cue.kind in ("show_try_on", "show_model"):
            way: InvitedWay = "try_on" if cue.kind == "show_try_on" else "model"
            self._wire.send(lambda ref: InviteToTryOn(ref=ref, product_id=product_id, way=way))


def _fitting(text: str) -> str:
    return text if len(text) <= MAX_CHAT_CHARS else text[: MAX_CHAT_CHARS - 1].rstrip() + "…"
