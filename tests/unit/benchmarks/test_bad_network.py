"""The weather that trials claim is the weather that packets meet."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.harness.bad_network import LATE_S, Way, Weather


def arrivals(weather: Weather, count: int = 20_000, *, capped: bool = True) -> list[float | None]:
    """When packets of 1000 bytes arrive that are sent every 2 ms."""
    way = Way(weather, 1, capped=capped)
    return [way.arrival_s(1000, number * 0.002) for number in range(count)]


def test_without_weather_everything_arrives_at_once() -> None:
    assert arrivals(Weather(), 100) == [number * 0.002 for number in range(100)]


@pytest.mark.parametrize("share", [0.02, 0.05, 0.2])
def test_random_loss_has_its_share(share: float) -> None:
    assert arrivals(Weather(loss=share)).count(None) / 20_000 == pytest.approx(share, rel=0.15)


def test_bursts_have_their_share_and_their_length() -> None:
    lost = [at is None for at in arrivals(Weather(burst=0.05))]
    bursts = sum(now and not before for before, now in pairwise(lost))
    assert sum(lost) / len(lost) == pytest.approx(0.05, rel=0.25)
    assert sum(lost) / bursts == pytest.approx(5, rel=0.25)


def test_jitter_delays_and_keeps_the_order() -> None:
    arrived = [at for at in arrivals(Weather(jitter_s=0.05)) if at is not None]
    delays = [at - number * 0.002 for number, at in enumerate(arrived)]
    assert arrived == sorted(arrived)
    assert 0.03 < max(delays) <= 0.0501


def test_reordered_packets_are_overtaken() -> None:
    arrived = arrivals(Weather(reorder_share=0.05))
    late = [at for number, at in enumerate(arrived) if at is not None and at - number * 0.002 > LATE_S / 2]
    assert len(late) / 20_000 == pytest.approx(0.05, rel=0.15)


def test_a_cap_lets_its_rate_through_and_holds_a_second_at_most() -> None:
    arrived = arrivals(Weather(cap_bps=500_000))
    passed = [at for at in arrived if at is not None]
    assert len(passed) * 8000 / 40 == pytest.approx(500_000, rel=0.05)
    assert max(at - number * 0.002 for number, at in enumerate(arrived) if at is not None) < 1.1


def test_the_cap_is_on_the_way_to_the_client_only() -> None:
    assert None not in arrivals(Weather(cap_bps=500_000), 1000, capped=False)
