"""Words become lines: whole sentences with the times of the sound, and nothing that a stuck recogniser repeats."""

from __future__ import annotations

import itertools

from stream_server.captions.model import Mark, Script, Spoken
from stream_server.listening.dictation import LONGEST_CHARS, Dictation, HeardLine, SpokenWord


def dictation(language: str = "en") -> Dictation:
    numbers = itertools.count(1)
    return Dictation(language, lambda: f"ear_{next(numbers)}")


def words(text: str, start_ms: float = 1000, word_ms: float = 300) -> list[SpokenWord]:
    return [
        SpokenWord(start_ms + n * word_ms, start_ms + n * word_ms + 250, word) for n, word in enumerate(text.split())
    ]


def texts(lines: list[HeardLine]) -> list[tuple[str, bool]]:
    return [(line.text, line.is_whole) for line in lines]


def test_a_line_grows_and_is_whole_with_the_pause() -> None:
    made = dictation()
    assert texts(made.take(words("this lamp"))) == [("This lamp", False)]
    assert texts(made.take(words("is blue", 1600))) == [("This lamp is blue", False)]
    (line,) = made.pause()
    assert (line.utterance_id, line.text, line.is_whole) == ("ear_1", "This lamp is blue", True)
    assert line.marks == ((0, 1000), (5, 1300), (10, 1600), (13, 1900))
    assert line.end_ms == 2150
    assert made.pause() == []


def test_a_sentence_is_whole_without_a_pause() -> None:
    found = dictation().take(words("It is blue. It weighs"))
    assert texts(found) == [("It is blue.", True), ("It weighs", False)]
    assert found[0].utterance_id != found[1].utterance_id


def test_an_engine_without_punctuation_is_cut_by_length_and_by_time() -> None:
    long = dictation().take(words(" ".join(["something"] * 2 + ["else"]) * 20, word_ms=10))
    assert [line.is_whole for line in long][0]
    assert len(long[0].text) <= LONGEST_CHARS + 60
    assert dictation().take(words("one two three", word_ms=9500))[0].text == "One two"


def test_scripts_without_spaces_get_none() -> None:
    assert texts(dictation("zh").take(words("这 盏 灯 。"))) == [("这盏灯。", True)]


def test_a_recogniser_that_is_stuck_is_not_repeated() -> None:
    assert texts(dictation().take(words("very " * 12 + "nice"))) == [("Very very very nice", False)]


def test_what_cannot_be_shown_is_left_out() -> None:
    assert dictation().take([SpokenWord(0, 100, "\u202e\u0000 "), SpokenWord(100, 200, "")]) == []
    (line,) = dictation().take([SpokenWord(0, 100, "a" * 500)])
    assert len(line.text) == 60


def test_times_that_go_back_do_not() -> None:
    made = dictation().take([SpokenWord(1000, 1200, "a"), SpokenWord(900, 1100, "b"), SpokenWord(1300, 1400, "c.")])
    assert [ms for _, ms in made[0].marks] == [1000, 1000, 1300]


def test_every_line_is_a_caption_that_the_server_takes() -> None:
    made = dictation()
    for line in [*made.take(words("so this is it. and here are some more words for you", 400)), *made.pause()]:
        marks = tuple(Mark(*mark) for mark in line.marks)
        Spoken(Script(line.utterance_id, "en", line.text), marks, line.end_ms, is_heard=True).checked(5000)


def test_what_was_said_to_the_studio_is_dropped() -> None:
    made = dictation()
    made.take(words("hey studio"))
    made.drop()
    assert made.pause() == []
