"""The next line for now: the operator first, then what happens, then viewers' questions, then the rundown.

The director speaks when it is asked (`next_line`), so it runs at the speed of the voice and holds no task of its own.
Events and the operator's commands are taken at any time in between. Whatever goes wrong (shop or model slow or down,
a product without facts, nothing true to say), there is a next line, and the log says why.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace

from avatar.answers.answering import Answerer
from avatar.answers.desk import AnswerDesk, Checked
from avatar.answers.products import ProductIndex
from avatar.answers.queue import QuestionQueue, Reception, Waiting
from avatar.answers.understanding import understand
from avatar.direction.operator import Operator
from avatar.direction.options import DirectorOptions as DirectorOptions
from avatar.direction.options import Preview as Preview
from avatar.direction.planner import Planner
from avatar.direction.ports import HostClock, Said, Source, SpeechLog
from avatar.direction.reactions import Reactions
from avatar.direction.rendering import Moment, Worded, all_facts, offers_now, worded
from avatar.direction.schedule import zone_of
from avatar.direction.showcase import Showcase
from avatar.guard.check import Guard, Verdict
from avatar.language_model import AnswerModel
from avatar.live_facts import ShopReader
from avatar.model import (
    Beat,
    ChatAsked,
    Cue,
    Event,
    HumanLeft,
    HumanReturned,
    Line,
    ProductFacts,
    ProductPinned,
    Question,
    Rundown,
    RundownItem,
)
from avatar.wording.phrasebook import load_phrasebook
from avatar.wording.variation import Chooser, Remembered, Variation

logger = logging.getLogger(__name__)

LOOKAHEAD = 4
"""Planned lines that the operator sees."""
MAX_ANSWERS_IN_A_ROW = 3
_TRIES = 40
_KEPT_BEATS = 16


class Director:
    """Decides what the host says next. For one task at a time."""

    def __init__(
        self,
        rundown: Rundown,
        products: Mapping[str, ProductFacts],
        shop: ShopReader,
        clock: HostClock,
        log: SpeechLog,
        options: DirectorOptions | None = None,
        model: AnswerModel | None = None,
    ) -> None:
        """``shop``, ``log`` and ``model`` belong to the caller. Raises: BadRundown for an unknown time zone."""
        self._options = options or DirectorOptions()
        self._zone = zone_of(self._options.time_zone)
        self._clock, self._log = clock, log
        self._showcase = Showcase(shop)
        self._variation = Variation(self._options.seed)
        self._desk = AnswerDesk(Answerer(self._variation), model, self._options.also_in)
        self.questions = QuestionQueue()
        self.operator = Operator()
        self._reactions = Reactions()
        self._answering: tuple[Waiting, AsyncGenerator[Checked, None]] | None = None
        self._planned: deque[Beat] = deque()
        self._said: OrderedDict[int, Beat] = OrderedDict()
        """The last beats that became lines, for those that have to be said again."""
        self._wording: dict[int, Chooser] = {}
        """How the coming lines are worded, so that the operator reads what will be said."""
        self._answers_in_a_row = 0
        self._planner = Planner(rundown, products, self._options.seed)
        self.use_rundown(rundown, products)

    def use_rundown(self, rundown: Rundown, products: Mapping[str, ProductFacts]) -> None:
        """Go on with another rundown (a schedule's next block, an edited plan); see `Planner.use`."""
        self._rundown = rundown
        # what was on screen counts for the planner even where the new rundown does not have it
        on_screen = self._showcase.on_screen
        self._showcase.use(products)
        self._planner.use(rundown, self._showcase.products, on_screen)
        self._index = ProductIndex(self._showcase.products.values())
        titles = [*rundown.title.values()]
        self._guard = Guard(self._options.market, titles).for_products(self._showcase.products)
        self._plan_anew()

    def use_time_zone(self, name: str) -> None:
        """Greet by the mornings of another place from the next line on. Raises: BadRundown."""
        self._zone = zone_of(name)

    def _plan_anew(self) -> None:
        """Forget what was planned and not said; an operator's own words for it are forgotten with it."""
        self._planned.clear()
        self._wording.clear()

    # ---- what happens

    @property
    def pace(self) -> float:
        """How fast to speak, 1.0 is normal; below while the room is confused."""
        return self._reactions.pace(self._clock.monotonic_s())

    def happened(self, event: Event) -> Reception | None:
        """Take an event in; for chat, what became of the question."""
        now_s = self._clock.monotonic_s()
        if isinstance(event, ChatAsked):
            return self._asked(event, now_s)
        if isinstance(event, HumanLeft):
            self.operator.take_over()
        elif isinstance(event, HumanReturned):
            self.operator.hand_over()
        elif isinstance(event, ProductPinned) and event.product_id != self._showcase.on_screen:
            self._turn_to(event.product_id, now_s)
        self._reactions.take(event, now_s, self._showcase.on_screen, self._options.lang)
        return None

    def _turn_to(self, product_id: str, now_s: float) -> None:
        if self._planner.jump_to(product_id, now_s):
            self._plan_anew()
            self._showcase.on_screen = product_id

    def _asked(self, event: ChatAsked, now_s: float) -> Reception:
        # Before the first card is up, "it" is what comes first.
        on_screen = self._showcase.on_screen or next((item.product_id for item in self._rundown.items), None)
        asked = understand(event.text, self._index, self._options.lang, on_screen)
        if not self._options.answers_in_their_language:
            asked = replace(asked, lang=load_phrasebook(self._options.lang).lang)
        return self.questions.put(asked, asked.product_id or on_screen, event.message_id, event.author, now_s)

    # ---- what is said

    async def next_line(self) -> Line | None:
        """The line for now, checked and logged; None while paused or while a human has the floor."""
        for _ in range(_TRIES):
            if self.operator.is_silent:
                return None
            line = await self._try_next()
            if line is not None:
                return line
        # Nothing could be said many times over: keep the viewers company.
        return await self._spoken(self._planner.numbered(Beat("small_talk", "small_talk.pause")))

    async def _try_next(self) -> Line | None:
        beat = self.operator.due(self._planner.numbered)
        if beat is not None:
            await self._drop_answer()
            return await self._spoken(beat, "operator" if beat.text is not None else "template")
        if self._answering is not None:
            line = await self._rest_of_answer()
            if line is not None:
                return line
        now_s = self._clock.monotonic_s()
        if self._answers_in_a_row < MAX_ANSWERS_IN_A_ROW:
            # Somebody waits for an answer; nobody waits for a reaction.
            waiting = self.questions.take(now_s)
            if waiting is not None:
                self._answers_in_a_row += 1
                return await self._answered(waiting)
        self._answers_in_a_row = 0
        reaction = self._reactions.due(now_s)
        if reaction is not None:
            return await self._spoken(self._planner.numbered(reaction))
        self._plan_ahead(now_s)
        return await self._spoken(self._planned.popleft())

    def _plan_ahead(self, now_s: float) -> None:
        while len(self._planned) < LOOKAHEAD:
            self._planned.append(self._planner.next(now_s))

    async def _spoken(self, beat: Beat, source: Source = "template") -> Line | None:
        product = await self._showcase.as_sold_now(beat.product_id)
        moment = self._moment(beat, product)
        edited = self.operator.edited(beat.id)
        if edited is not None:
            beat, source = replace(beat, text=edited), "operator"
        elif beat.topic == "talking_point":
            source = "seller"
        book = load_phrasebook(self._options.lang)
        said = worded(beat, moment, book, self._wording.pop(beat.id, self._variation))
        if said is None:
            return None
        cited = said.facts if source == "template" else (*said.facts, *all_facts(product))
        verdict = self._guard.check(said.text, book.lang, cited)
        insisted = self.operator.insists(beat.id)
        line = self._line(beat, said, verdict, moment)
        if not verdict.passed and not insisted:
            self._hold_back(line, source, str(verdict))
            return None
        line = replace(line, is_operators=source == "operator")
        self._said[beat.id] = beat
        if len(self._said) > _KEPT_BEATS:
            self._said.popitem(last=False)
        if beat.cue is not None and beat.cue.kind == "pin":
            self._showcase.put_up(beat.product_id)
        self._log.write(Said(self._clock.now(), self._clock.show_ms(), line, source))
        return line

    def put_back(self, line: Line, *, has_begun: bool) -> bool:
        """A line was cut short or never began: say its beat next, worded and checked anew.

        ``has_begun``: what it asked of others was done already. False when the line is too long ago.
        """
        beat = self._said.pop(line.id, None)
        if beat is None:
            return False
        self._planned.appendleft(replace(beat, cue=None) if has_begun else beat)
        return True

    def _line(self, beat: Beat, said: Worded, verdict: Verdict, moment: Moment) -> Line:
        translations: dict[str, str] = {}
        if beat.text is None and verdict.passed:
            for lang in self._options.also_in:
                book = load_phrasebook(lang)
                other = worded(beat, moment, book, Variation(beat.id))
                if other is not None and self._guard.check(other.text, book.lang, other.facts).passed:
                    translations[lang] = other.text
        slow = 1.6 if self.pace < 1 else 1.0
        pause_s = {"small_talk": 1.2, "demonstrate": 2.0}.get(beat.kind, 0.5) * slow
        return Line(
            said.text,
            load_phrasebook(self._options.lang).lang,
            beat.kind,
            tuple(fact.id for fact in said.facts),
            beat.product_id,
            said.gesture,
            beat.cue,
            beat.question,
            beat.id,
            translations,
            pause_s,
        )

    def _hold_back(self, line: Line, source: Source, why: str) -> None:
        logger.info("line held back: %s", why)
        self._log.write(Said(self._clock.now(), self._clock.show_ms(), line, source, held_back=why))

    # ---- answers

    async def _answered(self, waiting: Waiting) -> Line | None:
        product = await self._showcase.as_sold_now(waiting.product_id)
        item = self._item_of(waiting.product_id)
        offers = offers_now(item.offers, self._clock.now()) if item else []
        self._answering = waiting, self._desk.answers(waiting, product, offers, self._guard)
        return await self._rest_of_answer()

    async def _rest_of_answer(self) -> Line | None:
        """The next sentence of the answer that was begun; the first of a model's is said while it still writes."""
        if self._answering is None:
            return None
        waiting, sentences = self._answering
        checked = await anext(sentences, None)
        if checked is None:
            self._answering = None
            return None
        line = self._answer_line(waiting, checked)
        source: Source = "model" if checked.is_model else "template"
        self._log.write(Said(self._clock.now(), self._clock.show_ms(), line, source))
        return line

    async def _drop_answer(self) -> None:
        """What is left of an answer is not said any more."""
        if self._answering is not None:
            _, sentences = self._answering
            self._answering = None
            await sentences.aclose()

    async def close(self) -> None:
        """Stop a model that is still writing. May be called twice."""
        await self._drop_answer()

    def _answer_line(self, waiting: Waiting, checked: Checked) -> Line:
        answer, question = checked.answer, waiting.question()
        cue: Cue | None = None
        if answer.outcome in ("unknown", "human"):
            cue = Cue("call_human" if answer.outcome == "human" else "ticket", answer.product_id, "", question)
        for note in checked.notes:
            logger.info("answer: %s", note)
        book = load_phrasebook(answer.lang)
        text = answer.text
        if question.asked_by > 1:
            key = "question.many"
            lead = book.say(
                key,
                self._variation.next(f"{book.lang}:{key}", len(book.variants(key))),
                count=book.measures.count(question.asked_by),
            )
            text = (
                f"{lead} {question.text} {text}"
                if len(question.text) <= 60 and self._may_repeat(question.text)
                else text
            )
        return Line(
            text, answer.lang, "answer", answer.fact_ids, answer.product_id, answer.gesture, cue, question,
            -1 if checked.is_model else 0, answer.translations,
        )  # fmt: skip

    def _may_repeat(self, text: str) -> bool:
        """A viewer's words are said aloud only when the guard finds nothing in them: chat never speaks by our mouth."""
        return self._guard.check(text, self._options.lang, ()).passed

    # ---- what is known

    def _moment(self, beat: Beat, product: ProductFacts | None) -> Moment:
        local = self._clock.now().astimezone(self._zone)
        return Moment(local, product, self._item_of(beat.product_id), self._showcase.shown())

    def _item_of(self, product_id: str | None) -> RundownItem | None:
        return next((item for item in self._rundown.items if item.product_id == product_id), None)

    # ---- the operator's view

    def upcoming(self) -> list[Preview]:
        """The next lines as they would be said with what is known now."""
        self._plan_ahead(self._clock.monotonic_s())
        book = load_phrasebook(self._options.lang)
        previews: list[Preview] = []
        for beat in self._planned:
            edited = self.operator.edited(beat.id)
            product = self._showcase.known(beat.product_id)
            choice = self._wording.setdefault(beat.id, Remembered(self._variation))
            said = worded(beat, self._moment(beat, product), book, choice)
            text = edited if edited is not None else said.text if said else ""
            previews.append(Preview(beat.id, beat.kind, beat.product_id, text, edited is not None))
        return previews

    def skip(self, beat_id: int) -> None:
        """Take a coming line out. Raises: UnknownBeat."""
        self.operator.known(beat_id, self._planned)
        self._planned = deque(beat for beat in self._planned if beat.id != beat_id)
        self._wording.pop(beat_id, None)

    def edit(self, beat_id: int, text: str, *, even_so: bool = False) -> Verdict:
        """Say a coming line in other words; not taken when the guard objects, unless ``even_so``.

        Raises: UnknownBeat.
        """
        beat = self.operator.known(beat_id, self._planned)
        verdict = self._judged(text, beat.product_id)
        if verdict.passed or even_so:
            self.operator.change(beat_id, text, insisted=even_so)
        return verdict

    def say_now(
        self, text: str, *, even_so: bool = False, question: Question | None = None, about: str | None = None
    ) -> Verdict:
        """Say a line before everything else; not taken when the guard objects, unless the operator says ``even_so``.

        ``question``: what it answers, about the product ``about``.
        """
        product_id = about if about in self._showcase.products else self._showcase.on_screen
        verdict = self._judged(text, product_id)
        if verdict.passed or even_so:
            self.operator.say(text, product_id, insisted=even_so, question=question)
        return verdict

    def _judged(self, text: str, product_id: str | None) -> Verdict:
        if not text.strip():
            raise ValueError("a line without words")
        product = self._showcase.known(product_id)
        return self._guard.check(text, self._options.lang, all_facts(product))
