from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.price import (
    Price,
    PriceChanges,
    PriceKind,
    PriceRule,
    changed,
    is_currency,
    plan_prices,
    quote,
    quotes,
    ruling,
)

NOW = ManualClock().now()
_numbers = count()


def rule(
    amount_minor: int, from_day: float, to_day: float | None = None, kind: PriceKind = "base", currency: str = "USD"
) -> PriceRule:
    ends_at = None if to_day is None else NOW + timedelta(days=to_day)
    return PriceRule(f"rule_{next(_numbers)}", currency, kind, amount_minor, NOW + timedelta(days=from_day), ends_at)


def new_id() -> str:
    return f"new_{next(_numbers)}"


@pytest.mark.parametrize(
    ("text", "fits"), [("USD", True), ("usd", False), ("USDT", False), ("", False), ("US1", False)]
)
def test_a_currency_is_three_capitals(text: str, fits: bool) -> None:
    assert is_currency(text) is fits


def test_a_rule_counts_from_its_start_until_just_before_its_end() -> None:
    one = rule(100, 0, 1)
    assert not one.counts_at(NOW - timedelta(microseconds=1))
    assert one.counts_at(NOW)
    assert one.counts_at(NOW + timedelta(days=1, microseconds=-1))
    assert not one.counts_at(NOW + timedelta(days=1))


def test_a_promotion_goes_before_a_reduction_and_a_reduction_before_the_base() -> None:
    base, reduced, promotion = rule(100, -9), rule(90, -9, kind="reduced"), rule(95, -9, kind="promotion")
    assert ruling([base], "USD", NOW) is base
    assert ruling([base, reduced], "USD", NOW) is reduced
    assert ruling([base, reduced, promotion], "USD", NOW) is promotion
    assert ruling([base, reduced, promotion], "EUR", NOW) is None


def test_of_equal_rules_the_cheapest_counts() -> None:
    dear, cheap = rule(95, -9, kind="promotion"), rule(80, -9, kind="promotion")
    assert ruling([dear, cheap], "USD", NOW) is cheap


def test_a_first_price_is_no_reduction() -> None:
    assert quote([rule(100, -5)], "USD", NOW) == Price("USD", 100)
    assert quote([], "USD", NOW) is None


def test_a_reduction_tells_the_lowest_of_the_thirty_days_before_it_began() -> None:
    rules = [rule(100, -100, -20), rule(80, -20, -15), rule(120, -15), rule(70, 0, kind="reduced")]
    assert quote(rules, "USD", NOW) == Price("USD", 70, 80)


def test_a_price_raised_just_before_is_no_reduction() -> None:
    rules = [rule(80, -100, -2), rule(150, -2), rule(90, 0, kind="reduced")]
    assert quote(rules, "USD", NOW) == Price("USD", 90)


def test_a_low_price_more_than_thirty_days_before_does_not_count() -> None:
    rules = [rule(50, -100, -31), rule(100, -31), rule(80, 0, kind="reduced")]
    assert quote(rules, "USD", NOW) == Price("USD", 80, 100)


def test_a_low_price_that_reached_into_the_thirty_days_counts() -> None:
    rules = [rule(50, -100, -29), rule(100, -29), rule(80, 0, kind="reduced")]
    assert quote(rules, "USD", NOW) == Price("USD", 80)


def test_a_time_without_price_is_not_the_lowest() -> None:
    rules = [rule(100, -90, -20), rule(60, 0)]
    assert quote(rules, "USD", NOW) == Price("USD", 60, 100)
    assert quote([rule(100, -90, -40), rule(60, 0)], "USD", NOW) == Price("USD", 60)


def test_a_lower_base_price_is_a_reduction_for_thirty_days() -> None:
    rules = [rule(100, -90, -29), rule(80, -29)]
    assert quote(rules, "USD", NOW) == Price("USD", 80, 100)
    assert quote(rules, "USD", NOW + timedelta(days=1)) == Price("USD", 80)


def test_another_reduction_stays_one_while_it_runs() -> None:
    rules = [rule(100, -90), rule(80, -60, kind="reduced")]
    assert quote(rules, "USD", NOW) == Price("USD", 80, 100)


def test_a_reduction_renewed_at_the_same_amount_is_one_reduction() -> None:
    rules = [rule(100, -90), rule(80, -10, -5, kind="reduced"), rule(80, -5, kind="promotion")]
    assert quote(rules, "USD", NOW) == Price("USD", 80, 100)


def test_prices_come_by_currency() -> None:
    rules = [rule(100, -1), rule(90, -1, currency="EUR"), rule(5, 1, currency="CNY")]
    assert quotes(rules, NOW) == (Price("EUR", 90), Price("USD", 100))


def test_planning_the_same_prices_changes_nothing() -> None:
    rules = [rule(100, -1), rule(90, -1, currency="EUR")]
    assert plan_prices(rules, "base", {"USD": 100, "EUR": 90}, NOW, new_id) == PriceChanges({}, ())


def test_planning_ends_what_is_different_and_adds_what_is_new() -> None:
    usd, eur, reduced = rule(100, -1), rule(90, -1, currency="EUR"), rule(70, -1, kind="reduced")
    over, planned = rule(50, -9, -5), rule(60, 5)
    changes = plan_prices([usd, eur, reduced, over, planned], "base", {"USD": 120, "CNY": 7}, NOW, new_id)
    assert changes.ended == {usd.rule_id: NOW, eur.rule_id: NOW, planned.rule_id: planned.starts_at}
    assert [(r.currency, r.kind, r.amount_minor, r.starts_at, r.ends_at) for r in changes.added] == [
        ("USD", "base", 120, NOW, None),
        ("CNY", "base", 7, NOW, None),
    ]
    after = changed([usd, eur, reduced, over, planned], changes)
    assert quotes(after, NOW) == (Price("CNY", 7), Price("USD", 70))
    assert after[0].ends_at == NOW
    assert after[2] == reduced
    assert ruling(after, "EUR", NOW) is None


def test_a_price_that_was_to_end_begins_anew() -> None:
    ending = rule(100, -1, 1)
    changes = plan_prices([ending], "base", {"USD": 100}, NOW, new_id)
    assert list(changes.ended) == [ending.rule_id]
    assert len(changes.added) == 1
