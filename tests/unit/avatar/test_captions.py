import numpy as np

from avatar.captions import cues_of, webvtt
from avatar.speech.ports import SAMPLE_RATE, Mouth, Utterance, Viseme, Word


def spoken(words: tuple[Word, ...]) -> Utterance:
    seconds = words[-1].end_s
    pcm = np.zeros(int(seconds * SAMPLE_RATE), np.int16)
    return Utterance("", "en", pcm, words, (Mouth(0.0, Viseme.SIL, 1.0),), "test")


def test_cues_begin_with_their_first_word_and_never_overlap() -> None:
    words = tuple(Word(n * 0.3, n * 0.3 + 0.28, f"word{n}") for n in range(40))
    cues = cues_of(spoken(words), 100.0)
    assert cues[0].start_s == 100.0
    assert [word.text for cue in cues for word in cue.words] == [word.text for word in words]
    for cue, following in zip(cues, cues[1:], strict=False):
        assert cue.end_s <= following.start_s
        assert following.start_s == following.words[0].start_s
    assert all(len(line) <= 40 for cue in cues for line in cue.text.split("\n"))


def test_chinese_is_written_without_spaces_and_markup_is_escaped() -> None:
    cues = cues_of(spoken((Word(0, 0.2, "大"), Word(0.2, 0.4, "家"), Word(0.4, 0.6, "<b>"))), 3599.5)
    text = webvtt(cues)
    assert "大家" in text
    assert "&lt;b&gt;" in text
    assert "00:59:59.500 --> 01:00:00.350" in text
