"""What a translation must never alter: numbers, prices, sizes, codes, links, @names, emoji and protected words.

Before translation each such item is taken out and a placeholder put in its place; afterwards it is put back exactly as
it was. A translation that lost, doubled or invented a placeholder is no translation (`restore` says None).

The placeholders are one symbol each in the vocabulary of the model that the project trains, so it can only move them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
SYMBOLS: Final = tuple(f"{OPEN}{number}{CLOSE}" for number in range(10))
"""Placeholders that the model knows. A line with more items is not for the model."""

_PLACEHOLDER = re.compile(rf"{OPEN}\s*(\d)\s*{CLOSE}")
_LOOKALIKE = str.maketrans({OPEN: "[", CLOSE: "]"})
_CURRENCY_CODE = r"(?:USD|EUR|GBP|CNY|RMB|JPY|KRW|MXN|BRL|CAD|AUD|CHF|INR|RUB|SAR|AED|HKD|TWD)"
_CURRENCY_SIGN = r"[$€£¥￥₩₹₽]"
_AMOUNT = r"\d+(?:[.,'\u00a0\u202f]\d{3})*(?:[.,]\d+)?"
_UNIT = r"(?:mm|cm|dm|km|m|kg|mg|g|ml|cl|l|L|oz|lb|lbs|ft|in|inch|GB|TB|MB|mAh|Wh|W|V|Hz|°C|°F|x|×)"
_NO_LATIN = "(?<![A-Za-z0-9À-ɏ])"
_THEN_NO_LATIN = "(?![A-Za-z0-9À-ɏ])"
"""Edges of codes; not ``\\b``, which sees none between a letter and a Chinese character."""
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EMOJI = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\u203c-\u2bff\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[\u2600-\u27bf\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*)*)"
)
_ITEM = re.compile(
    "|".join(
        (
            r"https?://[^\s<>\"']+|www\.[^\s<>\"']+",
            r"[@#][A-Za-z0-9_.-]*[A-Za-z0-9_]|[@#]\w+",
            # a currency before or after its amount
            rf"(?:US|CA|A|R|MX|HK|NT)?{_CURRENCY_SIGN}\s?{_AMOUNT}",
            rf"{_NO_LATIN}{_CURRENCY_CODE}\s?{_AMOUNT}",
            rf"{_AMOUNT}\s?(?:{_CURRENCY_SIGN}|{_CURRENCY_CODE}{_THEN_NO_LATIN})",
            rf"{_AMOUNT}\s?[%％‰]",
            r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)",
            # codes: capitals, digits and dashes with at least one digit (SKU-123, B07X)
            rf"{_NO_LATIN}(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*{_THEN_NO_LATIN}",
            rf"{_NO_LATIN}(?:X{{0,4}}[SML]|XXS)(?![A-Za-z0-9À-ɏ'’])",
            rf"{_AMOUNT}\s?{_UNIT}(?![a-zA-Z])(?:\s?[x×]\s?{_AMOUNT}\s?{_UNIT}(?![a-zA-Z]))*",
            rf"{_AMOUNT}",
            _EMOJI + "+",
        )
    )
)


@dataclass(frozen=True)
class Masked:
    """A line whose untouchable items are placeholders."""

    text: str
    """With `SYMBOLS` in the order of the items."""
    items: tuple[str, ...]
    """What stood there, to the letter."""


def edged(name: str) -> str:
    """A pattern for ``name`` standing as a word: Chinese and Japanese have no spaces, Korean hangs endings on."""
    before = "" if _SPACELESS.match(name) else r"(?<![^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
    after = "" if _SPACELESS.match(name[-1:]) else r"(?![^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
    return before + re.escape(name) + after


def mask(text: str, protected: Sequence[str] = ()) -> Masked:
    """Take the untouchable items out of ``text``.

    ``protected`` are names and words that are not translated (brands, the shop's list), longest first wins, matched
    whole and as written. Brackets that look like placeholders, typed by a person, become plain ones. More items than
    `SYMBOLS` stay out all the same: then `is_for_the_model` says no.
    """
    text = text.translate(_LOOKALIKE)
    pattern = _ITEM
    if protected:
        names = "|".join(edged(name) for name in sorted(protected, key=len, reverse=True))
        pattern = re.compile(rf"{names}|{_ITEM.pattern}")
    items: list[str] = []

    def take(match: re.Match[str]) -> str:
        items.append(match[0])
        return f"{OPEN}{len(items) - 1}{CLOSE}"

    return Masked(pattern.sub(take, text), tuple(items))


def is_for_the_model(masked: Masked) -> bool:
    """Whether the model knows enough placeholders, and there are words to translate beside them."""
    words = _PLACEHOLDER.sub("", masked.text)
    return len(masked.items) <= len(SYMBOLS) and any(letter.isalpha() for letter in words)


def restore(translated: str, masked: Masked) -> str | None:
    """Put the items back; None unless every placeholder is there exactly once and none was invented."""
    numbers = [int(number) for number in _PLACEHOLDER.findall(translated)]
    if sorted(numbers) != list(range(len(masked.items))):
        return None
    restored = _PLACEHOLDER.sub(lambda match: masked.items[int(match[1])], translated)
    left = _PLACEHOLDER.sub("", translated)
    return None if OPEN in left or CLOSE in left else restored
