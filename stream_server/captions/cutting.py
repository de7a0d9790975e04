"""Cuts a spoken text into cues that can be read, and lays a translation over the time of the original. Pure.

A cue has about two lines of a phone, begins with a word and ends where a sentence does if one does. Where exactly lines
break is left to whoever draws them: it depends on the reader's size of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from stream_server.captions.model import Cue, Mark

LINE_WIDTH = 37
"""Of Latin letters; a Han character or kana counts twice."""
CUE_WIDTH = 2 * LINE_WIDTH - 6
LONGEST_MS = 6000
SHORTEST_MS = 50
HOLD_MS = 400
"""The last cue stays so long after the last word."""

_SENTENCE_END = re.compile(r"[.!?؟…]+[\"'”’)\]]*(?=\s|$)|[。！？]+[”’」』）]*")
_UNIT = re.compile(r"\s*\S+")
_CLAUSE_END = tuple(",;:，、；：.!?。！？…—")
_CLOSING = "。，、！？；：”’）」』》…,.!?;:)"


def width(text: str) -> int:
    """In Latin letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def sentences(text: str) -> list[tuple[int, int]]:
    """Begin and end of each sentence; together they are the whole text."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    if not ends or text[ends[-1] :].strip():
        ends.append(len(text))
    ends[-1] = len(text)
    return [(begin, end) for begin, end in zip([0, *ends[:-1]], ends, strict=True) if text[begin:end].strip()]


def cut(text: str, marks: Sequence[Mark], end_ms: int) -> list[Cue]:
    """Cues of ``text``; ``marks`` on the show clock, the first at offset 0."""
    ends = [mark.offset for mark in marks[1:]] + [len(text)]
    groups: list[list[int]] = []
    for n, mark in enumerate(marks):
        if groups and not _is_full(text, marks, groups[-1], ends[n], mark):
            groups[-1].append(n)
        else:
            groups.append([*_left_over(text, marks, groups[-1], mark), n] if groups else [n])
    cues: list[Cue] = []
    for number, group in enumerate(groups):
        first = marks[group[0]]
        is_last = number + 1 == len(groups)
        until_ms = end_ms + HOLD_MS if is_last else marks[groups[number + 1][0]].ms
        piece = text[first.offset : ends[group[-1]]]
        lead = len(piece) - len(piece.lstrip())
        inner = tuple(Mark(max(marks[n].offset - first.offset - lead, 0), marks[n].ms - first.ms) for n in group)
        cues.append(Cue(first.ms, max(until_ms, first.ms + SHORTEST_MS), piece.strip(), inner))
    return [cue for cue in cues if cue.text]


def _is_full(text: str, marks: Sequence[Mark], group: Sequence[int], end: int, mark: Mark) -> bool:
    begin = marks[group[0]]
    before = text[begin.offset : mark.offset].rstrip()
    is_sentence = any(found.end() == len(before) for found in _SENTENCE_END.finditer(before))
    return (
        width(text[begin.offset : end].strip()) > CUE_WIDTH
        or mark.ms - begin.ms >= LONGEST_MS
        or (is_sentence and width(before) > LINE_WIDTH // 2)
    )


def _left_over(text: str, marks: Sequence[Mark], group: list[int], mark: Mark) -> list[int]:
    """What goes over into the next cue because a clause ended in this one: taken out of ``group``."""
    begin = marks[group[0]].offset
    if text[begin : mark.offset].rstrip()[-1:] in _CLAUSE_END:
        return []
    for at in range(len(group) - 1, 0, -1):
        before = text[begin : marks[group[at]].offset].rstrip()
        if width(before) < CUE_WIDTH // 3:
            break
        if before[-1:] in _CLAUSE_END:
            rest = group[at:]
            del group[at:]
            return rest
    return []


def spread(text: str, start_ms: int, end_ms: int) -> list[Mark]:
    """Marks of a text of which only begin and end are known: each word takes time as it takes room."""
    whole = max(width(text), 1)
    marks: list[Mark] = []
    passed = 0
    for begin, end in _units(text):
        marks.append(Mark(begin, start_ms + (end_ms - start_ms) * passed // whole))
        passed += width(text[begin:end])
    return marks


def overlaid(parts: Sequence[str], times: Sequence[tuple[int, int]], joint: str) -> tuple[str, list[Mark]]:
    """One text of translated sentences, each over the time (begin, end) of its original, and its marks."""
    text = ""
    marks: list[Mark] = []
    for part, (start_ms, end_ms) in zip(parts, times, strict=True):
        clean = part.strip()
        if not clean:
            continue
        if text:
            text += joint
        marks += [Mark(mark.offset + len(text), mark.ms) for mark in spread(clean, start_ms, end_ms)]
        text += clean
    return text, marks


def times_of(spans: Sequence[tuple[int, int]], marks: Sequence[Mark], end_ms: int) -> list[tuple[int, int]]:
    """When each span of a text begins and ends to be spoken."""
    starts = [_ms_at(begin, marks) for begin, _ in spans]
    return list(zip(starts, [*starts[1:], end_ms], strict=True))


def _ms_at(offset: int, marks: Sequence[Mark]) -> int:
    """Of the first mark at or behind ``offset``: the space before a word belongs to it."""
    return next((mark.ms for mark in marks if mark.offset >= offset), marks[-1].ms)


def _units(text: str) -> list[tuple[int, int]]:
    """Words; in scripts without spaces, characters, with closing punctuation at the one before."""
    units: list[tuple[int, int]] = []
    for found in _UNIT.finditer(text):
        begin = found.start()
        for at in range(found.start(), found.end()):
            is_wide = unicodedata.east_asian_width(text[at]) in "WF" and text[at] not in _CLOSING
            if is_wide and text[begin:at].strip():
                units.append((begin, at))
                begin = at
        units.append((begin, found.end()))
    return [(0, units[0][1]), *units[1:]] if units else []
