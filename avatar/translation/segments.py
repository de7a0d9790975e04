"""Masked lines in pieces that a model takes, their placeholders counted anew; and what stands at a line's edges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from avatar.translation.masking import CLOSE, OPEN, SYMBOLS, Masked

LONGEST: Final = 200
"""Characters; the training saw none longer."""
MOST_SEGMENTS: Final = 24

_HOLE = re.compile(rf"{OPEN}(\d+){CLOSE}")
_SENTENCE = re.compile(r"[^.!?。！？…;；\n]*(?:[.!?…;]+(?=\s|$|⟦)|[。！？；]+|[.!?…;]|\n|$)[\"'”’)]*\s*")
_CLAUSE = re.compile(r"[^,，、:：]*(?:[,，、:：]+\s*|$)")
_LEADING = re.compile(rf"(?:\s*{OPEN}\d+{CLOSE}[\s,:，：]*)+")
_TRAILING = re.compile(rf"(?:\s*{OPEN}\d+{CLOSE})+\s*$")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_STARTS_A_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f$€£¥@#]")
_TAG = re.compile(r"[@#]")


@dataclass(frozen=True)
class Edged:
    """A masked text without the emoji around it and the names that it is addressed to."""

    before: str
    text: str
    after: str


def without_edges(masked: Masked) -> Edged:
    """Take leading emoji and @names and trailing emoji off; all of it when there is nothing else."""
    text = masked.text
    start = 0
    leading = _LEADING.match(text)
    if leading is not None and all(_is_loose(masked.items[n], start=True) for n in _numbers(leading[0])):
        start = leading.end()
    end = len(text)
    while (trailing := _HOLE.search(text.rstrip()[:end], max(start, len(text.rstrip()[:end]) - 5))) is not None:
        whole = text[:end].rstrip()
        if trailing.end() != len(whole) or not _is_loose(masked.items[int(trailing[1])], start=False):
            break
        end = len(whole[: trailing.start()].rstrip())
    if start >= end:
        return Edged(text, "", "")
    return Edged(text[:start], text[start:end], text[end:])


def _is_loose(item: str, *, start: bool) -> bool:
    """An emoji, or at the start of a line a name."""
    return (start and bool(_TAG.match(item))) or not re.search(r"\w|[$€£¥%#@]", item)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _HOLE.findall(text)]


def sentences(text: str) -> list[str]:
    """The sentences of a masked text; joined they are the text again."""
    return [piece for piece in _SENTENCE.findall(text) if piece]


def chunks(text: str, *, by_sentence: bool = False) -> list[str] | None:
    """Pieces that fit the model, sentences where that goes; None when some do not, or there are too many.

    ``by_sentence``: also where the whole would fit.
    """
    if by_sentence:
        pieces = sentences(text)
        return pieces if len(pieces) <= MOST_SEGMENTS and all(_fits(piece) for piece in pieces) else None
    if _fits(text):
        return [text]
    pieces = []
    for sentence in sentences(text):
        for part in [sentence] if _fits(sentence) else [p for p in _CLAUSE.findall(sentence) if p]:
            for piece in [part] if _fits(part) else _by_words(part):
                # short neighbours share a piece: a model wants to see what a word stands beside
                if pieces and _fits(pieces[-1] + piece):
                    pieces[-1] += piece
                else:
                    pieces.append(piece)
    return pieces if len(pieces) <= MOST_SEGMENTS and all(_fits(piece) for piece in pieces) else None


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and len(_HOLE.findall(text)) <= len(SYMBOLS)


def _by_words(text: str) -> list[str]:
    pieces = [""]
    for word in re.findall(r"\S+\s*", text):
        if _fits(pieces[-1] + word):
            pieces[-1] += word
        else:
            pieces.append(word)
    return [piece for piece in pieces if piece]


def renumbered(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with its placeholders counted from 0 in their order, and what their numbers were."""
    numbers = _numbers(text)
    places = {number: place for place, number in enumerate(dict.fromkeys(numbers))}
    return _HOLE.sub(lambda match: SYMBOLS[places[int(match[1])]], text), tuple(places)


def numbered_back(text: str, numbers: tuple[int, ...]) -> str | None:
    """The opposite, for a translation; None unless every placeholder is there exactly once and none was invented."""
    found = _numbers(text)
    if sorted(found) != list(range(len(numbers))) or re.search(rf"[{OPEN}{CLOSE}]", _HOLE.sub("", text)):
        return None
    return _HOLE.sub(lambda match: f"{OPEN}{numbers[int(match[1])]}{CLOSE}", text)


def filled(text: str, items: tuple[str, ...]) -> str:
    """The text with its items in their places."""
    return _HOLE.sub(lambda match: items[int(match[1])], text)


def spaced(said: str, items: tuple[str, ...]) -> str:
    """A model's text with spaces where an item would run into a word: models forget them around placeholders."""

    def place(match: re.Match[str]) -> str:
        item = items[int(match[1])]
        before, after = said[: match.start()][-1:], said[match.end() :][:2]
        lead = " " if _LATIN.match(before) and _STARTS_A_WORD.match(item) else ""
        tail = " " if _LATIN.match(item[-1:]) and len(_LATIN.findall(after)) == 2 else ""
        return lead + match[0] + tail

    return _HOLE.sub(place, said)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    text = files("avatar.translation").joinpath("data", "traditional.txt").read_text("utf-8")
    _, traditional, simple = text.splitlines()
    return {ord(old): new for old, new in zip(traditional, simple, strict=True)}


def simplified(text: str) -> str:
    """Chinese in simplified characters, which is what the models have read."""
    return text.translate(_simplified())
