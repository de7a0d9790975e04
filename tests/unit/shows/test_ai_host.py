"""What a plan may say about the AI host, and when there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from stream_server.ids import ProductId
from stream_server.shows.ai_host import AiHost, AiMode, HostBlock, is_wanted
from stream_server.shows.errors import BadShow

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CUP = ProductId("prod_cup")


@dataclass
class Planned:
    status: str
    ai_host: AiHost
    starts_at: datetime | None = None


@pytest.mark.parametrize(
    "settings",
    [
        AiHost(language="EN"),
        AiHost(language="en us"),
        AiHost(language=""),
        AiHost(patience_s=1.9),
        AiHost(patience_s=120.1),
        AiHost(patience_s=float("nan")),
        AiHost(voice="--help"),
        AiHost(voice="a b"),
        AiHost(outfit="--help"),
        AiHost(turn_s=19.0),
        AiHost(turn_s=float("nan")),
        AiHost(time_zone="Mars/Olympus"),
        AiHost(time_zone="../../etc/passwd"),
        AiHost(blocks=(HostBlock("24:00", "08:00", (CUP,)),)),
        AiHost(blocks=(HostBlock("09:00", "18:00", ()),)),
        AiHost(blocks=(HostBlock("09:00", "18:00", (CUP,), (7,)),)),
        AiHost(blocks=(HostBlock("09:00", "18:00", (CUP,), (1, 1)),)),
        AiHost(blocks=(HostBlock("09:00", "18:00", (CUP,)),) * 22),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: AiHost) -> None:
    with pytest.raises(BadShow):
        settings.checked()


def test_settings_that_mean_something_are_kept() -> None:
    settings = AiHost(
        "always", "zh-CN", 120.0, "flite:rms", "ink", 90, "Asia/Shanghai", (HostBlock("18:00", "02:00", (CUP,)),)
    )
    assert settings.checked() == settings
    assert AiHost.read(settings.plain()) == settings


@pytest.mark.parametrize(
    ("mode", "status", "is_there"),
    [
        ("off", "live", False),
        ("stand_in", "scheduled", False),
        ("stand_in", "live", True),
        ("stand_in", "away", True),
        ("stand_in", "ended", False),
        ("always", "scheduled", True),
        ("always", "live", True),
        ("always", "ended", False),
    ],
)
def test_host_is_at_the_door_while_it_may_be_needed(mode: AiMode, status: str, is_there: bool) -> None:
    assert is_wanted(Planned(status, AiHost(mode)), NOON) == is_there


def test_host_that_presents_alone_begins_at_the_planned_time() -> None:
    show = Planned("scheduled", AiHost("always"), NOON + timedelta(seconds=1))
    assert not is_wanted(show, NOON)
    assert is_wanted(show, NOON + timedelta(seconds=1))
