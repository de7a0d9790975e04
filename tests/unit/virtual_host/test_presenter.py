"""The presenter between director and performance: who is heard when, what is said again, what operators are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from avatar.direction import Director, DirectorOptions, MemorySpeechLog
from avatar.direction.ports import ManualHostClock
from avatar.live_facts import RehearsalShop
from avatar.model import Offer, Rundown, RundownItem
from avatar.mood.room import MinuteMood
from avatar.performance import Performance, Step
from avatar.speech.ports import SAMPLE_RATE, Utterance, VoiceInfo, Word
from avatar.speech.sentences import split
from stream_server.clock import ManualClock
from stream_server.signaling.messages import (
    AiDirected,
    Author,
    ChatLine,
    ChatSaid,
    ClientCommand,
    Clock,
    Counters,
    OrderPlaced,
    PinnedProduct,
    PinsChanged,
    PresenterChanged,
    ProductChanged,
    SendChat,
    ServerMessage,
    ShowTheOffer,
    StatusChanged,
    StockChanged,
    TellAiState,
    TellAiTicket,
    TellAiVerdict,
    VariantStock,
)
from stream_server.virtual_host import desk as desk_module
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.lines import MAX_GIVING_WAY
from stream_server.virtual_host.news import ShowNews
from stream_server.virtual_host.presenter import Presenter
from stream_server.virtual_host.wire import Wire
from tests.unit.avatar.catalogue import products

START = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
STEPS_A_TURN = 5
WORD_S = 0.3


class QueueWire:
    """`Wire` whose server is the test."""

    is_open = True

    def __init__(self) -> None:
        self.sent: list[ClientCommand] = []
        self._in: asyncio.Queue[ServerMessage] = asyncio.Queue()

    def send(self, make: Callable[[str], ClientCommand]) -> None:
        self.sent.append(make(f"r{len(self.sent)}"))

    def say(self, message: ServerMessage) -> None:
        self._in.put_nowait(message)

    async def messages(self) -> AsyncGenerator[ServerMessage, None]:
        while True:
            yield await self._in.get()

    async def deliver(self) -> None:
        await asyncio.Event().wait()


class SlowVoice:
    """A `Speaker` that can be made to wait in the middle of its work."""

    info = VoiceInfo("slow", (), "test")

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []

    async def say(self, text: str, lang: str) -> Utterance:
        self.asked.append(text)
        await self.gate.wait()
        words = tuple(Word(n * WORD_S, (n + 0.9) * WORD_S, word) for n, word in enumerate(text.split()))
        return Utterance(text, lang, np.ones(int(len(words) * WORD_S * SAMPLE_RATE), np.int16), words, (), "slow:en")


class CountingWings:
    """`Wings` in which nothing waits."""

    def __init__(self) -> None:
        self.changes_over, self.products_changed = 0, 0

    def change_over(self) -> None:
        self.changes_over += 1

    def product_changed(self) -> None:
        self.products_changed += 1


class House:
    """A presenter on air, pulled by hand."""

    def __init__(
        self,
        wire: Wire | None = None,
        items: tuple[RundownItem, ...] = (RundownItem("mug", seconds=600), RundownItem("hat", seconds=600)),
        *,
        is_understudy: bool = False,
    ) -> None:
        self.wire, self.voice, self.log = QueueWire(), SlowVoice(), MemorySpeechLog()
        clock = ShowClock(ManualClock(START))
        self.wings = CountingWings()
        self.director = Director(
            Rundown(items, {"en": "Autumn"}),
            products(),
            RehearsalShop(products()),
            ManualHostClock(START),
            self.log,
            DirectorOptions(),
        )
        self.performance = Performance()
        self.presenter = Presenter(
            *(self.director, self.voice, self.performance, wire or self.wire, ShowNews("ai"), clock, "en", 0.0),
            self.wings,
            is_understudy=is_understudy,
        )
        self.heard: list[str] = []
        """Texts that began, in order."""
        self.ended: list[tuple[str, bool]] = []
        self._seq = 0

    def _event(self) -> dict[str, Any]:
        self._seq += 1
        return {"seq": self._seq, "at_ms": 0}

    def on_air(self) -> None:
        self.wire.say(StatusChanged(**self._event(), status="live"))
        self.wire.say(PresenterChanged(**self._event(), presenter="ai"))

    def human(self) -> None:
        self.wire.say(PresenterChanged(**self._event(), presenter="human"))

    def order(self, act: str, text: str = "", **more: Any) -> None:
        self.wire.say(AiDirected(**self._event(), act=act, text=text, order=f"o{self._seq}", **more))

    def ask(self, text: str, name: str = "Ana") -> None:
        author = Author(id=f"guest_{name}", name=name, role="viewer")
        line = ChatLine(message_id=f"m{self._seq}", author=author, text=text, at_ms=0, sent_at="")
        self.wire.say(ChatSaid(**self._event(), line=line))

    async def settle(self) -> None:
        """Let everything happen that can happen without time going on."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def play(self, until: Callable[[Step], bool], at_most_s: float = 30.0) -> float:
        """Let the show go on; seconds until a step is wanted."""
        for n in range(round(at_most_s / 0.02)):
            step = self.performance.step()
            self.presenter.on_step(step)
            if step.started is not None:
                self.heard.append(step.started.utterance.text)
            if step.ended is not None:
                self.ended.append((step.ended.spoken.utterance.text, step.ended.interrupted))
            if until(step):
                await self.settle()
                return n * 0.02
            if step.ended is not None or n % STEPS_A_TURN == 0:
                await self.settle()
        raise AssertionError(f"it did not come to that; heard {self.heard[-5:]}")

    async def next_line(self) -> str:
        """Until a line begins; its text."""
        await self.play(lambda step: step.started is not None)
        return self.heard[-1]

    async def for_s(self, seconds: float) -> None:
        """Let so much time go by."""
        left = round(seconds / 0.02)

        def over(_step: Step) -> bool:
            nonlocal left
            left -= 1
            return left <= 0

        await self.play(over)

    def sent(self, kind: type[ClientCommand]) -> list[Any]:
        return [command for command in self.wire.sent if isinstance(command, kind)]


