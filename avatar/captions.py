"""Captions from the script, on the exact times of the words: cues of at most two lines, as objects and as WebVTT."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from avatar.performance import Ended
from avatar.speech.ports import Utterance, Word
from avatar.speech.script import is_cjk

LINE_CHARS = 37
"""Of Latin letters; a han character or kana counts twice."""
LINES = 2
LONGEST_S = 6.0
_HOLD_S = 0.25
"""A cue stays so long after its last word."""


@dataclass(frozen=True)
class CaptionCue:
    """What is shown for a while; times on the show's time line."""

    start_s: float
    end_s: float
    text: str
    """One or two lines, separated by ``\\n``."""
    words: tuple[Word, ...]
    """With times on the show's time line, for karaoke."""


def cues_of(utterance: Utterance, began_s: float, words: tuple[Word, ...] | None = None) -> list[CaptionCue]:
    """Cues of an utterance that began at ``began_s`` of the show; ``words`` when fewer were heard."""
    heard = utterance.words if words is None else words
    groups: list[list[Word]] = []
    for word in heard:
        if groups and not _is_full(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    cues: list[CaptionCue] = []
    for n, group in enumerate(groups):
        start_s = began_s + group[0].start_s
        limit_s = began_s + groups[n + 1][0].start_s if n + 1 < len(groups) else began_s + utterance.seconds + _HOLD_S
        end_s = max(min(began_s + group[-1].end_s + _HOLD_S, limit_s), start_s + 0.05)
        moved = tuple(Word(began_s + w.start_s, began_s + w.end_s, w.text) for w in group)
        cues.append(CaptionCue(start_s, end_s, _lines(group), moved))
    return cues


def cues_of_ended(ended: Ended) -> list[CaptionCue]:
    """Cues of what was really heard."""
    return cues_of(ended.spoken.utterance, ended.began_s, ended.words)


def webvtt(cues: Iterable[CaptionCue]) -> str:
    """A WebVTT file."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        parts.append(f"{_stamp(cue.start_s)} --> {_stamp(cue.end_s)}\n{_escaped(cue.text)}\n")
    return "\n".join(parts)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _is_full(group: list[Word], word: Word) -> bool:
    text = _joined([*group, word])
    ends = group[-1].text.rstrip("”’\"')）」』")[-1:] in tuple(".!?。！？؟")
    return (
        _width(text) > LINE_CHARS * LINES - 6
        or word.end_s - group[0].start_s > LONGEST_S
        or (ends and _width(_joined(group)) > LINE_CHARS // 2)
    )


def _joined(words: list[Word]) -> str:
    text = ""
    for word in words:
        glued = not text or is_cjk(word.text[0]) or (is_cjk(text[-1]) or text[-1] in "。，、！？；：）」』")
        text += word.text if glued else f" {word.text}"
    return text


def _lines(words: list[Word]) -> str:
    """In two lines of about the same length when it is too long for one."""
    whole = _joined(words)
    if _width(whole) <= LINE_CHARS or len(words) < 2:
        return whole
    best = min(range(1, len(words)), key=lambda n: abs(_width(_joined(words[:n])) - _width(_joined(words[n:]))))
    return f"{_joined(words[:best])}\n{_joined(words[best:])}"


def _stamp(seconds: float) -> str:
    ms = round(max(seconds, 0.0) * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", " ")
