"""Numbers in words: Mandarin by our own rules, the other languages by num2words."""

from __future__ import annotations

from decimal import Decimal

from num2words import num2words

_LANGUAGES = {
    "en": "en",
    "es": "es",
    "fr": "fr",
    "de": "de",
    "pt": "pt_BR",
    "ar": "ar",
    "ru": "ru",
    "ja": "ja",
    "ko": "ko",
}
_POINT = {
    "en": "point",
    "es": "coma",
    "fr": "virgule",
    "de": "Komma",
    "pt": "vírgula",
    "ar": "فاصلة",
    "ja": "点",
    "ko": "점",
    "zh": "点",
}
_AS_NUMBER = frozenset(("es", "fr", "pt", "ar"))
"""Up to two decimals are said as a number ("coma noventa y nueve"); elsewhere digit by digit."""

LARGEST = 10**12
"""Longer numbers are spelled digit by digit."""

_ZH_DIGITS = "零一二三四五六七八九"
_ZH_UNITS = ("", "十", "百", "千")
_ZH_GROUPS = ("", "万", "亿", "万亿")


def _zh_group(number: int) -> str:
    said, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if zero and said else "") + _ZH_DIGITS[digit] + _ZH_UNITS[place]
            zero = False
        else:
            zero = True
    return said


def _zh(number: int) -> str:
    if number == 0:
        return "零"
    said, gap = "", False
    for group in (3, 2, 1, 0):
        part = number // 10000**group % 10000
        if part:
            said += ("零" if said and (gap or part < 1000) else "") + _zh_group(part) + _ZH_GROUPS[group]
            gap = False
        else:
            gap = True
    return said.removeprefix("一") if said.startswith("一十") else said


def cardinal(number: int, lang: str) -> str:
    """A whole number from 0 up in the words of ``lang`` (first part of a tag; unknown ones get digits)."""
    if number >= LARGEST:
        return " ".join(cardinal(int(digit), lang) for digit in str(number))
    if lang == "zh":
        return _zh(number)
    if lang not in _LANGUAGES:
        return str(number)
    if lang == "en":
        # "one thousand, nine hundred": the comma would be heard as a pause.
        return str(num2words(number, lang="en")).replace(",", "")
    return str(num2words(number, lang=_LANGUAGES[lang])).replace(",", "")


def decimal(value: Decimal, lang: str) -> str:
    """A number from 0 up with its decimals as written: ``1.50`` keeps its zero."""
    text = format(value, "f")
    whole, _, decimals = text.partition(".")
    if not decimals or lang not in {*_LANGUAGES, "zh"}:
        return cardinal(int(whole), lang) if not decimals else text
    if lang == "ru":
        return str(num2words(value.normalize(), lang="ru")) if int(decimals) else cardinal(int(whole), lang)
    gap = "" if lang in ("zh", "ja") else " "
    if lang in _AS_NUMBER and len(decimals) <= 2 and not decimals.startswith("0"):
        spoken = cardinal(int(decimals), lang)
    else:
        spoken = gap.join(cardinal(int(digit), lang) for digit in decimals)
    return gap.join((cardinal(int(whole), lang), _POINT[lang], spoken))


def ordinal_en(number: int) -> str:
    """``21`` → ``twenty-first``."""
    return str(num2words(number, to="ordinal", lang="en")).replace(",", "")


def plural_of(count: int, lang: str) -> str:
    """CLDR's plural category of a whole number."""
    from babel import Locale

    return str(Locale.parse(_LANGUAGES.get(lang, lang)).plural_form(count)) if lang != "zh" else "other"
