import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

skia = pytest.importorskip("skia")

from avatar.model import BeatKind, Gesture  # noqa: E402
from avatar.performance import Performance, Spoken  # noqa: E402
from avatar.speech.engine import EngineSpeaker  # noqa: E402
from avatar.speech.ports import Mouth, Viseme  # noqa: E402
from avatar.speech.tone import ToneEngine  # noqa: E402
from avatar.stage.acting import Actor  # noqa: E402
from avatar.stage.camera import FRAMINGS, format_of  # noqa: E402
from avatar.stage.lettering import draw_question, is_right_to_left  # noqa: E402
from avatar.stage.look import Look  # noqa: E402
from avatar.stage.mouth import MouthTrack  # noqa: E402
from avatar.stage.placement import Area  # noqa: E402
from avatar.stage.stage import Stage, StageOptions  # noqa: E402


def test_the_mouth_is_shut_before_after_and_for_lip_sounds_and_open_in_vowels() -> None:
    track = MouthTrack(
        [
            Mouth(0.1, Viseme.AA, 1.0),
            Mouth(0.4, Viseme.PP, 1.0),
            Mouth(0.5, Viseme.AA, 1.0),
            Mouth(0.8, Viseme.SIL, 1.0),
        ],
        1.0,
    )
    assert track.at(-0.2).open == 0
    assert track.at(0.25).open > 0.9
    assert track.at(0.44).open < 0.3
    assert track.at(0.65).open > 0.9
    assert track.at(0.95).open < 0.05
    assert track.at(5.0).open == 0


def test_only_what_is_told_to_have_changed_has_changed() -> None:
    stage, performance = Stage(StageOptions(640, 360)), Performance()
    performance.say(
        Spoken(asyncio.run(EngineSpeaker(ToneEngine()).say("good morning everybody", "en")), gesture="wave")
    )
    before = None
    for _ in range(60):
        moment = performance.step().moment
        if moment is None:
            continue
        areas = stage.draw(moment)
        if before is not None:
            changed = (before != stage.pixels).any(axis=2)
            for area in areas:
                changed[area.y : area.y + area.height, area.x : area.x + area.width] = False
            assert not changed.any()
        before = stage.pixels.copy()


def varied() -> Iterator[Spoken]:
    """Every gesture, both shots, questions, products."""
    gestures: tuple[Gesture, ...] = (
        "wave",
        "point_product",
        "idle",
        "listen",
        "count_down",
        "think",
        "celebrate",
        "nod",
    )
    utterance = asyncio.run(EngineSpeaker(ToneEngine()).say("it is made by hand", "en"))
    for n, gesture in enumerate(gestures):
        beat: BeatKind = "answer" if gesture in ("listen", "think") else "present"
        question = "Is it heavy?" if beat == "answer" else None
        yield Spoken(utterance, gesture, beat, f"p{n // 3}", question, pause_after_s=0.5, key=n)


@pytest.mark.parametrize("size", [(480, 270), (270, 480)])
def test_what_is_drawn_in_part_is_what_is_drawn_whole(size: tuple[int, int]) -> None:
    """Over a varied performance the picture, patched for minutes, is the one that a fresh stage draws."""
    patched, whole, performance = Stage(StageOptions(*size)), Stage(StageOptions(*size)), Performance()
    lines, frames, settled, shots = varied(), 0, 0, set()
    while True:
        if performance.is_quiet:
            line = next(lines, None)
            if line is None:
                break
            performance.say(line)
        moment = performance.step().moment
        if moment is None:
            continue
        frames += 1
        areas = patched.draw(moment)
        whole.draw_again()
        whole.draw(moment)
        shots.add(areas == (Area(0, 0, *size),))
        off = np.abs(patched.pixels.astype(np.int16) - whole.pixels).max(axis=2)
        # Where a moving sleeve's edge crosses an area's, skia smooths some pixels otherwise; the next frame draws them
        # again. With arms at rest nothing of that is left.
        assert off.max() <= 24, f"frame {frames}"
        assert (off > 1).sum() <= 80, f"frame {frames}"
        if patched.is_settled:
            assert off.max() <= 1, f"frame {frames}"
            settled += 1
    assert settled > 40
    assert frames > 200
    assert shots == {True, False}


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (480, 480)])
@pytest.mark.parametrize("lang", ["en", "zh", "ar"])
def test_the_label_is_always_in_the_picture(size: tuple[int, int], lang: str) -> None:
    stage, performance = Stage(StageOptions(*size, lang=lang)), Performance()
    moment = performance.step().moment
    assert moment is not None
    stage.draw(moment)
    # The spark in the accent's colour and white letters on dark, in the upper left.
    corner = stage.pixels[: size[1] // 4, : size[0] * 2 // 3, :3].astype(int)
    assert (np.abs(corner - (255, 90, 54)).sum(axis=2) < 40).sum() > 5
    assert (corner.min(axis=2) > 225).sum() > 20


def test_a_picture_that_is_none_is_refused() -> None:
    stage = Stage(StageOptions(320, 180))
    assert not stage.set_picture("p", b"not a picture")
    assert not stage.set_picture("p", b"")


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="accent"):
        Look(accent="red")


def test_an_arabic_question_runs_from_the_right_and_has_its_mark_there() -> None:
    surface = skia.Surface(400, 200)
    draw_question(surface.getCanvas(), "هل هو متوفر؟", "ar", (20, 20, 340, 150), 24, "#FF5A36")
    pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType).astype(int)
    card = np.flatnonzero((pixels[..., 3] > 200).any(axis=0))
    mark = np.flatnonzero((np.abs(pixels[..., :3] - (255, 90, 54)).sum(axis=2) < 40).any(axis=0))
    assert mark.min() > card.max() - 8
    assert is_right_to_left("(1) هل")
    assert not is_right_to_left("AI مرحبا")
    assert not is_right_to_left("123")


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_the_finger_points_at_the_products_picture(size: tuple[int, int]) -> None:
    framing = FRAMINGS[(format_of(*size), "medium")]
    performance, actor = Performance(), Actor(25)
    performance.say(
        Spoken(asyncio.run(EngineSpeaker(ToneEngine()).say("see how it is made here", "en")), gesture="point_product")
    )
    for _ in range(60):
        moment = performance.step().moment
        pose = actor.pose(moment, framing.product_at) if moment else None
        if pose is not None:
            arm = pose.right
    along = np.array([np.sin(np.radians(arm.turn)), -np.cos(np.radians(arm.turn))])
    to = np.array(framing.product_at) - arm.wrist
    off = abs(along[0] * to[1] - along[1] * to[0])
    assert off * framing.scale < framing.product[3] / 4
    assert along @ to > 0
