"""The project's own live-shopping corpus: aligned sentences in English, Spanish and Chinese from a small grammar.

The grammar is data (`shopping/`), written for this project: what hosts say, what viewers ask.
Spanish forms agree with the noun. The grammar has random numbers of its own: a seed names a corpus.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

Triple = tuple[str, str, str]
"""The same sentence in English, Spanish, Chinese."""

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_EMOJI: Final = ("😍", "🔥", "❤️", "👍", "🎉", "😂", "🙏", "✨", "😭", "💯", "🥰", "👏")
_NAMES: Final = ("@ana", "@li_wei", "@maria88", "@tom", "@xiao_wang", "@sofia", "@user_204", "@jose.m", "@mei", "@kate")


@dataclass(frozen=True)
class Item:
    """A thing that is sold, with its forms."""

    en: str
    en_plural: str
    es: str
    es_plural: str
    is_feminine: bool
    zh: str
    measure: str

    def spanish(self, form: str, noun: str | None = None) -> str | None:
        """``{el}``, ``{estos}``, ``{agotado}``… agreeing with this noun; None for another slot.

        Articles stand alone when ``noun`` is empty.
        """
        feminine = self.is_feminine
        singular = self.es if noun is None else noun
        plural = self.es_plural if noun is None else noun
        with_noun = {
            "el": ("el", "la", singular),
            "del": ("del", "de la", singular),
            "un": ("un", "una", singular),
            "este": ("este", "esta", singular),
            "tu": ("tu", "tu", singular),
            "los": ("los", "las", plural),
            "todos": ("todos los", "todas las", plural),
            "otros": ("otros", "otras", plural),
            "nuestros": ("nuestros", "nuestras", plural),
            "nuestros_nuevos": ("nuestros nuevos", "nuestras nuevas", plural),
            "mi_favorito": ("mi", "mi", f"{singular} {'favorita' if feminine else 'favorito'}"),
        }
        if form in with_noun:
            masculine, feminine_form, rest = with_noun[form]
            return f"{feminine_form if feminine else masculine} {rest}".strip()
        if form in {"agotado", "reservado", "roto", "rebajado", "perfecto"}:
            return form[:-1] + "a" if feminine else form
        return None


@dataclass(frozen=True)
class Word:
    """A word that fills a slot: an adjective, a place, a day."""

    en: str
    es: str
    es_feminine: str
    zh: str


def _table(name: str) -> Iterator[list[str]]:
    text = files("avatar.translation.training.shopping").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class ShoppingGrammar:
    """Draws aligned lines."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.items = [Item(a, b, c, d, g == "f", z, m) for a, b, c, d, g, z, m in _table("items.tsv")]
        self.words: dict[str, list[Word]] = {}
        for kind, en, es, es_feminine, zh in _table("words.tsv"):
            self.words.setdefault(kind, []).append(Word(en, es, es_feminine, zh))
        lines = files("avatar.translation.training.shopping").joinpath("patterns.txt").read_text("utf-8").splitlines()
        self.patterns = [tuple(line.split(" = ")) for line in lines if line and not line.startswith("#")]

    def draw(self) -> Triple:
        """One line, sometimes of two sentences."""
        first = self.expand(self._random.choice(self.patterns))
        if self._random.random() < 0.08:
            second = self.expand(self._random.choice(self.patterns))
            return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}", f"{first[2]}{second[2]}"
        return first

    def expand(self, pattern: tuple[str, ...]) -> Triple:
        """One pattern with its slots filled alike in the three languages."""
        en, es, zh = pattern
        implied = zh.endswith(" @item")
        zh = zh.removesuffix(" @item")
        item, other = self._random.sample(self.items, 2)
        drawn: dict[str, Word] = {}

        def word(slot: str) -> Word:
            kind = slot.rstrip("2").removesuffix("_m").rstrip("2").removesuffix("_until")
            if slot.removesuffix("_m").removesuffix("_until") not in drawn:
                used = {w.en for w in drawn.values()}
                drawn[slot.removesuffix("_m").removesuffix("_until")] = self._random.choice(
                    [w for w in self.words[kind] if w.en not in used]
                )
            return drawn[slot.removesuffix("_m").removesuffix("_until")]

        masked: dict[str, str] = {}

        def fill(text: str, language: int) -> str:
            text = _CHOICE.sub(lambda match: self._random.choice(match[1].split("|")), text)
            return _SLOT.sub(lambda match: slot(match[1], language), text)

        def slot(name: str, language: int) -> str:
            thing = other if name in {"item2", "el2"} else item
            if name in {"item", "item2"}:
                return (thing.en, thing.es, thing.zh)[language]
            if name == "items":
                return (thing.en_plural, thing.es_plural, thing.zh)[language]
            if name == "mw":
                return thing.measure
            lowered = name[0].lower() + name[1:]
            form = thing.spanish(lowered.rstrip("2"), "" if implied else None) if language == 1 else None
            if form is not None:
                return form[0].upper() + form[1:] if name[0].isupper() else form
            if lowered.rstrip("2").removesuffix("_m").rstrip("2").removesuffix("_until") in self.words:
                chosen = word(lowered)
                feminine = item.is_feminine and not lowered.endswith("_m")
                return (chosen.en, chosen.es_feminine if feminine else chosen.es, chosen.zh)[language]
            if name not in masked:
                masked[name] = self._untouchable(name.rstrip("2"))
            return masked[name]

        english = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", fill(en, 0)).replace("until on ", "until ")
        spanish = fill(es, 1)
        if english[0].isupper():
            spanish = re.sub(r"(^|[.!?]\s+|[¿¡])(\w)", lambda match: match[1] + match[2].upper(), spanish)
        spanish = re.sub(r"\bde el\b", "del", re.sub(r"\ba el\b", "al", spanish))
        return english, spanish, fill(zh, 2)

    def _untouchable(self, kind: str) -> str:
        roll = self._random
        cents = roll.choice(("99", "50", "00", "90", "95"))
        amount = roll.randint(2, 400)
        match kind:
            case "price":
                return roll.choice(
                    (f"${amount}.{cents}", f"{amount},{cents} €", f"¥{amount}", f"${amount}", f"€{amount}")
                )
            case "pct":
                return f"{roll.choice((5, 10, 15, 20, 25, 30, 40, 50, 70, 100))}%"
            case "n":
                return str(roll.randint(2, 60))
            case "size":
                return roll.choice(("S", "M", "L", "XL", "XXL", "36", "38", "40", "42", "44"))
            case "length":
                return f"{roll.randint(3, 220)} cm"
            case "weight":
                return f"{roll.randint(1, 950)} {roll.choice(('g', 'kg'))}"
            case "volume":
                return f"{roll.choice((50, 100, 250, 330, 500, 750))} ml"
            case "temp":
                return f"{roll.choice((30, 40, 60))} °C"
            case "time":
                return f"{roll.randint(7, 22)}:{roll.choice(('00', '30'))}"
            case "code":
                return f"{roll.choice(('LIVE', 'SALE', 'VT', 'SKU-', 'MX'))}{roll.randint(5, 9999)}"
            case "name":
                return roll.choice(_NAMES)
            case "emoji":
                return "".join(roll.choices(_EMOJI, k=roll.choice((1, 1, 2, 3))))
        raise ValueError(f"the grammar has no slot {kind}")
