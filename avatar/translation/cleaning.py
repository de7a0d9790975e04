"""What strangers hide in lines of text, taken out before anything looks at them. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from avatar.translation.masking import CLOSE, OPEN

_INVISIBLE = re.compile(
    # soft hyphen, direction marks and embeddings, zero-width spaces, byte order mark, tags, annotations
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
"""A zero-width joiner that joins no emoji."""
_DRAWN_OUT = re.compile(r"([^\W\d_]|[^\w\s⟦⟧])\1{3,}")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
_MOST_REPEATS: Final = 3
_LONGEST_CYCLE: Final = 6


def clean(text: str) -> str:
    """One line in NFC without control, direction and zero-width characters (those within emoji stay).

    Items that masking protects stay as they are; nothing visible is lost.
    """
    bare = _JOINER.sub("", _INVISIBLE.sub("", text))
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in bare)
    return unicodedata.normalize("NFC", " ".join(spaced.split(" "))).strip()


def calm(masked: str) -> str:
    """Masked text as the model has learned it: plain quotes, no ``nooooooo``, nobody saying one thing ten times.

    Placeholders are never touched, so nothing that they stand for is lost.
    """
    text = " ".join(masked.translate(_QUOTES).split())
    text = _DRAWN_OUT.sub(lambda match: match[1] * (_MOST_REPEATS if not match[1].isalpha() else 2), text)
    return _without_cycles(text)


def _without_cycles(text: str) -> str:
    """Words said over and over are kept `_MOST_REPEATS` times."""
    words = text.split(" ")
    if len(words) < 2 * _MOST_REPEATS:
        return text
    kept: list[str] = []
    at = 0
    while at < len(words):
        size, times = _cycle_at(words, at)
        kept += words[at : at + size * min(times, _MOST_REPEATS)]
        at += size * times
    return " ".join(kept)


def _cycle_at(words: list[str], at: int) -> tuple[int, int]:
    """Length of the cycle that begins at ``at`` and how often it comes; (1, 1) where none comes too often."""
    for size in range(1, _LONGEST_CYCLE + 1):
        cycle = words[at : at + size]
        if len(cycle) < size or any(OPEN in word or CLOSE in word for word in cycle):
            break
        times = 1
        while words[at + times * size : at + (times + 1) * size] == cycle:
            times += 1
        if times > _MOST_REPEATS:
            return size, times
    return 1, 1
