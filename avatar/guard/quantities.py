"""Numbers in a sentence with what they count: digits of any script, Han numerals, numbers written out.

Everything is brought to one form (`Quantity`), for sentences and for facts alike, so that "1.240 °C", "1,240 degrees"
and "１２４０℃" are the same. What has no unit is a bare number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from num2words import num2words

from avatar.guard.units import after, before
from avatar.model import language_of

MAX_TEXT_CHARS = 4000
_MAX_DIGITS = 18

_GROUPED_BY_POINT = frozenset({"es", "de", "pt", "fr", "ru"})
_DIGITS = re.compile(
    r"(?<![^\W_])(?<!\d[.,])(?:\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*\d|\d)"
    r"(?:\s?(?P<times>[十百千万亿億만]+))?"
)
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:：][0-5]\d(?!\d)")
_RANGE = re.compile(r"\s?(?:[-–—~〜～]|to|a|à|bis|do|до|至|到|から|إلى)\s?$")
_CODE = re.compile(r"(?<![^\W_])[a-z]{1,12}-?\d[a-z\d-]*", re.ASCII)
_HAN = re.compile(r"(?P<percent>百分之)?(?P<number>[零〇一二两三四五六七八九十百千万亿]+)")
_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "億": 10**8, "亿": 10**8, "만": 10**4}
_MEASURE_WORDS = "件个只条双款位人次种张台盒瓶支把套颗枚份点個本つ回名"
_NO_NUMBERS = ("十分", "万一", "千万", "一万个", "四周", "三言两语", "五金", "万能", "百搭", "一百分")


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts."""

    value: Decimal
    units: frozenset[str] = frozenset()
    """Canonical unit, currency (``USD``), ``percent`` or ``clock``; several where a sign is ambiguous (``¥``); empty
    for a bare number."""
    text: str = ""
    """As it was found."""

    def fits(self, other: Quantity) -> bool:
        """True when ``other`` (from a fact) says this. A bare number is said by any number of the same value."""
        if self.value != other.value:
            return False
        return not self.units or bool(self.units & other.units)


def normal(text: str) -> str:
    """Compatibility forms, ASCII digits, lower case; at most ``MAX_TEXT_CHARS``."""
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT_CHARS]).casefold()
    return "".join(
        str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character
        for character in folded
        if character not in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c"
    ).replace("٫", ".")


def quantities(text: str, lang: str) -> list[Quantity]:
    """All numbers of a text in a language. Never fails; ``3D`` and the number one written out are left out."""
    plain = normal(text)
    found = [Quantity(_clock(match), frozenset({"clock"}), match.group()) for match in _CLOCK.finditer(plain)]
    rest = _blanked(_blanked(plain, _CLOCK), _CODE)
    found += _digits(rest, language_of(lang))
    if re.search(r"[一-十百千万两]", rest):
        found += _han(rest)
    return found + list(_written_out(rest, language_of(lang)))


def codes(text: str) -> set[str]:
    """Names with digits in them (``UV400``, ``AUTUMN10``), without hyphens."""
    return {match.group().replace("-", "") for match in _CODE.finditer(normal(text))}


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def _clock(match: re.Match[str]) -> Decimal:
    hours, minutes = re.split(r"[:：]", match.group())
    return Decimal(int(hours) * 60 + int(minutes))


def _digits(text: str, lang: str) -> list[Quantity]:
    found: list[Quantity] = []
    open_range: list[Quantity] = []
    last_end = 0
    for match in _DIGITS.finditer(text):
        digits = match.group()
        times = match.group("times") or ""
        bare = digits.removesuffix(times).strip().rstrip(".,")
        end = match.start() + len(bare) if not times else match.end()
        if bare in ("2", "3") and re.match(r"d(?![a-z])", text[end:]):
            continue  # 3D
        value = _value(bare, lang)
        if value is None:
            continue
        for sign in times:
            value *= _HAN_TENS.get(sign) or _HAN_LARGE.get(sign, 1)
        units, length = after(text[end : end + 24])
        units = units or before(text[max(0, match.start() - 8) : match.start()])
        if "zhe" in units:
            value = 100 - (value if value >= 10 else value * 10)
            units = frozenset({"percent"})
        quantity = Quantity(value, units, text[match.start() : end + length].strip())
        if open_range and _RANGE.search(text[last_end : match.start()]) and not open_range[0].units:
            # The unit of a range belongs to both of its ends: 3–6 days.
            found[-1] = Quantity(open_range[0].value, units, open_range[0].text)
        found.append(quantity)
        open_range, last_end = [quantity], end
    return found


