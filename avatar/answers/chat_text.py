"""A line of chat as the rest of the mind reads it: bounded, without what is invisible, and folded for matching."""

from __future__ import annotations

import re
import unicodedata

MAX_READ_CHARS = 400
"""A question that is longer is read up to here; what matters is said before."""
MAX_SHOWN_CHARS = 140

_MAX_SCANNED_CHARS = 4000
_MAX_MARKS = 4
_NAME = re.compile(r"[^\W\d_]+(?:[ '\-’][^\W\d_]+){0,2}")
_MAX_NAME_CHARS = 20
_SPACES = re.compile(r"\s+")
_NOT_WORDS = re.compile(r"[^\w°%]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")

_ALEFS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "ё": "е", "ß": "ss", "ı": "i"}
)


def clean(text: str) -> str:
    """One line without control, zero-width, direction and private characters, at most ``MAX_READ_CHARS`` long."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[:_MAX_SCANNED_CHARS]):
        category = unicodedata.category(character)
        if category in ("Zs", "Zl", "Zp") or character in "\t\n\r":
            character, category = " ", "Zs"
        elif category[0] == "C":
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MAX_MARKS or category == "Zs" and (not kept or kept[-1] == " "):
            continue
        kept.append(character)
        if len(kept) >= MAX_READ_CHARS:
            break
    return "".join(kept).strip()


def shown(text: str) -> str:
    """A cleaned question as it is shown beside the answer; cut with an ellipsis."""
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1].rstrip() + "…"


def fold(text: str) -> str:
    """For matching only: lower case, compatibility forms, no accents on Latin, Cyrillic and Arabic letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(
        character
        for character in decomposed
        if not ("\u0300" <= character <= "\u036f" or "\u064b" <= character <= "\u065f" or character == "\u0670")
    )
    return unicodedata.normalize("NFC", bare).translate(_ALEFS)


def words(folded: str) -> str:
    """Folded text as words between single spaces, with one at each end: `` how much is it ``."""
    return f" {_NOT_WORDS.sub(' ', _APOSTROPHES.sub(' ', folded)).strip()} "


def letters(folded: str) -> str:
    """Folded text without spaces, for scripts that are written without them."""
    return _SPACES.sub("", folded)


def spoken_name(author: str) -> str | None:
    """A viewer's name if it is one that can be said aloud: up to three short words of letters; else None."""
    name = clean(author)
    if len(name) > _MAX_NAME_CHARS or not _NAME.fullmatch(name):
        return None
    return name
