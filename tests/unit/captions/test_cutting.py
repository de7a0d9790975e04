"""Texts with the moments of their words become cues."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_server.captions.cutting import CUE_WIDTH, cut, overlaid, sentences, spread, times_of, width
from stream_server.captions.model import BadCaption, Mark, Script, Spoken


def marks_of(text: str, start_ms: int = 10_000, step_ms: int = 300) -> list[Mark]:
    """A word every ``step_ms``."""
    begins = [found.start() for found in re.finditer(r"\S+", text)]
    return [Mark(0 if n == 0 else at, start_ms + n * step_ms) for n, at in enumerate(begins)]


def spoken(text: str = "one two", marks: tuple[Mark, ...] = (Mark(0, 1000), Mark(4, 1500)), end: int = 2000) -> Spoken:
    return Spoken(Script("u1", "en", text), marks, end)


def test_a_short_sentence_is_one_cue_from_its_first_word_on() -> None:
    (cue,) = cut("It weighs 350 g.", marks_of("It weighs 350 g."), 11_500)
    assert (cue.start_ms, cue.text) == (10_000, "It weighs 350 g.")
    assert cue.end_ms > 11_500
    assert [mark.ms for mark in cue.marks] == [0, 300, 600, 900]
    assert cue.text[cue.marks[2].offset :] == "350 g."


def test_cues_end_where_sentences_do_and_follow_one_another() -> None:
    text = "This cup is thrown by hand in Porto. It keeps tea warm for half an hour, and it costs $24.90 today."
    cues = cut(text, marks_of(text), 20_000)
    assert cues[0].text == "This cup is thrown by hand in Porto."
    assert " ".join(cue.text for cue in cues) == text
    assert all(before.end_ms == after.start_ms for before, after in zip(cues, cues[1:], strict=False))


def test_a_decimal_point_ends_no_sentence() -> None:
    assert len(sentences("It costs $24.90 today.")) == 1
    assert len(sentences("手工制作。只要 99.5 元！")) == 2


def test_chinese_is_cut_between_characters() -> None:
    text = (
        "这个杯子是在波尔图手工制作的，可以让茶保温半个小时，"
        "今天只要九十九块五，包邮到家，喜欢的朋友可以直接点下面的链接下单。"
    )
    cues = cut(text, spread(text, 0, 9000), 9000)
    assert len(cues) > 1
    assert "".join(cue.text for cue in cues) == text
    assert all(width(cue.text) <= CUE_WIDTH for cue in cues)
    assert not any(cue.text[0] in "，。" for cue in cues)


def test_a_cue_that_is_too_long_ends_where_a_clause_does() -> None:
    text = "把一双素净的球场鞋做到位：头层牛皮、缝线杯底、棉质鞋带。"
    first, second = cut(text, spread(text, 0, 8000), 8000)
    assert first.text == "把一双素净的球场鞋做到位：头层牛皮、"
    assert second.text == "缝线杯底、棉质鞋带。"
    text = "A detail I like: a plain court shoe done properly, full-grain leather, stitched cup sole."
    assert [cue.text for cue in cut(text, marks_of(text), 9000)][0] == (
        "A detail I like: a plain court shoe done properly,"
    )


def test_a_translation_takes_each_sentence_time() -> None:
    text = "It is blue. It weighs 350 g."
    marks = marks_of(text)
    spans = sentences(text)
    times = times_of(spans, marks, 12_400)
    assert times == [(10_000, 10_900), (10_900, 12_400)]
    whole, laid = overlaid(["Es azul.", "Pesa 350 g."], times, " ")
    assert whole == "Es azul. Pesa 350 g."
    assert [mark.ms for mark in laid if whole[mark.offset :].lstrip().startswith(("Es", "Pesa"))] == [10_000, 10_900]
    assert all(before.ms <= after.ms for before, after in zip(laid, laid[1:], strict=False))


@given(st.text(min_size=1, max_size=200), st.integers(0, 10**9), st.integers(0, 180_000))
def test_no_letter_is_lost_and_times_rise_whatever_is_said(text: str, start_ms: int, length_ms: int) -> None:
    marks = spread(text, start_ms, start_ms + length_ms)
    if not text.strip():
        assert not [mark for mark in marks if text[mark.offset :].strip()]
        return
    cues = cut(text, marks, start_ms + length_ms)
    assert re.sub(r"\s", "", "".join(cue.text for cue in cues)) == re.sub(r"\s", "", text)
    assert all(cue.end_ms > cue.start_ms for cue in cues)
    assert all(before.start_ms <= after.start_ms for before, after in zip(cues, cues[1:], strict=False))
    for cue in cues:
        assert all(0 <= mark.offset < len(cue.text) + 1 and mark.ms >= 0 for mark in cue.marks)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (spoken(text=" "), "no text"),
        (spoken(marks=()), "first mark"),
        (spoken(marks=(Mark(2, 1000),)), "first mark"),
        (spoken(marks=(Mark(0, 1000), Mark(0, 1100))), "rise"),
        (spoken(marks=(Mark(0, 1000), Mark(4, 900))), "rise"),
        (spoken(marks=(Mark(0, 1000), Mark(7, 1100))), "behind"),
        (spoken(end=1400), "end"),
        (spoken(end=400_000), "end"),
        (spoken(marks=(Mark(0, 100_000),), end=100_100), "now"),
    ],
)
def test_times_that_cannot_be_true_are_refused(wrong: Spoken, reason: str) -> None:
    with pytest.raises(BadCaption, match=reason):
        wrong.checked(1000)
