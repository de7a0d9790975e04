"""Who is told what the AI host's face and hands do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.shows.making import until
from tests.unit.signaling.making import ANN, MAYA, hall

AI = replace(MAYA, name="AI host", is_ai=True)
SCORE: dict[str, Any] = {
    "version": 1,
    "at_ms": 61_000,
    "shapes": [[0, 10, 80], [90, 0, 100]],
    "is_speaking": True,
    "gesture": "wave",
    "gesture_ms": 61_000,
    "look": {"apron": "#7A2E3B"},
}


async def test_a_performance_reaches_those_who_follow_it_and_nobody_else() -> None:
    async with hall() as made, made.joined(AI) as ai, made.joined(ANN) as ann, made.joined() as stranger:
        assert (await stranger.ask("performance.follow", is_on=True))["type"] == "ack"
        assert (await ai.ask("ai.perform", ref="p1", score=SCORE))["type"] == "ack"
        await until(lambda: bool(stranger.of_type("performance")))
        assert stranger.of_type("performance") == [{"type": "performance", "score": SCORE}]
        assert (await stranger.ask("performance.follow", ref="off", is_on=False))["type"] == "ack"
        assert (await ai.ask("ai.perform", ref="p2", score={**SCORE, "at_ms": 63_000}))["type"] == "ack"
        assert (await ai.ask("announce", ref="p3", text="after it"))["type"] == "ack"
        await until(lambda: bool(ann.of_type("announcement")) and bool(stranger.of_type("announcement")))
        assert len(stranger.of_type("performance")) == 1
        assert not ann.of_type("performance")


async def test_whoever_begins_to_follow_is_told_what_is_performed_now() -> None:
    async with hall() as made, made.joined(AI) as ai, made.joined(ANN) as ann:
        assert (await ai.ask("ai.perform", ref="p1", score=SCORE))["type"] == "ack"
        assert (await ann.ask("performance.follow", is_on=True))["type"] == "ack"
        await until(lambda: bool(ann.of_type("performance")))


async def test_only_the_ai_host_performs_and_only_what_a_face_can_do() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ai:
        assert (await maya.ask("ai.perform", ref="p1", score=SCORE))["code"] == "forbidden"
        for score in (
            {**SCORE, "version": 2},
            {**SCORE, "shapes": [[0, 10, 80]] * 241},
            {**SCORE, "shapes": [[0, 10]]},
            {**SCORE, "gesture": "dance"},
        ):
            assert (await ai.ask("ai.perform", ref="p2", score=score))["code"] == "bad_message"