@asynccontextmanager
async def presenting(lines: int = 3, house: House | None = None) -> AsyncIterator[House]:
    """A host that has said so many lines and is at the next."""
    house = house or House()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(house.presenter.run())
        house.on_air()
        await house.settle()
        for _ in range(lines):
            await house.next_line()
        yield house
        task.cancel()


async def test_a_question_is_answered_after_the_phrase_and_the_line_is_said_again() -> None:
    async with presenting() as house:
        cut = house.heard[-1]
        await house.for_s(0.1)
        house.ask("how heavy is it?")
        await house.settle()
        waited = await house.play(lambda step: step.started is not None)
        assert waited <= 0.4 + 0.6 + 0.2
        assert house.ended[-1] == (cut, True)
        assert house.log.said()[-1].beat == "answer"
        again = await house.next_line()
        assert house.log.said()[-1].id == next(line.id for line in house.log.said() if line.text == cut)
        assert again


async def test_an_answers_first_sentence_is_said_while_the_next_is_made() -> None:
    async with presenting() as house:
        house.ask("does it come with a warranty?")
        await house.settle()
        await house.next_line()
        answer = "We mend it for you. Write to us when you need it."
        house.order("say", answer, ticket_id=desk(house).tickets[0].ticket_id)
        await house.settle()
        assert [await house.next_line(), await house.next_line()] == split(answer)
        assert [chat.text for chat in house.sent(SendChat)][1:] == [f"@Ana {answer}"]


