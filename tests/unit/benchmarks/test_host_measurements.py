"""The measuring viewer's own sums: where an answer begins in what was heard, and how far two time lines lie apart."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.avatar_live import beginning, find
from benchmarks.harness.film import nal_units
from benchmarks.harness.whep_viewer import Arrival, Line


def test_an_answer_is_found_where_it_begins_however_loud_the_rest_is() -> None:
    dice = np.random.default_rng(1)
    answer = dice.normal(0, 0.1, 4800).astype(np.float32)
    sound = dice.normal(0, 0.3, 48_000).astype(np.float32)
    sound[20_000:24_800] = answer * 0.5 + dice.normal(0, 0.005, 4800)
    at, likeness = find(answer, sound)
    assert at == 20_000
    assert likeness > 0.95


def test_what_was_not_said_is_like_nothing_that_was_heard() -> None:
    dice = np.random.default_rng(2)
    _, likeness = find(dice.normal(0, 0.1, 4800).astype(np.float32), dice.normal(0, 0.1, 48_000).astype(np.float32))
    assert likeness < 0.2


def test_near_silence_is_not_taken_for_an_answer() -> None:
    answer = np.sin(np.arange(960) / 9).astype(np.float32)
    sound = np.concatenate([answer * 1e-4, np.zeros(960), np.cos(np.arange(4800) / 5)]).astype(np.float32)
    assert find(answer, sound)[1] < 0.5


def test_looking_for_more_than_was_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="less sound"):
        find(np.ones(10, np.float32), np.ones(9, np.float32))


def test_the_silence_before_a_voice_is_not_its_beginning() -> None:
    pcm = np.concatenate([np.zeros(500), np.full(100, 8192)]).astype(np.int16)
    assert beginning(pcm).tolist() == [0.25] * 100


def test_pictures_are_put_together_from_single_aggregated_and_cut_units() -> None:
    aggregated = b"\x18" + b"\x00\x02\x67\x01" + b"\x00\x02\x68\x02"
    cut = [b"\x7c\x85ab", b"\x7c\x05cd", b"\x7c\x45ef"]
    assert nal_units([b"\x06\x09", aggregated, *cut]) == [b"\x06\x09", b"\x67\x01", b"\x68\x02", b"\x65abcdef"]


def test_the_rest_of_a_unit_whose_beginning_is_missing_is_left_out() -> None:
    assert nal_units([b"\x7c\x05cd", b"\x7c\x45ef", b"", b"\x41x"]) == [b"\x41x"]


def test_lateness_counts_from_the_newest_report_over_the_wrap_of_the_stamps() -> None:
    line = Line(90_000, report=(1000.0, 2**32 - 45_000))
    for at_s, timestamp in ((1.0, 2**32 - 45_000), (1.54, 0), (2.0, 45_000)):
        line.arrived(Arrival(at_s, timestamp))
    assert line.lateness_s(1.5) == pytest.approx([-998.96, -999.0])
    assert line.longest_gap_s == pytest.approx(0.54)


def test_without_a_report_nothing_is_said_about_lateness() -> None:
    line = Line(48_000)
    line.arrived(Arrival(1.0, 5))
    assert line.lateness_s(0.0) == []
