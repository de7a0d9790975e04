"""Models with +Z up: the samples, turned as CAD programs write them, are found; upright ones are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from ar_assets.categories import Category
from ar_assets.document import Document
from ar_assets.normalise.shape import measure
from ar_assets.normalise.stand import placed_anew
from ar_assets.normalise.upright import lies_on_its_back
from ar_assets.report import Report
from ar_assets.request import ProcessOptions
from ar_assets.shaping import shape_up
from tests.sample_models import CATEGORIES, samples
from tests.unit.ar_assets.box import box

TO_Z_UP = (0.5**0.5, 0.0, 0.0, 0.5**0.5)
TELLING = ("SheenChair", "GlamVelvetSofa", "IridescenceLamp", "Mixer", "SunglassesKhronos")
GLBS = {name: path for name, path in samples().items() if path.suffix == ".glb"}


def advice(document: Document, **options: object) -> list[str]:
    report = Report("x.glb", 1, "glb")
    shape_up(document, ProcessOptions(**options), report)  # type: ignore[arg-type]
    return [one.code for one in report.advice]


@pytest.mark.skipif(not GLBS, reason="the sample models are not beside the repository")
@pytest.mark.parametrize("name", sorted(GLBS))
def test_sample_is_found_lying_only_when_it_was_turned(name: str) -> None:
    upright = Document.read(GLBS[name])
    category = CATEGORIES.get(name, Category.OTHER).value
    assert not lies_on_its_back(measure(upright), category, hangs=False)
    if name in TELLING:
        turned = placed_anew(upright, 1.0, (0.0, 0.0, 0.0), TO_Z_UP)
        assert lies_on_its_back(measure(turned), category, hangs=False)


def test_what_lies_is_offered_to_be_stood_up_and_stands_when_the_brand_agrees() -> None:
    upright = box(0.4, 0.9, 0.5)
    upright.json["nodes"][0]["translation"] = [0, 0.45 - float(measure(upright).high[1] - 0.45), 0]
    lying = placed_anew(upright, 1.0, (0.0, 0.0, 0.0), TO_Z_UP)
    chair = Category.FURNITURE
    assert advice(upright, category=chair) == []
    assert advice(lying, category=chair) == ["up_suspected"]
    assert advice(lying, category=chair, up="y") == []
    report = Report("x.glb", 1, "glb")
    stood = shape_up(lying, ProcessOptions(category=chair, up="z"), report)
    assert np.allclose(measure(stood).size, measure(upright).size)
    assert abs(float(measure(stood).low[1])) < 1e-6
    assert ([change.code for change in report.changes][0], report.advice) == ("up", [])


def test_unknown_axis_is_an_error() -> None:
    with pytest.raises(ValueError, match="axis"):
        advice(box(1, 1, 1), up="x")
