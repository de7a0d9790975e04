"""Claims that a market does not allow, whoever makes them: the host, a model, or the seller's own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from avatar.answers.chat_text import fold, letters, words
from avatar.answers.lexicon import GROWN_ON, UNSPACED
from avatar.model import FactKind, language_of

_EU = frozenset(
    [
        *("at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu"),
        *("lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk", "gb", "no", "is", "li", "ch"),
    ]
)


@dataclass(frozen=True)
class BannedClaim:
    """A phrase that must not be said, and the rule that says so."""

    rule: str
    phrase: str
    needs: FactKind | None
    """A cited fact of this kind would make it true."""


@dataclass(frozen=True)
class _Rule:
    id: str
    markets: frozenset[str]
    needs: FactKind | None
    spaced: tuple[str, ...]
    unspaced: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]

    def found_in(self, spaced: str, unspaced: str, folded: str) -> str | None:
        """The first phrase of the rule that is there."""
        for phrase in self.spaced:
            if phrase in spaced:
                return phrase.strip()
        for phrase in self.unspaced:
            if phrase in unspaced:
                return phrase
        for pattern in self.patterns:
            if found := pattern.search(folded):
                return found.group()
        return None


@cache
def _rules(lang: str) -> tuple[_Rule, ...]:
    content = tomllib.loads(files("avatar.guard").joinpath("banned.toml").read_text(encoding="utf-8"))
    rules: list[_Rule] = []
    for entry in content["rule"]:
        spaced: list[str] = []
        unspaced: list[str] = []
        patterns: list[re.Pattern[str]] = []
        for phrase in entry["phrases"].get(lang, ()):
            folded = fold(phrase.rstrip("*"))
            if phrase.startswith("re:"):
                patterns.append(re.compile(phrase.removeprefix("re:")))
            elif GROWN_ON.search(phrase):
                spaced.append(words(folded).strip())
            elif UNSPACED.search(phrase) or words(folded).strip() != folded:
                # Scripts without spaces, and phrases with signs (100%) that the word form would lose.
                unspaced.append(letters(folded))
            else:
                spaced.append(words(folded).removesuffix(" ") if phrase.endswith("*") else words(folded))
        markets = frozenset(entry["markets"])
        rules.append(_Rule(entry["id"], markets, entry.get("needs"), tuple(spaced), tuple(unspaced), tuple(patterns)))
    return tuple(rules)


def market_group(market: str) -> str:
    """``cn``, ``eu``, ``us`` … for a country; the countries of the EU and its neighbours share one law."""
    return "eu" if market.lower() in _EU else market.lower()


def banned_claims(text: str, lang: str, market: str, names: str = "") -> Iterator[BannedClaim]:
    """What must not be said in this market. ``names`` (brand and product) are left out of the text first."""
    folded = fold(text)
    for name in sorted({fold(name) for name in names.split("\n") if len(name) > 3}, key=len, reverse=True):
        folded = folded.replace(name, " ")
    spaced, unspaced = words(folded), letters(folded)
    languages = {language_of(lang), "en"} if re.search(r"[a-z]", folded) else {language_of(lang)}
    group = market_group(market)
    for language in sorted(languages, key=lambda candidate: candidate != language_of(lang)):
        for rule in _rules(language):
            if "any" in rule.markets or group in rule.markets:
                found = rule.found_in(spaced, unspaced, folded)
                if found is not None:
                    yield BannedClaim(rule.id, found, rule.needs)
