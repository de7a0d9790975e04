"""The arithmetic behind the benchmarks' figures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks.harness import figures
from benchmarks.overlay_sync import PinShown, due_number, errors, exact_share, presented_share, ticks_between


def test_percentile_interpolates_between_neighbours() -> None:
    assert figures.percentile([4, 1, 3, 2], 0.5) == 2.5
    assert figures.percentile([5], 0.95) == 5
    with pytest.raises(ValueError, match="no values"):
        figures.percentile([], 0.5)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [(10, 13, 3), (13, 10, -3), (2**32 - 1000, 2000, 3000), (2000, 2**32 - 1000, -3000)],
)
def test_distance_of_timestamps_survives_the_wrap(earlier: int, later: int, expected: int) -> None:
    assert ticks_between(earlier, later) == expected


FRAMES = [(90_000 + 3000 * step, 50 + step) for step in range(10)]


@pytest.mark.parametrize(("at_ms", "expected"), [(1000, 50), (1001, 51), (1033, 51), (1034, 52), (2000, None)])
def test_due_frame_is_the_first_at_or_after_the_moment(at_ms: int, expected: int | None) -> None:
    assert due_number(FRAMES, at_ms) == expected


def test_due_frame_is_counted_back_when_it_had_no_callback() -> None:
    without = [frame for frame in FRAMES if frame[1] not in (51, 52)]
    assert due_number(without, 1010) == 51


def test_late_cards_have_positive_errors() -> None:
    assert errors(FRAMES, [PinShown(1001, 51), PinShown(1001, 53), PinShown(1034, 51)]) == [0, 2, -1]


def test_card_that_comes_with_the_next_presented_frame_is_exact_among_those() -> None:
    seen = [frame for frame in FRAMES if frame[1] not in (51, 52)]
    assert errors(seen, [PinShown(1010, 53)]) == [2]
    assert exact_share(seen, [PinShown(1010, 53)]) == 1.0
    assert presented_share(seen) == 0.8


def test_conclusion_is_a_csv_row_and_one_json_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path)
    figures.conclude("speed", {"p50_ms": 1.23456}, {"quick": True})
    figures.conclude("speed", {"p50_ms": 2.0, "p95_ms": 3.0}, {"quick": False})
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "bench": "speed",
        "figures": {"p50_ms": 2.0, "p95_ms": 3.0},
    }
    with (tmp_path / "speed.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["p50_ms"] for row in rows] == ["1.235", "2.0"]
    assert [row["p95_ms"] for row in rows] == ["", "3.0"]
