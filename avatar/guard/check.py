"""The last look at a sentence before it is said: does every claim rest on a cited fact, and may it be said at all?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from babel.numbers import get_currency_precision

from avatar.guard.banned import banned_claims
from avatar.guard.names import unknown_contacts, unknown_names
from avatar.guard.quantities import Quantity, codes, normal, quantities
from avatar.live_facts import ENDS_LABEL
from avatar.model import Fact, ProductFacts

MAX_LINE_CHARS = 800

ViolationKind = Literal["number", "code", "name", "contact", "banned", "too_long", "unknown_fact", "not_cited"]

_SHORTEST_QUOTE = 6
_TRULY_FEW = 20
"""Up to here "only … left" is true; a cited stock above it makes it a false scarcity."""


@dataclass(frozen=True)
class Violation:
    """One reason not to say a sentence."""

    kind: ViolationKind
    found: str
    """The words in question."""
    rule: str = ""
    """For ``banned``: which rule."""

    def __str__(self) -> str:
        return f"{self.rule or self.kind}: {self.found!r}"


@dataclass(frozen=True)
class Verdict:
    """What the guard thinks of a sentence."""

    violations: tuple[Violation, ...] = ()

    @property
    def passed(self) -> bool:
        """True when it may be said."""
        return not self.violations

    def __str__(self) -> str:
        return "; ".join(map(str, self.violations)) or "passed"


class Guard:
    """Checks sentences for one market. Pure; about a millisecond each."""

    def __init__(self, market: str, known_names: Iterable[str] = ()) -> None:
        """``known_names``: names that may always be said: products, brands, the show, the host."""
        self._market = market
        self._names = "\n".join(known_names)

    def for_products(self, products: Mapping[str, ProductFacts]) -> Guard:
        """A guard that also knows the names of these products and their brands."""
        names = [self._names]
        for product in products.values():
            names += [*product.name.values(), product.brand or ""]
        return Guard(self._market, names)

    def check(self, text: str, lang: str, cited: Sequence[Fact]) -> Verdict:
        """Judge a sentence that rests on ``cited``.

        Numbers, prices, shares, dates, units, names with digits, names and addresses must be in a cited fact, in any
        language and spelling. Banned claims are banned even when the seller wrote them.
        """
        if len(text) > MAX_LINE_CHARS:
            return Verdict((Violation("too_long", f"{text[:40]}…"),))
        known = "\n".join([self._names, *(words for fact in cited for words in _words_of(fact))])
        violations = [Violation("number", quantity.text) for quantity in _unfounded(text, lang, cited, self._names)]
        known_codes = codes(known)
        plain = normal(known).replace("-", "")
        violations += [
            Violation("code", code) for code in sorted(codes(text)) if code not in known_codes and code not in plain
        ]
        violations += [Violation("name", name) for name in unknown_names(text, lang, known)]
        violations += [Violation("contact", contact) for contact in unknown_contacts(text, known)]
        for claim in banned_claims(text, lang, self._market, self._names):
            if claim.needs is not None and _makes_true(claim.rule, claim.needs, cited):
                continue
            violations.append(Violation("banned", claim.phrase, claim.rule))
        return Verdict(tuple(dict.fromkeys(violations)))


def _words_of(fact: Fact) -> Iterable[str]:
    return [*fact.text.values(), *fact.label.values(), fact.value or ""]


def _unfounded(text: str, lang: str, cited: Sequence[Fact], names: str) -> list[Quantity]:
    """Quantities of the text that no cited fact and no known name has."""
    claimed = quantities(_without_quotes(text, cited), lang)
    if not claimed:
        return []
    founded = quantities(names, lang)
    for fact in cited:
        for tag, words in [*fact.text.items(), *fact.label.items()]:
            founded += quantities(words, tag)
        founded += _value_of(fact)
    return [claim for claim in claimed if not any(claim.fits(known) for known in founded)]


def _without_quotes(text: str, cited: Sequence[Fact]) -> str:
    """The text without what it quotes word for word: a number in a quote is written as its own language does."""
    for fact in cited:
        for words in fact.text.values():
            quote = words.strip().rstrip(".。 ")
            if len(quote) >= _SHORTEST_QUOTE and quote in text:
                text = re.sub(rf"(?<![\d.,]){re.escape(quote)}(?!\d)", " ", text)
    return text


def _value_of(fact: Fact) -> list[Quantity]:
    if fact.value is None:
        return []
    try:
        value = Decimal(fact.value)
    except ArithmeticError:
        return []
    unit = fact.unit or ""
    if len(unit) == 3 and unit.isupper():
        amount = value.scaleb(-get_currency_precision(unit))
        return [Quantity(amount, frozenset({unit}))]
    if unit:
        return quantities(f"{fact.value} {unit}", "en")
    return [Quantity(value)]


def _makes_true(rule: str, needs: str, cited: Sequence[Fact]) -> bool:
    proofs = [fact for fact in cited if fact.kind == needs]
    if rule == "scarcity":
        return any(fact.value is not None and fact.value.isdigit() and int(fact.value) <= _TRULY_FEW for fact in proofs)
    if rule == "free":
        return any(_says_free(text) for fact in proofs for text in fact.text.values())
    if rule == "time_pressure":
        return any(ENDS_LABEL in fact.label for fact in proofs)
    return bool(proofs)


_FREE = (
    "free",
    "gratis",
    "gratuit",
    "kostenlos",
    "包邮",
    "免",
    "無料",
    "무료",
    "grátis",
    "مجان",
    "беспл",
    "we pay",
    "included",
)


def _says_free(text: str) -> bool:
    folded = normal(text)
    return any(word in folded for word in _FREE)