async def test_a_long_pause_ends_when_somebody_asks() -> None:
    async with presenting() as house:
        await house.play(lambda step: step.ended is not None)
        house.ask("how heavy is it?")
        await house.settle()
        assert await house.play(lambda step: step.started is not None) <= 0.2
        assert house.log.said()[-1].beat == "answer"


async def test_the_operators_own_line_is_not_cut_by_a_question() -> None:
    async with presenting() as house:
        house.order("say", "Our studio is open from noon, come by and see us all.", insist=True)
        await house.settle()
        assert (await house.next_line()).startswith("Our studio")
        await house.for_s(0.1)
        house.ask("how heavy is it?")
        await house.settle()
        await house.play(lambda step: step.started is not None)
        own = [interrupted for text, interrupted in house.ended if text.startswith("Our studio")]
        assert own == [False]


async def test_a_line_ordered_while_another_is_being_made_is_not_lost() -> None:
    async with presenting() as house:
        house.voice.gate.clear()
        house.order("say", "First.")
        await house.settle()
        assert house.voice.asked[-1] == "First."
        house.order("say", "Second.")
        await house.settle()
        house.voice.gate.set()
        await house.settle()
        said = [await house.next_line(), await house.next_line()]
        assert sorted(said) == ["First.", "Second."]


async def test_a_question_while_a_line_is_being_made_goes_before_it() -> None:
    async with presenting() as house:
        house.voice.gate.clear()
        await house.play(lambda step: step.ended is not None)
        planned = house.voice.asked[-1]
        house.ask("how heavy is it?")
        await house.settle()
        house.voice.gate.set()
        await house.settle()
        await house.next_line()
        assert house.log.said()[-1].beat == "answer"
        assert planned not in house.heard[-1:]


async def test_a_busy_chat_does_not_keep_the_host_at_one_line() -> None:
    async with presenting() as house:
        questions = ["how heavy is it?", "is it in stock?", "how big is it?", "what colours?", "link please"]
        for n, question in enumerate(questions):
            house.ask(question, f"viewer{n}")
            await house.settle()
            await house.next_line()
            await house.play(lambda step: step.ended is not None)
            await house.next_line()
            await house.for_s(0.1)
        cuts = [text for text, interrupted in house.ended if interrupted]
        ids = {line.text: line.id for line in house.log.said()}
        by_line = [sum(ids[cut] == line_id for cut in cuts) for line_id in ids.values()]
        assert max(by_line) <= MAX_GIVING_WAY + 1
        assert len({ids[cut] for cut in cuts}) > 1


async def test_skipping_drops_the_line_and_is_silent_within_two_steps() -> None:
    async with presenting() as house:
        skipped = house.heard[-1]
        await house.for_s(0.1)
        house.order("skip")
        await house.settle()
        assert await house.play(lambda step: step.ended is not None) <= 0.02
        await house.next_line()
        await house.next_line()
        assert house.heard.count(skipped) == 1


async def test_a_paused_host_is_silent_and_goes_on_with_what_it_was_at() -> None:
    async with presenting() as house:
        cut = house.heard[-1]
        line_id = next(line.id for line in house.log.said() if line.text == cut)
        await house.for_s(0.1)
        house.order("pause")
        await house.settle()
        heard = len(house.heard)
        await house.for_s(3.0)
        assert len(house.heard) == heard
        assert house.sent(TellAiState)
        house.order("resume")
        await house.settle()
        await house.next_line()
        assert house.log.said()[-1].id == line_id


async def test_the_guards_finding_comes_back_and_a_second_word_overrules_it() -> None:
    async with presenting() as house:
        await house.for_s(0.1)
        before = len(house.ended)
        house.order("say", "It costs $5 only today.")
        await house.settle()
        verdict = house.sent(TellAiVerdict)[-1]
        assert not verdict.accepted
        assert {finding.kind for finding in verdict.findings} >= {"number"}
        await house.for_s(0.1)
        assert len(house.ended) == before
        house.order("say", "It costs $5 only today.", insist=True)
        await house.settle()
        assert house.sent(TellAiVerdict)[-1].accepted
        assert await house.next_line() == "It costs $5 only today."