def _value(digits: str, lang: str) -> Decimal | None:
    bare = re.sub(r"[ '’]", "", digits)
    if len(bare) > _MAX_DIGITS:
        return None
    signs = [c for c in bare if c in ".,"]
    if not signs:
        return Decimal(bare)
    last = max(bare.rfind("."), bare.rfind(","))
    after_last = len(bare) - last - 1
    if len(set(signs)) == 2:
        decimal: str | None = bare[last]
    elif len(signs) > 1:
        decimal = None
    elif after_last != 3:
        decimal = signs[0]
    else:
        decimal = "," if lang in _GROUPED_BY_POINT else "."
    cleaned = "".join(c if c not in ".," else "." if c == decimal and i == last else "" for i, c in enumerate(bare))
    return Decimal(cleaned)


def _han(text: str) -> Iterator[Quantity]:
    for word in _NO_NUMBERS:
        text = text.replace(word, " " * len(word))
    for match in _HAN.finditer(text):
        if text[max(0, match.start() - 1) : match.start()].isdigit():
            continue  # 3万: the digits have taken it
        value = _han_value(match.group("number"))
        if value is None:
            continue
        if match.group("percent"):
            yield Quantity(value, frozenset({"percent"}), match.group())
            continue
        rest = text[match.end() : match.end() + 24]
        units, length = after(rest)
        if "zhe" in units:
            yield Quantity(100 - (value if value >= 10 else value * 10), frozenset({"percent"}), match.group() + "折")
        elif units and (value != 1 or units & {"percent", "USD", "CNY", "JPY", "EUR"}):
            yield Quantity(value, units, match.group() + rest[:length])
        elif rest[:1] in _MEASURE_WORDS and rest and value > 1:
            yield Quantity(value, frozenset(), match.group() + rest[:1])


def _han_value(numeral: str) -> Decimal | None:
    """二十五 → 25, 一万二千 → 12000, 二〇二六 → 2026; None when the signs make no number."""
    if len(numeral) > 12:
        return None
    if all(sign in _HAN_DIGITS for sign in numeral):
        return Decimal("".join(str(_HAN_DIGITS[sign]) for sign in numeral))
    total = section = digit = 0
    for sign in numeral:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign in _HAN_TENS:
            section += (digit or 1) * _HAN_TENS[sign]
            digit = 0
        else:
            total = (total + section + digit) * _HAN_LARGE[sign] if section + digit + total else _HAN_LARGE[sign]
            section = digit = 0
    return Decimal(total + section + digit)


_AMBIGUOUS = {("fr", "neuf"), ("de", "acht"), ("de", "sieben"), ("es", "once"), ("fr", "vingt-et")}
"""Words that are numbers or something else; counted only before a unit."""


@cache
def _number_words(lang: str) -> tuple[re.Pattern[str], dict[str, int]] | None:
    if lang not in ("en", "es", "fr", "de", "pt", "ru", "ar"):
        return None
    numbers = [*range(2, 101), 200, 300, 400, 500, 600, 700, 800, 900, 1000]
    by_word: dict[str, int] = {}
    for number in numbers:
        word = normal(num2words(number, lang=lang))
        by_word[word] = number
        by_word[word.replace("-", " ")] = number
    if lang == "ru":
        by_word["две"] = 2
    longest_first = sorted(by_word, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"), by_word


def _written_out(text: str, lang: str) -> Iterator[Quantity]:
    prepared = _number_words(lang)
    if prepared is None:
        return
    pattern, by_word = prepared
    for match in pattern.finditer(text):
        units, length = after(text[match.end() : match.end() + 24])
        if not units and (lang, match.group()) in _AMBIGUOUS:
            continue
        yield Quantity(Decimal(by_word[match.group()]), units, text[match.start() : match.end() + length])
