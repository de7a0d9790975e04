"""Round trips of real models: valid before and after, true to size, every look and every anchor still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ar_assets.node_worker import BUNDLE
from tests.sample_models import check, samples
from tests.unit.ar_assets.box import box

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not BUNDLE.exists(), reason="the asset worker is not built: make test does"),
]


@pytest.mark.parametrize("name", ["MaterialsVariantsShoe", "SunglassesKhronos", "SheenChair"])
def test_sample_comes_out_valid_and_with_everything(name: str, tmp_path: Path) -> None:
    if name not in samples():
        pytest.skip("the sample models are not beside the repository")
    assert check(name, samples()[name], tmp_path).problems == ()


def test_box_with_two_looks_comes_out_valid_and_with_everything(tmp_path: Path) -> None:
    source = tmp_path / "box.glb"
    source.write_bytes(box(0.4, 0.3, 0.2).to_bytes())
    outcome = check("box", source, tmp_path)
    assert outcome.problems == ()
    assert (outcome.usdz_files, outcome.variants) == (2, 2)
    assert outcome.size_m == pytest.approx((0.4, 0.3, 0.2), abs=1e-3)