async def test_coming_lines_are_edited_and_skipped_by_their_number() -> None:
    async with presenting() as house:
        first, second, *_ = house.director.upcoming()
        house.order("skip", line_id=first.beat_id)
        house.order("edit", "Feel the weight of it.", line_id=second.beat_id)
        house.order("edit", "Too late.", line_id=1)
        await house.settle()
        assert [(verdict.accepted, [f.kind for f in verdict.findings]) for verdict in house.sent(TellAiVerdict)] == [
            (True, []),
            (False, ["unknown_line"]),
        ]
        assert await house.next_line() == "Feel the weight of it."


async def test_a_ticket_is_shown_and_answered_in_the_operators_words() -> None:
    async with presenting() as house:
        house.ask("does it come with a warranty?")
        await house.settle()
        await house.next_line()
        shown = desk(house).tickets
        assert [ticket.question for ticket in shown] == ["does it come with a warranty?"]
        house.order("say", "We mend it as long as you have it.", ticket_id=shown[0].ticket_id)
        await house.settle()
        assert desk(house).tickets == []
        assert await house.next_line() == "We mend it as long as you have it."
        assert house.sent(SendChat)[-1].text == "@Ana We mend it as long as you have it."
        house.order("dismiss", ticket_id=shown[0].ticket_id)
        await house.settle()
        assert not house.sent(TellAiVerdict)[-1].accepted


async def test_a_ticket_is_kept_with_its_answer_and_a_host_that_begins_anew_still_has_those_that_are_open() -> None:
    async with presenting() as house:
        house.ask("does it come with a warranty?")
        await house.settle()
        await house.next_line()
        (kept,) = house.sent(TellAiTicket)
        assert (kept.state, kept.ticket.question) == ("open", "does it come with a warranty?")
    async with presenting() as again:
        again.presenter.desk.restore([kept.ticket])
        await again.settle()
        assert desk(again).tickets == [kept.ticket]
        again.order("say", "We mend it as long as you have it.", ticket_id=kept.ticket.ticket_id)
        await again.settle()
        (closed,) = again.sent(TellAiTicket)
        assert (closed.state, closed.answer) == ("answered", "We mend it as long as you have it.")
        assert closed.ticket == kept.ticket
        await again.next_line()
        assert again.sent(SendChat)[-1].text == "@Ana We mend it as long as you have it."


async def test_an_offer_is_shown_to_viewers_when_its_words_begin() -> None:
    offer = Offer("saucer", {"en": "A saucer comes with every mug."}, ends_at=START + timedelta(hours=1))
    items = (RundownItem("mug", seconds=600, offers=(offer,)),)
    async with presenting(lines=0, house=House(items=items)) as house:
        while "saucer" not in await house.next_line():
            assert not house.sent(ShowTheOffer)
        assert [shown.offer_id for shown in house.sent(ShowTheOffer)] == ["saucer"]


async def test_what_has_changed_is_put_on_between_two_lines() -> None:
    async with presenting() as house:
        before = house.wings.changes_over
        await house.for_s(0.2)
        assert house.wings.changes_over == before
        await house.next_line()
        assert house.wings.changes_over > before
        house.wire.say(ProductChanged(seq=50, at_ms=0, product_id="mug"))
        await house.settle()
        assert house.wings.products_changed == 1


async def test_an_understudy_is_silent_until_it_is_called() -> None:
    async with presenting(lines=0, house=House(is_understudy=True)) as house:
        await house.for_s(2.0)
        assert not house.heard
        assert not desk(house).is_on_air
        house.presenter.call()
        await house.settle()
        assert await house.next_line()


