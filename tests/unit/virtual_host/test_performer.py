"""What the host's face and hands do is told ahead, in small pieces that are whole in themselves."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from pydantic import ValidationError

from avatar.performance import CHUNK_S, Performance, Spoken
from avatar.speech.ports import SAMPLE_RATE, Mouth, Utterance, Viseme
from avatar.wardrobe import OUTFITS
from stream_server.clock import ManualClock
from stream_server.signaling.messages import Perform
from stream_server.signaling.performed import MAX_SHAPES, Score
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.performer import AGAIN_S, TOLD_S, Performer, shapes_of
from tests.unit.virtual_host.test_captioner import RecordingWire

LONG_S = 8


def long_line() -> Utterance:
    """A vowel every tenth of a second."""
    mouths = [Mouth(n / 10, Viseme.AA if n % 2 else Viseme.O, 0.8) for n in range(LONG_S * 10)]
    mouths.append(Mouth(LONG_S - 0.01, Viseme.SIL, 1.0))
    return Utterance("Aoao", "en", np.zeros(LONG_S * SAMPLE_RATE, np.int16), (), tuple(mouths), "tone:en")


class Session:
    """A performance that is played while the server tells its clock."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        show_clock = ShowClock(self.clock)
        show_clock.at_show_ms(60_000)
        self.wire = RecordingWire()
        self.performer = Performer(self.wire, show_clock, OUTFITS[""])
        self.performance = Performance()

    async def play(self, seconds: float) -> None:
        for _ in range(round(seconds / CHUNK_S)):
            self.performer.on_step(self.performance.step())
            self.clock.advance(CHUNK_S)
        await asyncio.sleep(0)

    @property
    def scores(self) -> list[Score]:
        return [command.score for command in self.wire.sent if isinstance(command, Perform)]


async def test_a_line_is_told_from_its_first_sample_with_its_gesture() -> None:
    session = Session()
    await session.play(1.0)
    session.performance.say(Spoken(long_line(), gesture="wave"))
    await session.play(CHUNK_S)
    score = session.scores[-1]
    assert (score.at_ms, score.gesture_ms, score.gesture, score.is_speaking) == (61_000, 61_000, "wave", True)
    assert score.shapes[:2] == [[0, 13, 80], [100, 10, 80]]
    assert score.shapes[-1][0] <= TOLD_S * 1000


async def test_scores_are_repeated_while_it_goes_on_and_each_begins_with_the_shape_of_its_moment() -> None:
    session = Session()
    session.performance.say(Spoken(long_line()))
    await session.play(2 * AGAIN_S + CHUNK_S)
    assert [score.at_ms for score in session.scores] == [60_000, 62_000, 64_000]
    for score in session.scores:
        times = [at for at, _, _ in score.shapes]
        assert times[0] == 0
        assert times == sorted(times)


async def test_an_interrupted_line_closes_the_mouth_at_once_and_silence_is_told_too() -> None:
    session = Session()
    session.performance.say(Spoken(long_line(), gesture="wave"))
    await session.play(0.5)
    session.performance.interrupt()
    await session.play(2 * CHUNK_S)
    assert (session.scores[-1].shapes, session.scores[-1].is_speaking) == ([], False)
    before = len(session.scores)
    await session.play(3 * AGAIN_S)
    assert len(session.scores) - before == 3
    assert session.scores[-1].gesture == "idle"


async def test_another_outfit_is_told_at_once_and_with_every_score_after_it() -> None:
    session = Session()
    await session.play(0.5)
    assert session.scores[-1].look["jacket"] == OUTFITS[""].jacket
    session.performer.dress(OUTFITS["ink"])
    await session.play(AGAIN_S + 2 * CHUNK_S)
    assert [score.at_ms for score in session.scores] == [60_000, 60_500, 62_500]
    assert {score.look["jacket"] for score in session.scores[1:]} == {OUTFITS["ink"].jacket}


@pytest.mark.parametrize(
    "look", [{"jacket": "red"}, {"ja cket": "#FF0000"}, {f"p{'x' * n}": "#FF0000" for n in range(40)}]
)
def test_a_look_that_is_no_colours_of_parts_is_refused(look: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Score(at_ms=0, shapes=[], is_speaking=False, gesture="idle", gesture_ms=0, look=look)


def test_a_score_is_bounded_however_fast_somebody_speaks() -> None:
    shapes = shapes_of(tuple(Mouth(n / 1000, Viseme.E, 1.0) for n in range(9000)), 1.0)
    assert len(shapes) == MAX_SHAPES
    assert shapes[0] == [0, 11, 100]
    Score(at_ms=0, shapes=shapes, is_speaking=True, gesture="idle", gesture_ms=0)
