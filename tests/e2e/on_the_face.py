"""Whether what the mirror shows sits where it should: told from its pixels and the camera's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests.e2e.shop_3d import Seen

LEFT_EYE, RIGHT_EYE = 386, 159
MOUTH_CORNERS = (291, 61)
CHIN, LEFT_CHEEK, RIGHT_CHEEK = 152, 425, 205
LEFT_EAR, RIGHT_EAR = 454, 234
OUTER_LOWER_LIP, INNER_LOWER_LIP, UPPER_LIP = 17, 14, 0
NOSE_BRIDGE = 168
SUNGLASSES_WIDE_M = 0.1505
EYES_APART_M = (0.078, 0.099)
"""Between the outer corners of the eyes of grown people, least and most."""


def sunglasses_are_on_the_nose(seen: Seen) -> None:
    """In front of both eyes, as wide as the real thing, behind the hair at the temples, and nowhere else."""
    (left_x, left_y), (right_x, right_y) = seen.at(LEFT_EYE), seen.at(RIGHT_EYE)
    eye = abs(left_x - right_x) // 3  # about an eye's size
    for place in (LEFT_EYE, RIGHT_EYE):
        assert seen.change(seen.at(place), eye // 2) > 35, "dark glass in front of the eye"
    for place in (CHIN, *MOUTH_CORNERS):
        assert seen.change(seen.at(place), 5) < 4, "nothing hangs below the glasses"
    # hair covers the ears: the arms end at the temples, beside the head there is nothing
    for place, side in ((LEFT_EAR, 1), (RIGHT_EAR, -1)):
        x, y = seen.at(place)
        assert seen.change((x + side * 2 * eye, y), eye // 2) < 4
    # level with the eyes and as wide as the real thing on a face of this size
    changed = np.abs(seen.shown - seen.camera).mean(axis=2) > 25
    rows, columns = np.nonzero(changed)
    wide_px = np.percentile(columns, 99.5) - np.percentile(columns, 0.5)
    span_px = float(np.hypot(*(seen.points[263] - seen.points[33])[:2]))
    least, most = EYES_APART_M
    assert SUNGLASSES_WIDE_M / most < wide_px / span_px < SUNGLASSES_WIDE_M / least
    assert np.percentile(rows, 1) < (left_y + right_y) / 2 < np.percentile(rows, 99)
    assert np.percentile(rows, 99) < seen.at(UPPER_LIP)[1]


def lips_have(shade: str, seen: Seen) -> None:
    """The lips have the colour ``shade`` (#rrggbb) in their own light; skin and eyes are left alone."""
    lip = on_lower_lip(seen)
    assert seen.change(lip, 2) > 20
    assert hue(seen.colour(lip)) == pytest.approx(hue(rgb(shade)), abs=0.12)
    # the lips' own light and shadow are still there
    assert _contrast(seen.shown, lip) > 0.3 * _contrast(seen.camera, lip)
    for place in (LEFT_EYE, RIGHT_EYE, CHIN, LEFT_CHEEK, RIGHT_CHEEK, NOSE_BRIDGE):
        assert seen.change(seen.at(place), 4) < 3, "skin and eyes are left alone"


def on_lower_lip(seen: Seen) -> tuple[int, int]:
    """The middle of the lower lip, between its outer edge and its inner one."""
    (x, outer), (_, inner) = seen.at(OUTER_LOWER_LIP), seen.at(INNER_LOWER_LIP)
    return x, (outer + inner) // 2


def rgb(code: str) -> npt.NDArray[np.float64]:
    """#rrggbb as three numbers, 0 to 255."""
    return np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def hue(colour: npt.NDArray[np.float64]) -> tuple[float, float]:
    """A colour without its brightness: the shares of green and blue in it."""
    total = float(colour.sum()) or 1.0
    return float(colour[1]) / total, float(colour[2]) / total


def _contrast(picture: npt.NDArray[np.int16], centre: tuple[int, int]) -> float:
    x, y = centre
    return float(picture[y - 4 : y + 5, x - 16 : x + 17].mean(axis=2).std())
