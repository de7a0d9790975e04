"""Files of captions are valid, whatever was said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream_server.captions.cutting import cut, spread
from stream_server.captions.model import CaptionLine, Cue, Mark
from stream_server.captions.webvtt import shortened, stamp, webvtt
from tests.unit.captions.parser import read_webvtt


def line(text: str, start_ms: int, end_ms: int, language: str = "en", utterance_id: str = "u1") -> CaptionLine:
    cues = tuple(cut(text, spread(text, start_ms, end_ms), end_ms)) if text.strip() else ()
    return CaptionLine(utterance_id, language, language == "en", "original", cues)


def test_a_file_has_the_cues_in_order_of_time() -> None:
    text = webvtt([line("Second.", 9000, 9900), line("First & <best>.", 3_600_500, 3_601_000)], "en")
    assert text.startswith("WEBVTT\n\n00:00:09.000 --> ")
    assert [(cue.start_ms, cue.text) for cue in read_webvtt(text)] == [
        (9000, "Second."),
        (3_600_500, "First & <best>."),
    ]


def test_what_was_not_translated_says_which_language_it_is_in() -> None:
    cues = read_webvtt(webvtt([line("Hola.", 1000, 1500, "es"), line("Hello.", 3000, 3500, "en")], "es"))
    assert [(cue.text, cue.language) for cue in cues] == [("Hola.", None), ("Hello.", "en")]


def test_no_cue_stands_over_the_next_one() -> None:
    cues = read_webvtt(webvtt([line("One.", 1000, 2000), line("Two.", 2100, 3000)], "en"))
    assert cues[0].end_ms == 2100


def test_words_that_were_never_heard_are_left_out() -> None:
    cue = Cue(1000, 4000, "It is made by hand", (Mark(0, 0), Mark(3, 500), Mark(6, 1000), Mark(11, 1500)))
    cut_line = shortened(CaptionLine("u", "en", True, "original", (cue, Cue(4000, 5000, "in Porto", ()))), 2100)
    assert [(kept.text, kept.end_ms) for kept in cut_line.cues] == [("It is made", 2100)]


def test_hours_have_as_many_digits_as_they_need() -> None:
    assert stamp(360_000_000) == "100:00:00.000"
    assert stamp(-5) == "00:00:00.000"


def test_a_show_without_words_is_an_empty_file() -> None:
    assert read_webvtt(webvtt([], "en")) == []


def test_a_line_of_control_characters_is_left_out() -> None:
    assert read_webvtt(webvtt([line("\0", 0, 500)], "en")) == []


@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.integers(0, 10**8), st.integers(0, 9000), st.sampled_from(("en", "es"))),
        max_size=8,
    )
)
def test_every_file_is_valid(said: list[tuple[str, int, int, str]]) -> None:
    lines = [
        line(text, start, start + length, language, str(n)) for n, (text, start, length, language) in enumerate(said)
    ]
    for cue in read_webvtt(webvtt(lines, "en")):
        assert cue.text.strip()
