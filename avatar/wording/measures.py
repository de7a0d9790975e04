"""Money, shares, counts, times, units and lists as people of a language write them (CLDR through Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from babel.units import UnknownUnitError, format_unit

from avatar.model import Price, language_of

_REGIONS = {"zh": "zh_CN", "pt": "pt_BR", "en": "en_US", "es": "es_ES"}
"""Where a bare language tag is at home, for the shape of its numbers."""

_UNITS = {
    "mm": "length-millimeter",
    "cm": "length-centimeter",
    "m": "length-meter",
    "km": "length-kilometer",
    "in": "length-inch",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "ml": "volume-milliliter",
    "l": "volume-liter",
    "w": "power-watt",
    "v": "electric-volt",
    "mah": "electric-milliampere-hour",
    "h": "duration-hour",
    "min": "duration-minute",
    "s": "duration-second",
    "day": "duration-day",
    "days": "duration-day",
    "months": "duration-month",
    "month": "duration-month",
    "years": "duration-year",
    "year": "duration-year",
    "°c": "temperature-celsius",
}

_MARKS = str.maketrans({"\u200e": None, "\u200f": None, "\u061c": None, "\u202f": "\u00a0"})
"""Direction marks upset captions; a narrow space is not in every font."""


@lru_cache(maxsize=32)
def _locale(tag: str) -> Locale:
    for candidate in (tag.replace("-", "_"), _REGIONS.get(language_of(tag), language_of(tag))):
        candidate = _REGIONS.get(candidate, candidate)
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_US")


class Measures:
    """Amounts in one language. Any BCP 47 tag is taken; what CLDR does not know is written as in English."""

    def __init__(self, tag: str) -> None:
        self._locale = _locale(tag)

    def money(self, amount_minor: int, currency: str) -> str:
        """An amount in minor units; whole amounts without decimals, as people say them."""
        digits = get_currency_precision(currency)
        amount = Decimal(amount_minor).scaleb(-digits)
        if amount == amount.to_integral_value():
            pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
            text = format_currency(amount, currency, format=pattern, locale=self._locale, currency_digits=False)
        else:
            text = format_currency(amount, currency, locale=self._locale)
        return text.translate(_MARKS).strip()

    def price(self, price: Price) -> str:
        """What is asked right now."""
        return self.money(price.amount_minor, price.currency)

    def percent(self, percent: int) -> str:
        """A share in whole percent."""
        return format_percent(Decimal(percent) / 100, locale=self._locale).translate(_MARKS)

    def count(self, number: int | float) -> str:
        """A number, grouped."""
        return format_decimal(number, locale=self._locale).translate(_MARKS)

    def time(self, at: datetime) -> str:
        """Time of day without seconds."""
        return format_time(at, format="short", locale=self._locale).translate(_MARKS)

    def date(self, day: date) -> str:
        """A date with its month written out."""
        return format_date(day, format="long", locale=self._locale).translate(_MARKS)

    def any_of(self, choices: Sequence[str]) -> str:
        """``a, b or c``."""
        return format_list(choices, style="or", locale=self._locale)

    def all_of(self, parts: Sequence[str]) -> str:
        """``a, b and c``."""
        return format_list(parts, style="standard", locale=self._locale)

    def quantity(self, value: str, unit: str | None) -> str | None:
        """A bare value with its unit; None when the value is no number or the unit is not known."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        if not number.is_finite():
            return None
        if unit is None:
            return self.count(float(number))
        if unit == "%":
            return self.percent(int(number))
        if len(unit) == 3 and unit.isupper():
            return self.money(int(number), unit)
        name = _UNITS.get(unit.lower())
        if name is None:
            return None
        try:
            return format_unit(float(number), name, length="short", locale=self._locale).translate(_MARKS)
        except UnknownUnitError:
            return None
