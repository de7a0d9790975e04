"""How people read prices, shares, measures and times aloud, per language.

Names of units and of rarer currencies come from CLDR (Babel); what everybody shortens ("dollars", not "US dollars"),
and cents, are ours. Languages beyond the ten keep their digits, which espeak-ng reads by its own rules.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name
from babel.units import format_unit

from avatar.speech.numerals import cardinal, decimal, plural_of

CJK_LANGUAGES = ("zh", "ja")
_LOCALES = {"pt": "pt_BR", "zh": "zh_CN"}

SYMBOLS = {
    "US$": "USD",
    "CA$": "CAD",
    "A$": "AUD",
    "R$": "BRL",
    "MX$": "MXN",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "₽": "RUB",
    "₹": "INR",
    "₺": "TRY",
}
CODES = ("USD", "EUR", "GBP", "CNY", "JPY", "KRW", "RUB", "BRL", "MXN", "CAD", "AUD", "INR", "TRY", "CHF", "AED", "SAR")

_MONEY: dict[str, dict[str, tuple[str, str]]] = {
    "en": {"USD": ("dollar", "dollars"), "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"), "CNY": ("yuan", "yuan")},
    "es": {"USD": ("dólar", "dólares"), "EUR": ("euro", "euros"), "CNY": ("yuan", "yuanes"), "MXN": ("peso", "pesos")},
    "fr": {"USD": ("dollar", "dollars"), "EUR": ("euro", "euros"), "CNY": ("yuan", "yuans")},
    "de": {"USD": ("Dollar", "Dollar"), "EUR": ("Euro", "Euro"), "CNY": ("Yuan", "Yuan")},
    "pt": {"BRL": ("real", "reais"), "USD": ("dólar", "dólares"), "EUR": ("euro", "euros"), "CNY": ("yuan", "yuans")},
    "zh": {"CNY": ("元", "元"), "JPY": ("日元", "日元")},
    "ja": {"USD": ("ドル", "ドル"), "JPY": ("円", "円"), "CNY": ("元", "元")},
    "ko": {"USD": ("달러", "달러"), "KRW": ("원", "원"), "CNY": ("위안", "위안")},
    "ar": {"USD": ("دولار", "دولار"), "EUR": ("يورو", "يورو")},
}
_RU_MONEY = {
    "USD": ("доллар", "доллара", "долларов"),
    "EUR": ("евро", "евро", "евро"),
    "RUB": ("рубль", "рубля", "рублей"),
    "CNY": ("юань", "юаня", "юаней"),
}
_CENTS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {"": ("cent", "cents"), "GBP": ("penny", "pence")},
    "es": {"": ("centavo", "centavos"), "EUR": ("céntimo", "céntimos")},
    "fr": {"": ("centime", "centimes"), "USD": ("cent", "cents")},
    "de": {"": ("Cent", "Cent")},
    "pt": {"": ("centavo", "centavos"), "EUR": ("cêntimo", "cêntimos")},
    "ja": {"": ("セント", "セント")},
    "ko": {"": ("센트", "센트")},
    "ar": {"": ("سنت", "سنت")},
}
_RU_CENTS = {"": ("цент", "цента", "центов"), "RUB": ("копейка", "копейки", "копеек")}
_AND = {
    "en": " and ",
    "es": " con ",
    "fr": " et ",
    "de": " und ",
    "pt": " e ",
    "ar": " و ",
    "ru": " ",
    "ja": "",
    "ko": " ",
}
_HAS_CENTS = frozenset(("USD", "EUR", "GBP", "BRL", "MXN", "CAD", "AUD", "RUB"))
_PERCENT = {
    "en": "{} percent",
    "es": "{} por ciento",
    "fr": "{} pour cent",
    "de": "{} Prozent",
    "pt": "{} por cento",
    "ru": "{} процентов",
    "ar": "{} بالمئة",
    "zh": "百分之{}",
    "ja": "{}パーセント",
    "ko": "{} 퍼센트",
}
_RU_PERCENT = ("процент", "процента", "процентов")
_BY = {
    "en": "by",
    "es": "por",
    "fr": "sur",
    "de": "mal",
    "pt": "por",
    "ru": "на",
    "ar": "في",
    "zh": "乘",
    "ja": "かける",
    "ko": "곱하기",
}
_TO = {
    "en": "to",
    "es": "a",
    "fr": "à",
    "de": "bis",
    "pt": "a",
    "ru": "–",
    "ar": "إلى",
    "zh": "到",
    "ja": "から",
    "ko": "에서",
}

UNITS = {
    "ml": "volume-milliliter",
    "cl": "volume-centiliter",
    "l": "volume-liter",
    "oz": "mass-ounce",
    "lb": "mass-pound",
    "mg": "mass-milligram",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "mm": "length-millimeter",
    "cm": "length-centimeter",
    "m": "length-meter",
    "km": "length-kilometer",
    "in": "length-inch",
    "ft": "length-foot",
    "w": "power-watt",
    "v": "electric-volt",
    "mah": "electric-milliampere-hour",
    "gb": "digital-gigabyte",
    "h": "duration-hour",
    "min": "duration-minute",
    "°c": "temperature-celsius",
    "°f": "temperature-fahrenheit",
}
_UNITS_OF = {
    "zh": "ml 毫升 cl 厘升 l 升 oz 盎司 lb 磅 mg 毫克 g 克 kg 公斤 mm 毫米 cm 厘米 m 米 km 公里 in 英寸 ft 英尺 "
    "w 瓦 v 伏 mah 毫安时 gb G h 小时 min 分钟 °c 摄氏度 °f 华氏度",
    "ja": "mah ミリアンペアアワー w ワット v ボルト °c 度",
    "ko": "mah 밀리암페어시",
    "en": "mah milliamp-hours",
}


def _ru(forms: tuple[str, str, str], count: int) -> str:
    return forms[{"one": 0, "few": 1}.get(plural_of(count, "ru"), 2)]


def _form(forms: tuple[str, str], count: int, lang: str) -> str:
    return forms[0 if plural_of(count, lang) == "one" else 1]


def knows(lang: str) -> bool:
    """Whether quantities of ``lang`` are read by our rules."""
    return lang in _PERCENT


def money(value: Decimal, currency: str, lang: str) -> str:
    """``19.99`` USD → ``nineteen dollars and ninety-nine cents``."""
    whole, cents = int(value), int(value * 100) % 100
    gap = "" if lang in CJK_LANGUAGES else " "
    has_cents = currency in _HAS_CENTS and (lang in _CENTS or lang == "ru")
    if not cents:
        return f"{_counted(whole, lang)}{gap}{_currency(currency, whole, lang)}"
    if not has_cents or value * 100 != int(value * 100):
        return f"{decimal(value, lang)}{gap}{_currency(currency, whole or 2, lang)}"
    if lang == "ru":
        small = _ru(_RU_CENTS.get(currency, _RU_CENTS[""]), cents)
    else:
        names = _CENTS[lang]
        small = _form(names.get(currency, names[""]), cents, lang)
    minor = f"{cardinal(cents, lang)}{gap}{small}"
    if not whole:
        return minor
    return f"{_counted(whole, lang)}{gap}{_currency(currency, whole, lang)}{_AND[lang]}{minor}"


def _counted(whole: int, lang: str) -> str:
    if whole == 1:
        return {"es": "un", "fr": "un", "de": "ein", "pt": "um", "ru": "один"}.get(lang, cardinal(1, lang))
    if lang == "zh" and whole == 2:
        return "两"
    words = cardinal(whole, lang)
    if lang == "es" and words.endswith("veintiuno"):
        return words.removesuffix("veintiuno") + "veintiún"
    return words.removesuffix("uno") + "un" if lang == "es" and words.endswith(" uno") else words


def _currency(currency: str, count: int, lang: str) -> str:
    if lang == "ru" and currency in _RU_MONEY:
        return _ru(_RU_MONEY[currency], count)
    names = _MONEY.get(lang, {})
    if currency in names:
        return _form(names[currency], count, lang)
    return str(get_currency_name(currency, count=count, locale=_LOCALES.get(lang, lang)))


def percent(value: Decimal, lang: str) -> str:
    """``30`` → ``thirty percent``."""
    if lang == "ru":
        return f"{decimal(value, lang)} {_ru(_RU_PERCENT, int(value)) if value == int(value) else 'процента'}"
    return _PERCENT[lang].format(decimal(value, lang))


@lru_cache(maxsize=512)
def _unit_name(unit: str, sample: str, lang: str) -> tuple[str, bool]:
    """The unit's name in the form that goes with a number, and whether the number is already in it (Arabic's "one")."""
    own = dict(zip(*[iter(_UNITS_OF.get(lang, "").split())] * 2, strict=True))
    if unit in own:
        return own[unit], False
    text = str(format_unit(Decimal(sample), UNITS[unit], "long", locale=Locale.parse(_LOCALES.get(lang, lang))))
    name = re.sub(r"[\d.,\u00a0\u202f]+", "", text).strip()
    return name, not re.search(r"\d", text) and sample == "1"


def measure(value: Decimal, unit: str, lang: str) -> str:
    """``500`` ml → ``five hundred milliliters``; ``unit`` is a key of `UNITS`."""
    gap = "" if lang in CJK_LANGUAGES else " "
    name, is_counted = _unit_name(unit, format(value, "f"), lang)
    if is_counted:
        return name
    number = _counted(int(value), lang) if value in (1, 2) and lang != "ru" else decimal(value, lang)
    return f"{number}{gap}{name}"


def product_of(values: list[Decimal], unit: str | None, lang: str) -> str:
    """``20 × 30 cm``."""
    gap = "" if lang in CJK_LANGUAGES else " "
    said = [decimal(value, lang) for value in values]
    if unit:
        said[-1] = measure(values[-1], unit, lang)
    return f"{gap}{_BY[lang]}{gap}".join(said)


def span_of(low: Decimal, high: str, lang: str) -> str:
    """``10–12``; ``high`` is already in words."""
    gap = "" if lang in CJK_LANGUAGES else " "
    return f"{decimal(low, lang)}{gap}{_TO[lang]}{gap}{high}"


def clock(hour: int, minute: int, lang: str) -> str:
    """``14:30``."""
    hours, minutes = cardinal(hour, lang), cardinal(minute, lang)
    if lang == "zh":
        return f"{'两' if hour == 2 else hours}点" + (f"{'零' if minute < 10 else ''}{minutes}分" if minute else "整")
    if lang == "ja":
        return f"{hours}時" + (f"{minutes}分" if minute else "")
    if lang == "ko":
        return f"{hours}시" + (f" {minutes}분" if minute else "")
    if lang == "de":
        return f"{hours} Uhr" + (f" {minutes}" if minute else "")
    if lang == "fr":
        return f"{hours} heures" + (f" {minutes}" if minute else "")
    if lang == "en" and minute < 10:
        return f"{hours} oh {minutes}" if minute else f"{hours} o'clock" if hour <= 12 else f"{hours} hundred"
    return f"{hours} {minutes}" if minute else hours
