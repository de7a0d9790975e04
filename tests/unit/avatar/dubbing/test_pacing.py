"""How fast a dubbed line is said, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar.dubbing.pacing import FASTEST, MAX_LAG_S, SLOWEST, Pace


def test_a_line_as_long_as_its_original_is_said_as_it_is_and_uses_the_pause() -> None:
    fit = Pace().fit(4.0, 4.12)
    assert fit is not None
    assert fit.tempo == pytest.approx(1.0)
    assert fit.lag_s == pytest.approx(0.0)


def test_a_longer_line_is_said_faster_and_ends_in_time() -> None:
    fit = Pace().fit(4.4, 4.12)
    assert fit is not None
    assert fit.tempo == pytest.approx(1.1)
    assert fit.lag_s == pytest.approx(0.0)


def test_what_does_not_fit_at_a_fifth_faster_is_carried_into_the_next_line_and_made_good_there() -> None:
    pace = Pace()
    late = pace.fit(6.0, 4.12)
    assert late is not None
    assert late.tempo == FASTEST
    assert late.lag_s == pytest.approx(1.0)
    following = pace.fit(3.0, 4.12)
    assert following is not None
    assert following.tempo == pytest.approx(1.0)
    assert pace.lag_s == pytest.approx(0.0)


def test_a_short_line_is_slowed_a_little_and_then_there_is_silence() -> None:
    fit = Pace().fit(1.0, 4.0)
    assert fit is not None
    assert fit.tempo == SLOWEST


def test_a_line_that_would_come_much_too_late_is_left_out_and_the_next_one_is_said() -> None:
    pace = Pace()
    assert pace.fit(30.0, 4.0) is None
    fit = pace.fit(4.0, 4.5)
    assert fit is not None
    assert fit.lag_s == 0.0


def test_after_an_interruption_nothing_is_late() -> None:
    pace = Pace()
    pace.fit(6.0, 4.0)
    pace.reset()
    assert pace.lag_s == 0.0


@given(st.lists(st.tuples(st.floats(0.2, 20), st.floats(0.2, 20)), max_size=40))
def test_whatever_is_said_the_tempo_and_the_lag_stay_within_bounds(lines: list[tuple[float, float]]) -> None:
    pace = Pace()
    for natural_s, slot_s in lines:
        fit = pace.fit(natural_s, slot_s)
        assert 0.0 <= pace.lag_s <= MAX_LAG_S
        if fit is not None:
            assert SLOWEST <= fit.tempo <= FASTEST
            assert fit.seconds == pytest.approx(natural_s / fit.tempo)
