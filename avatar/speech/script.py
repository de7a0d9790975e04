"""From written text to what a voice is given: quantities in words, symbols out, with the way back to the writing.

A voice that meets ``$19.99`` says anything; ours gets ``nineteen dollars and ninety-nine cents`` and the caption still
shows ``$19.99`` for exactly as long as those words sound.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from avatar.speech import quantities
from avatar.speech.numerals import cardinal, decimal, ordinal_en

_DECIMAL_COMMA = frozenset(("es", "fr", "de", "pt", "ru"))
_SPACE = r"[ \u00a0\u202f]?"
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_SPACED = re.compile(r"(?<![\d.,])(\d{1,3}) (\d{3})(?![\d])")
"""French and Russian thousands as people type them, with a plain space."""
_N = rf"(?:{_NUMBER})"
_SYMBOL = "|".join(re.escape(symbol) for symbol in sorted((*quantities.SYMBOLS, "¥", "￥"), key=len, reverse=True))
_CODE = "|".join(quantities.CODES)
_UNIT = "|".join(re.escape(unit) for unit in sorted(quantities.UNITS, key=len, reverse=True))
_END = r"(?![A-Za-zÀ-ÿ\d])"
_PATTERN = re.compile(
    rf"(?P<symbol>{_SYMBOL}){_SPACE}(?P<amount>{_N})"
    rf"|(?P<amount_first>{_N}){_SPACE}(?P<symbol_last>{_SYMBOL}|(?:{_CODE}){_END})"
    rf"|(?P<code_first>{_CODE}){_SPACE}(?P<amount_code>{_N})"
    rf"|(?P<percent>{_N}){_SPACE}[%％٪]"
    rf"|(?P<sides>{_N}(?:{_SPACE}[×x]{_SPACE}{_N}){{1,2}})(?:{_SPACE}(?P<sides_unit>(?i:{_UNIT})){_END})?"
    rf"|(?<![\d.,:-])(?P<low>{_N}){_SPACE}[–-]{_SPACE}(?P<high>{_N})(?![\d:-])"
    rf"(?:{_SPACE}(?:(?P<span_unit>(?i:{_UNIT})){_END}|(?P<span_percent>[%％])))?"
    rf"|(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![:\d])"
    rf"|(?P<measured>{_N}){_SPACE}(?P<unit>(?i:{_UNIT})){_END}"
    rf"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    rf"|(?P<mixed>(?:[A-Za-z]+[-]?\d|\d+[A-Za-z])[A-Za-z\d-]*)"
    rf"|(?P<plain>{_N})"
)
_AND = {
    "en": "and",
    "es": "y",
    "fr": "et",
    "de": "und",
    "pt": "e",
    "ru": "и",
    "ar": "و",
    "zh": "和",
    "ja": "と",
    "ko": "와",
}
_PLUS = {"es": "más", "pt": "mais", "ru": "плюс", "ar": "زائد", "zh": "加", "ja": "プラス", "ko": "플러스"}
_SPOKEN_MARKS = frozenset("'’-.,;:!?¿¡。，、！？；：؟،؛·・～ー")
_CJK_MARKS = "。，、！？；：）」』”・"
_COUNTED_ZH = "个件只双条张瓶杯种款色次位天年元块套盒"


class Piece(NamedTuple):
    """A written word and where its spoken form lies in `Script.spoken`."""

    written: str
    start: int
    end: int


@dataclass(frozen=True)
class Script:
    """What the voice gets, and the written words it came from, in order."""

    spoken: str
    pieces: tuple[Piece, ...]

    def piece_at(self, position: int) -> int:
        """Index of the piece that a position of ``spoken`` belongs to; the last one that began before it."""
        low, high = 0, len(self.pieces)
        while low < high:
            middle = (low + high) // 2
            if self.pieces[middle].start <= position:
                low = middle + 1
            else:
                high = middle
        return max(low - 1, 0)


def is_cjk(sign: str) -> bool:
    """Whether a character is written without spaces around it (han, kana)."""
    code = ord(sign)
    return (
        0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
    )


def number(text: str, lang: str) -> Decimal:
    """A written number; the one mark that can be either is read as ``lang`` reads it."""
    text = re.sub(r"['’\u00a0\u202f]", "", text)
    marks = [sign for sign in text if sign in ".,"]
    if not marks:
        return Decimal(text)
    last = marks[-1]
    decimals = len(text) - text.rindex(last) - 1
    own = "," if lang in _DECIMAL_COMMA else "."
    is_decimal = len(set(marks)) == 2 or (len(marks) == 1 and (last == own or decimals != 3))
    if is_decimal:
        whole, _, rest = text.rpartition(last)
        return Decimal(re.sub("[.,]", "", whole) + "." + rest)
    return Decimal(re.sub("[.,]", "", text))


def _currency(symbol: str, lang: str) -> str:
    if symbol in "¥￥":
        return "JPY" if lang == "ja" else "CNY"
    return quantities.SYMBOLS.get(symbol, symbol)


def _read(match: re.Match[str], lang: str) -> str:
    g = match.groupdict()
    if amount := g["amount"] or g["amount_first"] or g["amount_code"]:
        symbol = g["symbol"] or g["symbol_last"] or g["code_first"]
        return quantities.money(number(amount, lang), _currency(symbol, lang), lang)
    if g["percent"]:
        return quantities.percent(number(g["percent"], lang), lang)
    if g["sides"]:
        values = [number(side, lang) for side in re.findall(_N, g["sides"])]
        return quantities.product_of(values, (g["sides_unit"] or "").lower() or None, lang)
    if g["low"]:
        high = number(g["high"], lang)
        if g["span_unit"]:
            said = quantities.measure(high, g["span_unit"].lower(), lang)
        else:
            said = quantities.percent(high, lang) if g["span_percent"] else decimal(high, lang)
        return quantities.span_of(number(g["low"], lang), said, lang)
    if g["hour"]:
        return quantities.clock(int(g["hour"]), int(g["minute"]), lang)
    if g["measured"]:
        return quantities.measure(number(g["measured"], lang), g["unit"].lower(), lang)
    if g["ordinal"]:
        return ordinal_en(int(g["ordinal"])) if lang == "en" else cardinal(int(g["ordinal"]), lang)
    if g["mixed"]:
        # Codes and model names: letters one by one when they are capitals, the number as a number.
        parts = re.findall(r"[A-Z]+|[a-z]+|\d+", g["mixed"])
        return " ".join(
            cardinal(int(part), lang)
            if part.isdigit()
            else " ".join(part)
            if part.isupper() and len(part) < 4
            else part.lower()
            for part in parts
        )
    value = number(g["plain"], lang)
    after = match.string[match.end() : match.end() + 1]
    if lang == "zh" and value == 2 and after and after in _COUNTED_ZH:
        return "两"
    if len(g["plain"]) > 1 and g["plain"].startswith("0") and g["plain"].isdigit():
        return " ".join(cardinal(int(digit), lang) for digit in g["plain"])
    return decimal(value, lang)


def _plain(text: str, lang: str) -> str:
    """Without what nobody pronounces: emoji, marks, brackets become commas, controls go."""
    said = []
    is_read = quantities.knows(lang)
    for sign in text:
        if sign in "&＆":
            said.append(f" {_AND.get(lang, '')} ")
        elif sign in "+＋":
            said.append(f" {_PLUS.get(lang, 'plus')} ")
        elif sign in '()[]{}«»“”„"*_~#|<>•…–—/\\^=`':
            said.append(", " if sign in "–—•…" else " ")
        elif unicodedata.category(sign)[0] in "LMN" or sign in _SPOKEN_MARKS or (sign in "%€£$¥" and not is_read):
            said.append(sign)
        else:
            said.append(" ")
    return "".join(said)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """Written words with their places; han and kana character by character, punctuation with what precedes it."""
    found: list[tuple[str, int, int]] = []
    for match in re.finditer(r"\S+", text):
        start = match.start()
        for at in range(match.start() + 1, match.end()):
            begins = text[at].isalnum() or unicodedata.category(text[at]) == "Sc"
            has_word = any(sign.isalnum() for sign in text[start:at])
            cjk_meets = is_cjk(text[at]) or is_cjk(text[at - 1]) or text[at - 1] in _CJK_MARKS
            if begins and has_word and cjk_meets:
                found.append((text[start:at], start, at))
                start = at
        found.append((text[start : match.end()], start, match.end()))
    return found


def write_script(text: str, lang: str) -> Script:
    """Prepare ``text`` for a voice of ``lang`` (first part of a language tag)."""
    written = unicodedata.normalize("NFC", text)
    # Every replacement here is as long as what it replaces: places in both are the same.
    text = written.replace("\u066b", ",").replace("\u066c", ".")
    if lang == "ar":
        # Arabic digits read as ours do; their own decimal mark was a comma above.
        text = "".join(str(unicodedata.digit(s)) if "\u0660" <= s <= "\u0669" else s for s in text)
    if lang in ("fr", "ru"):
        text = _SPACED.sub("\\1\u00a0\\2", text)
    quantities_found = list(_PATTERN.finditer(text)) if quantities.knows(lang) else []
    spans = [(m.start(), m.end(), _read(m, lang)) for m in quantities_found]
    # A token that touches a quantity is one piece with it: "($19.99)," is one word of the caption.
    pieces: list[Piece] = []
    spoken: list[str] = []
    length = 0
    at_span = 0
    tokens = _tokens(text)
    n = 0
    while n < len(tokens):
        start, end = tokens[n][1], tokens[n][2]
        n += 1
        inside: list[tuple[int, int, str]] = []
        while at_span < len(spans) and spans[at_span][0] < end:
            inside.append(spans[at_span])
            end = max(end, spans[at_span][1])
            at_span += 1
            while n < len(tokens) and tokens[n][1] < end:
                end = max(end, tokens[n][2])
                n += 1
        said, at = "", start
        for span_start, span_end, words in inside:
            said += _plain(text[at:span_start], lang) + words
            at = span_end
        said += _plain(text[at:end], lang)
        if pieces and start > 0 and text[start - 1].isspace():
            spoken.append(" ")
            length += 1
        pieces.append(Piece(written[start:end], length, length + len(said)))
        spoken.append(said)
        length += len(said)
    return Script("".join(spoken), tuple(pieces))


def can_be_said(script: Script) -> bool:
    """Whether anything in it has a sound."""
    return any(sign.isalnum() for sign in script.spoken)