async def test_who_retires_finishes_the_line_and_begins_nothing_more() -> None:
    async with presenting() as house, asyncio.TaskGroup() as group:
        said = house.heard[-1]
        retiring = group.create_task(house.presenter.retire())
        await house.settle()
        assert not retiring.done()
        await house.play(lambda step: step.ended is not None)
        assert house.ended[-1] == (said, False)
        assert retiring.done()
        heard = len(house.heard)
        await house.for_s(2.0)
        assert len(house.heard) == heard


async def test_what_happens_in_the_show_is_answered_by_a_word_from_its_own_messages() -> None:
    async with presenting() as house:
        seen = set()
        clock = Clock(show_ms=1000, server_time="2026-11-22T19:00:00.000Z")
        house.wire.say(Counters(likes=0, viewers=12, clock=clock))
        house.wire.say(StockChanged(seq=60, at_ms=0, product_id="mug", variants=[VariantStock(variant_id="a", left=3)]))
        order = {"product_ids": ["mug"], "total_minor": 4200, "currency": "USD", "buyer_name": "Ana"}
        house.wire.say(OrderPlaced(seq=61, at_ms=0, order_id="order_1", **order))
        await house.settle()
        for _ in range(4):
            await house.next_line()
            line = house.log.said()[-1]
            if line.beat == "react":
                seen.add((line.product_id, line.gesture))
        assert {gesture for _, gesture in seen} == {"celebrate", "nod"}
        assert "mug" in {product_id for product_id, _ in seen}
        assert len(seen) == 3


async def test_the_desk_shows_the_rooms_minutes_and_what_the_host_does_about_them() -> None:
    async with presenting() as house:
        for n, (mood, is_new) in enumerate([("calm", True), ("confused", True), ("confused", False)]):
            minute = MinuteMood(60.0 * n, -0.1 * n, 7 + n, 0.3, 0.0, mood)  # type: ignore[arg-type]
            house.presenter.desk.felt(minute, is_new=is_new)
        await house.settle()
        shown = desk(house)
        assert [(each.mood, each.steering, each.lines) for each in shown.minutes] == [
            ("calm", None, 7),
            ("confused", "slower", 8),
            ("confused", None, 9),
        ]
        assert (shown.mood, shown.mood_score) == ("confused", -0.2)


async def test_the_desk_says_what_is_said_and_what_comes() -> None:
    async with presenting() as house:
        now = desk(house)
        assert now.is_on_air
        assert now.now is not None
        assert now.now.text == house.heard[-1]
        assert [line.text for line in now.next] == [preview.text for preview in house.director.upcoming()]
        assert now.voice == "slow:en"
        house.wire.say(
            PinsChanged(seq=99, at_ms=0, pins=[PinnedProduct(product_id="hat", at_ms=0)])
        )  # the studio turns to another product
        await house.settle()
        assert {line.product_id for line in desk(house).next} == {"hat"}


async def test_handing_over_says_so_once_and_is_silent_until_called_back() -> None:
    async with presenting() as house:
        house.order("hand_over")
        await house.settle()
        await house.next_line()
        assert house.log.said()[-1].beat == "handover"
        await house.play(lambda step: step.ended is not None and house.performance.is_quiet)
        heard = len(house.heard)
        await house.for_s(2.0)
        assert len(house.heard) == heard
        assert desk(house).floor == "human"
        house.order("take_over")
        await house.settle()
        await house.next_line()
        assert desk(house).floor == "host"


async def test_off_the_air_it_says_nothing_and_forgets_what_it_held() -> None:
    async with presenting() as house:
        house.human()
        await house.settle()
        heard = len(house.heard)
        await house.for_s(2.0)
        assert len(house.heard) == heard
        assert not desk(house).is_on_air


def desk(house: House) -> Any:
    """The desk as operators were told last."""
    return house.sent(TellAiState)[-1].desk


@pytest.fixture(autouse=True)
def quick_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "TELL_AT_MOST_EVERY_S", 0.0)
