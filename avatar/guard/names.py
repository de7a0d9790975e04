"""Names in a sentence that no fact knows: brands, places, people, web addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale

from avatar.answers.chat_text import fold, letters, words
from avatar.answers.lexicon import GROWN_ON, UNSPACED
from avatar.guard.quantities import normal
from avatar.model import language_of

_GROWN_ON = ("", "ال", "ب", "و", "ل", "ف", "وال", "بال", "لل", "من")
"""What an Arabic name may have in front of it."""
_CAPITALISED = re.compile(r"(?<![\w'’])[^\W\d_a-z][\w'’&-]*(?:\s+(?:&\s+)?[^\W\d_a-z][\w'’&-]*)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…。！？“”\"«»„(¿¡—–-])\s*$")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9'’&-]+")
_CONTACT = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|net|org|shop|store|cn|es|de|fr|io|ru|example)\b|[\w.+-]+@[\w-]+\.\w+"
    r"|(?<!\w)@\w{3,}|\+?\d[\d\s().-]{7,}\d|whatsapp|telegram|wechat|微信|加v|qq群",
    re.IGNORECASE,
)
_ALWAYS_KNOWN = frozenset(
    [
        *("ai", "ia", "ki", "ии", "ии-ведущая", "3d", "3d-modell", "3d-ansicht", "3d-модель", "ar", "led", "qr", "ok"),
        *("hd", "usb", "tv", "pc", "app", "faq", "id", "vat", "iva", "eu", "us", "uk", "usd", "eur", "cny", "gbp"),
        *("i", "i'm", "i'll", "i've", "i'd", "english", "deutsch", "cm", "mm", "kg", "ml", "mah", "uv", "w", "k", "v"),
        *("g", "m", "l", "s", "xs", "xl", "xxl"),
    ]
)
"""Words with capitals, or in Latin letters, that are no names."""
_CAPITALS_MEAN_NAMES = frozenset({"en", "es", "fr", "pt", "ru"})
_ALSO_COMMON_WORDS = frozenset({"chad", "jordan", "guinea", "jersey", "mali", "reunion", "polen"})


@cache
def _brands() -> tuple[str, ...]:
    lines = files("avatar.guard").joinpath("brands.txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted({fold(line.strip()) for line in lines if line.strip() and not line.startswith("#")}))


@cache
def _territories(lang: str) -> tuple[str, ...]:
    """Countries in a language; those that are also common words only where they are meant most of the time."""
    names = Locale.parse(lang).territories
    return tuple(
        sorted(
            folded
            for code, name in names.items()
            if len(code) == 2
            and code.isalpha()
            and code not in ("EU", "UN", "EZ", "ZZ")
            and len(folded := fold(name)) >= (2 if UNSPACED.search(name) else 4)
            and folded not in _ALSO_COMMON_WORDS
        )
    )


@cache
def _months_and_days(lang: str) -> tuple[str, ...]:
    """Names of days and months that are nothing else."""
    locale = Locale.parse(lang)
    names = [*locale.days["format"]["wide"].values()]
    names += [name for name in locale.months["format"]["wide"].values() if len(name) > 4 and not name[0].isdigit()]
    return tuple(fold(name) for name in names if fold(name) not in ("march", "marzo", "today"))


@cache
def _listed(lang: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Each listed name, the forms to look for, and whether spaces count."""
    listed: list[tuple[str, tuple[str, ...], bool]] = []
    for name in dict.fromkeys([*_brands(), *_months_and_days(lang), *_territories(lang)]):
        if GROWN_ON.search(name):
            listed.append((name, tuple(words(prefix + name) for prefix in _GROWN_ON), True))
        elif UNSPACED.search(name):
            listed.append((name, (letters(name),), False))
        else:
            listed.append((name, (words(name),), True))
    return tuple(listed)


def unknown_names(text: str, lang: str, known: str) -> Iterator[str]:
    """Names in ``text`` that are nowhere in ``known`` (the cited facts and the names of the catalogue, as one text)."""
    lang = language_of(lang)
    said_spaced, said_unspaced = words(fold(text)), letters(fold(text))
    known_spaced, known_unspaced = words(fold(known)), letters(fold(known))

    for name, forms, is_spaced in _listed(lang):
        said, founded = (said_spaced, known_spaced) if is_spaced else (said_unspaced, known_unspaced)
        if any(form in said for form in forms) and not any(form in founded for form in forms):
            yield name
    if lang in _CAPITALS_MEAN_NAMES:
        yield from _capitalised(text, known_spaced)
    else:
        yield from _foreign(text, known_spaced, lang)


def unknown_contacts(text: str, known: str) -> Iterator[str]:
    """Addresses and telephone numbers that no fact has: nobody is sent away from the shop."""
    known_plain = normal(known)
    for match in _CONTACT.finditer(normal(text)):
        if match.group().strip() not in known_plain:
            yield match.group().strip()


def _capitalised(text: str, known_spaced: str) -> Iterator[str]:
    """Words with a capital that do not begin a sentence."""
    for match in _CAPITALISED.finditer(text):
        parts = match.group().split()
        if _SENTENCE_START.search(text[: match.start()]):
            parts = parts[1:]
        for part in parts:
            bare = fold(part.removesuffix("'s").removesuffix("’s"))
            if (
                len(bare) < 2
                or not part[0].isupper()
                or bare in _ALWAYS_KNOWN
                or not bare.strip("&-'’")
                or any(c.isdigit() for c in bare)
            ):
                continue
            if words(bare) not in known_spaced:
                yield part


def _foreign(text: str, known_spaced: str, lang: str) -> Iterator[str]:
    """Latin words in a text of another script (German: none, its nouns are all capitalised)."""
    if lang == "de":
        return
    for match in _LATIN_WORD.finditer(text):
        bare = fold(match.group())
        if any(c.isdigit() for c in bare):
            continue  # a code; `quantities.codes` looks after those
        if bare not in _ALWAYS_KNOWN and words(bare) not in known_spaced:
            yield match.group()
