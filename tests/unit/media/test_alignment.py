"""Laying simulcast layers onto one clock, with the imprecision that Chromium's reports have."""

from __future__ import annotations

import random

import pytest

from stream_server.media.alignment import LayerAlignment
from stream_server.media.rtp import ntp_time

START_S = 1_700_000_000.0


class Layers:
    """Layers of one camera: offsets, dropped frames, reports that are up to 1 ms off."""

    def __init__(self, offsets: list[int], seed: int = 1) -> None:
        self.offsets = offsets
        self.alignment = LayerAlignment(len(offsets))
        self.random = random.Random(seed)
        self.captured = [0]
        for _ in range(300):
            self.captured.append(self.captured[-1] + self.random.randint(2700, 3300))

    def run(self, frames: range, layers: list[int], *, drop: float = 0.0, report: bool = True) -> None:
        for number in frames:
            ticks = self.captured[number]
            for layer in layers:
                if report and number % 15 == 3:
                    off = self.random.randint(-88, 88)
                    timestamp = (self.offsets[layer] + ticks + off) & 0xFFFFFFFF
                    self.alignment.on_report(layer, ntp_time(START_S + ticks / 90_000), timestamp)
                if self.random.random() >= drop:
                    self.alignment.on_frame(layer, (self.offsets[layer] + ticks) & 0xFFFFFFFF)

    def expected(self, layer: int, reference: int = 0) -> int:
        return (self.offsets[reference] - self.offsets[layer]) & 0xFFFFFFFF


@pytest.mark.parametrize("seed", range(10))
def test_layers_are_laid_on_each_other_to_the_tick(seed: int) -> None:
    layers = Layers([17, 0xFFFF_F000, 2_500_000_000], seed)
    layers.run(range(60), [0, 1, 2], drop=0.1)
    first = next(i for i in range(3) if layers.alignment.shift(i) == 0)
    assert [layers.alignment.shift(i) for i in range(3)] == [layers.expected(i, first) for i in range(3)]


def test_a_layer_that_comes_later_is_laid_on_the_others() -> None:
    layers = Layers([5, 700, 9])
    layers.run(range(100), [1])
    assert [layers.alignment.shift(i) for i in range(3)] == [None, 0, None]
    layers.run(range(100, 140), [0, 1, 2])
    assert layers.alignment.shift(0) == layers.expected(0, reference=1)
    assert layers.alignment.shift(2) == layers.expected(2, reference=1)


def test_without_reports_nothing_is_guessed() -> None:
    layers = Layers([5, 700])
    layers.run(range(100), [0, 1], report=False)
    assert layers.alignment.shift(1) is None


def test_layers_of_different_pictures_are_not_forced_together() -> None:
    layers = Layers([0, 0])
    layers.run(range(60), [0])
    layers.captured = [ticks + layers.random.randint(600, 2400) for ticks in layers.captured]
    layers.run(range(60), [1])
    assert layers.alignment.shift(1) is None


def test_a_layer_that_begins_anew_is_laid_again() -> None:
    layers = Layers([5, 700])
    layers.run(range(60), [0, 1])
    layers.alignment.forget(0)
    layers.offsets[0] = 12345
    layers.run(range(60, 120), [0, 1])
    reference = (5 - 700) & 0xFFFFFFFF
    assert layers.alignment.shift(1) == reference
    assert layers.alignment.shift(0) == (5 - 12345) & 0xFFFFFFFF
