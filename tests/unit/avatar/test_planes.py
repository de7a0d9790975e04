import numpy as np
import pytest

from avatar.planes import Planes
from avatar.stage.placement import Area


@pytest.mark.parametrize(
    "area",
    [
        Area(40, 60, 90, 64),
        Area(0, 0, 2, 2),
        Area(190, 110, 130, 70),
        Area(318, 0, 2, 180),
        Area(2, 178, 316, 2),
        Area(0, 0, 320, 180),
    ],
)
def test_a_patch_is_to_the_bit_what_converting_the_whole_picture_gives(area: Area) -> None:
    random = np.random.default_rng(5)
    before = random.integers(0, 256, (180, 320, 4), np.uint8)
    after = before.copy()
    # Chroma is made of neighbours too; a drawing's areas are one pixel larger than what changed in them.
    x, y = max(area.x - 1, 0) + (area.x > 0) * 2, max(area.y - 1, 0) + (area.y > 0) * 2
    right, bottom = area.x + area.width, area.y + area.height
    part = np.s_[y : bottom - (bottom < 180), x : right - (right < 320)]
    after[part] = random.integers(0, 256, after[part].shape, np.uint8)
    whole = Area(0, 0, 320, 180)
    patched, converted = Planes(320, 180), Planes(320, 180)
    patched.patch(before, whole)
    patched.patch(after, area)
    converted.patch(after, whole)
    assert np.array_equal(patched.frame.to_ndarray(), converted.frame.to_ndarray())
