"""From a waiting question to an answer that may be said: template first, then the model, then the team.

A template answer is made of facts and is preferred: it costs a millisecond and cannot be wrong about them. A language
model is asked only what no template answers, gets nothing but the product's facts, and everything it says passes the
guard. A sentence that does not is asked for once more; then the team is asked, by a ticket.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from avatar.answers.answering import Answer, Answerer
from avatar.answers.queue import Waiting
from avatar.errors import LanguageModelUnavailable
from avatar.guard.check import Guard, Verdict, Violation
from avatar.language_model import AnswerModel, ModelRequest
from avatar.live_facts import live_facts
from avatar.model import Fact, Offer, ProductFacts

MAX_SENTENCES = 4
_TRIES = 2


@dataclass(frozen=True)
class Checked:
    """A sentence of an answer that passed the guard, and where it is from."""

    answer: Answer
    is_model: bool = False
    notes: tuple[str, ...] = ()
    """What was held back on the way, for the log."""


class AnswerDesk:
    """Answers waiting questions. Holds no product and no queue."""

    def __init__(self, answerer: Answerer, model: AnswerModel | None = None, also_in: Sequence[str] = ()) -> None:
        """``model``: None where there is none; closed by its owner. ``also_in``: languages of `Answer.translations`."""
        self._answerer = answerer
        self._also_in = also_in
        self._model = model

    async def answers(
        self, waiting: Waiting, product: ProductFacts | None, offers: Sequence[Offer], guard: Guard
    ) -> AsyncGenerator[Checked, None]:
        """The sentences to say, the first as soon as it is there; at least one. Only ever truthful ones."""
        answer = self._answerer.answer(waiting.asked, product, offers=offers, author=waiting.author)
        if answer is None:
            return
        notes: list[str] = []
        if answer.outcome == "answered":
            verdict = guard.check(answer.text, answer.lang, self._cited(answer, waiting))
            if verdict.passed:
                yield Checked(self._translated(answer, waiting, product, offers, guard))
                return
            # A brand's own fact may hold what the market forbids ("the best …").
            notes.append(f"template answer held back: {verdict}")
            answer = self._answerer.unknown(answer.lang, product)
        elif self._model is not None and product is not None and answer.outcome in ("unknown", "out_of_scope"):
            said = False
            async with aclosing(self._from_model(waiting, product, guard, notes)) as sentences:
                async for checked in sentences:
                    said = True
                    yield checked
            if said:
                return
        yield Checked(self._translated(answer, waiting, product, offers, guard), notes=tuple(notes))

    def _translated(
        self, answer: Answer, waiting: Waiting, product: ProductFacts | None, offers: Sequence[Offer], guard: Guard
    ) -> Answer:
        """The answer with what it is in further languages: nobody has to translate what is made of facts."""
        found: dict[str, str] = {}
        for lang in self._also_in:
            if lang == answer.lang:
                continue
            other = self._answerer.in_language(
                answer, lang, waiting.asked, product, offers=offers, author=waiting.author
            )
            if other is not None and guard.check(other.text, other.lang, self._cited(other, waiting)).passed:
                found[lang] = other.text
        return replace(answer, translations=found)

    def _cited(self, answer: Answer, waiting: Waiting) -> list[Fact]:
        return [*answer.facts, Fact("show/viewer", "name", {answer.lang: waiting.author})]

    async def _from_model(
        self, waiting: Waiting, product: ProductFacts, guard: Guard, notes: list[str]
    ) -> AsyncGenerator[Checked, None]:
        """Sentences of the model that passed; none when it failed or had nothing true to say."""
        assert self._model is not None
        facts = {fact.id: fact for fact in [*product.facts, *live_facts(product)]}
        for attempt in range(_TRIES):
            request = ModelRequest(waiting.asked.text, waiting.asked.lang, tuple(facts.values()), tuple(notes[-1:]))
            said = 0
            verdict = Verdict()
            try:
                async with aclosing(self._model.answer(request)) as sentences:
                    async for sentence in sentences:
                        cited = [facts[fact_id] for fact_id in sentence.fact_ids if fact_id in facts]
                        verdict = _judge(sentence.text, sentence.fact_ids, waiting.asked.lang, cited, guard)
                        if not verdict.passed:
                            break
                        said += 1
                        answer = Answer(
                            sentence.text,
                            waiting.asked.lang,
                            "answered",
                            "model",
                            tuple(cited),
                            product.product_id,
                            "point_product",
                        )
                        yield Checked(answer, is_model=True)
                        if said >= MAX_SENTENCES:
                            return
            except LanguageModelUnavailable as error:
                notes.append(f"model: {error.reason}")
                if said:
                    return
                continue
            if not verdict.passed:
                notes.append(f"model's sentence held back: {verdict}")
            if said or (verdict.passed and attempt):
                return


def _judge(text: str, fact_ids: Sequence[str], lang: str, cited: Sequence[Fact], guard: Guard) -> Verdict:
    """The guard's view, and that every cited fact exists and at least one is cited."""
    if not cited:
        return Verdict((Violation("not_cited", text[:60]),))
    if len(cited) < len(fact_ids):
        return Verdict((Violation("unknown_fact", ", ".join(fact_ids)[:120]),))
    return guard.check(text, lang, cited)
