"""One line of text from a stranger, made safe to show: what is invisible or turns the line around is taken out.

Screens escape markup themselves; this is about what escaping cannot help with: control characters, text that
only looks empty, direction marks that reorder what others wrote, and towers of combining marks.
"""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_KEPT_FORMAT_CHARACTERS = {
    _ZERO_WIDTH_JOINER,  # joins emoji and shapes Arabic and Indic letters
    "\u200c",  # zero-width non-joiner: Persian and Indic spelling
    *map(chr, range(0xE0020, 0xE0080)),  # tags: the flags of Scotland, Wales, England
}
_MAX_MARKS = 4
"""Combining marks kept after one letter; Vietnamese needs two, Hebrew with cantillation three."""


def one_line(text: str) -> str:
    """``text`` in NFC as a single line without control, direction and private characters, and trimmed.

    Lone surrogates, unassigned and private-use characters go as well: fonts show boxes for them at best.
    Joiners stay only between visible characters.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in ("Zs", "Zl", "Zp") or character in "\t\n\r":
            character, category = " ", "Zs"
        if category == "Cf" and character not in _KEPT_FORMAT_CHARACTERS or category in ("Cc", "Cs", "Cn", "Co"):
            continue
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MAX_MARKS:
                continue
        elif category != "Cf":
            marks = 0
        if category in ("Zs", "Cf", "Mn", "Me") and (not kept or kept[-1] == " "):
            continue  # a second space, or something invisible without a letter to stand on
        kept.append(character)
    while kept and (kept[-1] == " " or kept[-1] in _KEPT_FORMAT_CHARACTERS and not _is_tag(kept[-1])):
        kept.pop()
    return "".join(kept)


def _is_tag(character: str) -> bool:
    return ord(character) >= 0xE0020
