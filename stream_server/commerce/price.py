"""Prices: rules over time, which one counts now, and the true lowest price of the last 30 days.

Money is an integer in the currency's minor unit (ISO 4217). Rules are only ever added and ended, so the list of
rules *is* the price history, and "lowest of the last 30 days" (Directive 98/6/EC article 6a) is computed from what
was really asked instead of being typed in by somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

MAX_AMOUNT_MINOR = 10**12
REFERENCE_PERIOD = timedelta(days=30)

PriceKind = Literal["base", "reduced", "promotion"]
PRIORITY: dict[PriceKind, int] = {"base": 0, "reduced": 10, "promotion": 20}
"""The rule with the highest priority counts; of equal ones the cheapest."""

_CURRENCY = re.compile(r"[A-Z]{3}")


def is_currency(text: str) -> bool:
    """True for what looks like an ISO 4217 code."""
    return _CURRENCY.fullmatch(text) is not None


@dataclass(frozen=True)
class PriceRule:
    """What one variant costs in one currency from ``starts_at`` until just before ``ends_at`` (None: open end)."""

    rule_id: str
    currency: str
    kind: PriceKind
    amount_minor: int
    starts_at: datetime
    ends_at: datetime | None = None

    def counts_at(self, at: datetime) -> bool:
        """True while the rule is in force."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Price:
    """A price as shown: the amount, and when it is a reduction the lowest of the 30 days before it began."""

    currency: str
    amount_minor: int
    lowest_30d_minor: int | None = None


@dataclass(frozen=True)
class PriceChanges:
    """What has to happen to a variant's rules: end some, add some."""

    ended: Mapping[str, datetime] = field(default_factory=dict)
    """Rule id → when it ends."""
    added: Sequence[PriceRule] = ()


def ruling(rules: Iterable[PriceRule], currency: str, at: datetime) -> PriceRule | None:
    """The rule that counts at a moment, None when the variant is not sold in this currency then."""
    return min(
        (rule for rule in rules if rule.currency == currency and rule.counts_at(at)),
        key=lambda rule: (-PRIORITY[rule.kind], rule.amount_minor),
        default=None,
    )


def quote(rules: Sequence[PriceRule], currency: str, at: datetime) -> Price | None:
    """The price to show and charge at a moment.

    A lower base price counts as a reduction for 30 days, then it is simply the price; a rule of another kind
    counts as one for as long as it runs.
    """
    rule = ruling(rules, currency, at)
    if rule is None:
        return None
    since = _unchanged_since(rules, rule, at)
    lowest = _lowest(rules, currency, since - REFERENCE_PERIOD, since)
    is_reduction = lowest is not None and rule.amount_minor < lowest
    if is_reduction and (rule.kind != "base" or at < since + REFERENCE_PERIOD):
        return Price(currency, rule.amount_minor, lowest)
    return Price(currency, rule.amount_minor)


def quotes(rules: Sequence[PriceRule], at: datetime) -> tuple[Price, ...]:
    """All prices at a moment, by currency."""
    priced = (quote(rules, currency, at) for currency in sorted({rule.currency for rule in rules}))
    return tuple(price for price in priced if price is not None)


def plan_prices(
    rules: Sequence[PriceRule], kind: PriceKind, wanted: Mapping[str, int], at: datetime, new_id: Callable[[], str]
) -> PriceChanges:
    """How to make ``wanted`` (currency → amount) the prices of one kind from ``at`` on.

    Rules of that kind that say something else end; equal ones stay, so that writing a product again does not
    begin a new price.
    """
    ended: dict[str, datetime] = {}
    kept: set[str] = set()
    for rule in rules:
        if rule.kind != kind or (rule.ends_at is not None and rule.ends_at <= at):
            continue
        if wanted.get(rule.currency) == rule.amount_minor and rule.counts_at(at) and rule.ends_at is None:
            kept.add(rule.currency)
        else:
            ended[rule.rule_id] = max(at, rule.starts_at)
    added = tuple(
        PriceRule(new_id(), currency, kind, amount_minor, at)
        for currency, amount_minor in wanted.items()
        if currency not in kept
    )
    return PriceChanges(ended, added)


def changed(rules: Sequence[PriceRule], changes: PriceChanges) -> tuple[PriceRule, ...]:
    """The rules after the changes."""
    kept = (
        PriceRule(
            rule.rule_id,
            rule.currency,
            rule.kind,
            rule.amount_minor,
            rule.starts_at,
            changes.ended.get(rule.rule_id, rule.ends_at),
        )
        for rule in rules
    )
    return (*kept, *changes.added)


def _turns(rules: Iterable[PriceRule], currency: str) -> list[datetime]:
    """The moments at which the price may have changed, in order."""
    moments = {
        moment
        for rule in rules
        if rule.currency == currency
        for moment in (rule.starts_at, rule.ends_at)
        if moment is not None
    }
    return sorted(moments)


def _unchanged_since(rules: Sequence[PriceRule], rule: PriceRule, at: datetime) -> datetime:
    """When the amount that counts at ``at`` began, whichever rules it came from."""
    since = at
    for moment in reversed([turn for turn in _turns(rules, rule.currency) if turn <= at]):
        then = ruling(rules, rule.currency, moment)
        if then is None or then.amount_minor != rule.amount_minor:
            break
        since = moment
    return since


def _lowest(rules: Sequence[PriceRule], currency: str, start: datetime, end: datetime) -> int | None:
    """The lowest price that counted at any time in [start, end)."""
    moments = [start, *(turn for turn in _turns(rules, currency) if start < turn < end)]
    counted = (ruling(rules, currency, moment) for moment in moments)
    return min((rule.amount_minor for rule in counted if rule is not None), default=None)
