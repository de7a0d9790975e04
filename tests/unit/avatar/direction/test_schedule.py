"""Blocks of the week hold in their own time zone, over midnight and through daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from avatar.direction.schedule import Block, Schedule, part_of_day
from avatar.errors import BadRundown


def test_a_block_holds_at_local_time() -> None:
    schedule = Schedule("Asia/Shanghai", (Block("evening", time(19), time(23)),), "day")
    assert schedule.key_at(datetime(2026, 11, 22, 11, 30, tzinfo=UTC)) == "evening"
    assert schedule.key_at(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)) == "day"


def test_a_block_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    friday = Block("night", time(22), time(2), frozenset({4}))
    schedule = Schedule("UTC", (friday,), "day")
    assert schedule.key_at(datetime(2026, 11, 20, 23, 0, tzinfo=UTC)) == "night"
    assert schedule.key_at(datetime(2026, 11, 21, 1, 0, tzinfo=UTC)) == "night"
    assert schedule.key_at(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)) == "day"


def test_daylight_saving_moves_with_the_clock_on_the_wall() -> None:
    schedule = Schedule("Europe/Madrid", (Block("morning", time(9), time(12)),), "rest")
    assert schedule.key_at(datetime(2026, 7, 1, 7, 30, tzinfo=UTC)) == "morning"
    assert schedule.key_at(datetime(2026, 12, 1, 7, 30, tzinfo=UTC)) == "rest"


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadRundown):
        Schedule("../etc/passwd", (), "x")


@pytest.mark.parametrize(("hour", "part"), [(6, "morning"), (13, "afternoon"), (20, "evening"), (2, "night")])
def test_the_part_of_the_day(hour: int, part: str) -> None:
    assert part_of_day(datetime(2026, 1, 1, hour, tzinfo=UTC)) == part
