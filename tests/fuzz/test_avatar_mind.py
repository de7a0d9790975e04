"""Whatever chat, catalogue, rundown or model send: the mind answers or refuses, and never fails."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from avatar.answers.answering import Answerer
from avatar.answers.chat_text import MAX_READ_CHARS, clean, spoken_name
from avatar.answers.products import ProductIndex
from avatar.answers.queue import MAX_WAITING, QuestionQueue
from avatar.answers.understanding import understand
from avatar.errors import BadRundown, LanguageModelUnavailable
from avatar.guard import Guard
from avatar.guard.quantities import quantities
from avatar.language_model import AnswerReader
from avatar.model import LANGUAGES, Fact
from avatar.mood import sounds
from avatar.product_file import read_product
from avatar.rundown_file import read_rundown
from avatar.wording.variation import Variation
from tests.unit.avatar.catalogue import MUG, products

SHOP = products()
INDEX = ProductIndex(SHOP.values())
GUARD = Guard("cn").for_products(SHOP)

pieces = st.sampled_from(
    [
        *(
            "how much",
            "多少钱",
            "¿cuánto",
            "السعر",
            "いくら",
            "mug",
            "$",
            "¥",
            "€",
            "19.99",
            "1.240",
            "百分之",
            "三十五",
            "折",
        ),
        *(
            "\u200b",
            "\u202e",
            "👍🏽",
            "🇪🇸",
            "?",
            "？",
            "{price}",
            "\x00",
            "e\u0301",
            "cm",
            "天",
            "3–6",
            "best",
            "第一",
            "'",
            '"',
        ),
    ]
)
chat = st.lists(pieces | st.text(max_size=12), max_size=20).map(" ".join) | st.text(max_size=300)
languages = st.sampled_from([*LANGUAGES, "xx", "zh-Hant-TW", ""])


@settings(max_examples=300, deadline=None)
@given(text=chat, lang=languages, author=chat)
@example(text="¿de qué está hecho?", lang="es", author="")
def test_any_line_of_chat_is_understood_and_answered_or_not(text: str, lang: str, author: str) -> None:
    asked = understand(text, INDEX, lang, "mug")
    assert asked.lang in LANGUAGES
    assert len(asked.text) <= MAX_READ_CHARS
    answer = Answerer(Variation(1)).answer(asked, SHOP["mug"], author=author)
    if answer is not None:
        assert answer.text
        cited = [*answer.facts, Fact("show/viewer", "name", {"en": author})]
        assert GUARD.check(answer.text, answer.lang, cited).passed, answer.text
    sound = sounds(text, lang, is_question=asked.is_question)
    assert -1 <= sound.score <= 1


@settings(max_examples=300, deadline=None)
@given(text=chat, lang=st.sampled_from(LANGUAGES), fact=chat)
def test_the_guard_judges_any_sentence(text: str, lang: str, fact: str) -> None:
    GUARD.check(text, lang, [Fact("x", "feature", {lang: fact}, fact, "cm")])
    assert all(quantity.value.is_finite() for quantity in quantities(text, lang))


@settings(max_examples=200, deadline=None)
@given(text=chat, lang=st.sampled_from(LANGUAGES))
def test_a_sentence_rests_on_itself(text: str, lang: str) -> None:
    """What a fact says word for word has no number or code that the fact does not have."""
    verdict = GUARD.check(text, lang, [Fact("x", "feature", {lang: text})])
    assert not {"number", "code"} & {violation.kind for violation in verdict.violations}, str(verdict)


@settings(max_examples=200, deadline=None)
@given(text=chat | st.text())
def test_cleaning_is_bounded_and_stays_what_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    spoken_name(text)


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(st.tuples(chat, st.text(max_size=5), st.floats(0, 1000)), max_size=60))
def test_the_queue_stays_bounded(lines: list[tuple[str, str, float]]) -> None:
    queue = QuestionQueue()
    for number, (text, author, at_s) in enumerate(sorted(lines, key=lambda line: line[2])):
        queue.put(understand(text, INDEX, "en"), "mug", str(number), author, at_s)
        assert len(queue) <= MAX_WAITING
        if number % 3 == 0:
            queue.take(at_s)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(key=st.sampled_from([*MUG, "brand", "unknown"]), value=values)
def test_a_damaged_product_is_read_or_refused(key: str, value: object) -> None:
    with suppress(BadRundown):
        read_product({**MUG, key: value}, "USD")


@settings(max_examples=200, deadline=None)
@given(content=st.text(max_size=200) | values.map(json.dumps) | st.builds(lambda v: json.dumps({"items": v}), values))
def test_any_rundown_is_read_or_refused(content: str) -> None:
    with suppress(BadRundown):
        read_rundown(content)


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(['{"fact_ids": ["a"], ', '"answer": "', "Yes. ", '\\"', "\\u00e9", "\\", '"}', "\\ud83d"])
        | st.text(max_size=10),
        max_size=12,
    )
)
def test_any_stream_of_a_model_is_read_or_refused(parts: list[str]) -> None:
    reader = AnswerReader()
    try:
        sentences = [sentence for part in parts for sentence in reader.feed(part)] + reader.finish()
    except LanguageModelUnavailable:
        return
    assert all(sentence.text.strip() and sentence.fact_ids for sentence in sentences)
