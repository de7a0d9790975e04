"""Which rundown is on at which local time: blocks of the week in a time zone, daylight saving included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from avatar.errors import BadRundown

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class Block:
    """From ``begins`` until just before ``ends`` local time; over midnight when ``ends`` is not later."""

    key: str
    """Names the rundown."""
    begins: time
    ends: time
    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday; the day the block begins on."""

    def holds(self, at: datetime) -> bool:
        """True when the local moment is inside."""
        moment = at.time().replace(tzinfo=None)
        if self.begins < self.ends:
            return at.weekday() in self.weekdays and self.begins <= moment < self.ends
        return (
            at.weekday() in self.weekdays
            and moment >= self.begins
            or (at.weekday() - 1) % 7 in self.weekdays
            and moment < self.ends
        )


class Schedule:
    """Blocks of one time zone; the first that holds counts."""

    def __init__(self, zone: str, blocks: tuple[Block, ...], default: str) -> None:
        """``default``: the rundown when no block holds. Raises: BadRundown for an unknown zone."""
        self.zone = zone_of(zone)
        self._blocks = blocks
        self._default = default

    def key_at(self, now: datetime) -> str:
        """The rundown that is on. ``now`` has a time zone, any."""
        local = now.astimezone(self.zone)
        return next((block.key for block in self._blocks if block.holds(local)), self._default)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises: BadRundown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRundown(f"there is no time zone {name[:60]!r}") from error


def part_of_day(local: datetime) -> str:
    """Which greeting fits: ``morning``, ``afternoon``, ``evening`` or ``night``."""
    hour = local.hour
    if 5 <= hour < 12:
        return "morning"
    if 12 <= hour < 18:
        return "afternoon"
    return "evening" if 18 <= hour < 23 else "night"
