from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ar_assets import facts, render, usdz
from ar_assets.anchors import SCHEMA, Anchor, checked, kinds, placing
from ar_assets.anchors.guess import guess
from ar_assets.categories import Category, Placement
from ar_assets.document import Document
from ar_assets.errors import Refused, StepFailed
from ar_assets.normalise.shape import measure
from ar_assets.normalise.size import judge
from ar_assets.normalise.stand import offset_for, placed_anew
from ar_assets.variants import choose, keep, listed
from tests.unit.ar_assets.box import box

LOW, HIGH = (-0.1, 0.0, -0.1), (0.1, 0.2, 0.1)


def test_a_document_survives_the_round_trip() -> None:
    document = box(1, 2, 3)
    document.json["extensions"]["BRAND_own"] = {"kept": ["as", "it", 1.5]}
    again = Document.read(document.to_bytes())
    assert again.json == document.json
    assert again.binary[: len(document.binary)] == document.binary


def test_a_view_outside_its_buffer_is_an_error() -> None:
    document = box(1, 2, 3)
    document.json["bufferViews"][0]["byteLength"] = 10_000
    with pytest.raises(StepFailed, match="outside its buffer"):
        measure(document)


def test_nodes_in_a_ring_are_an_error() -> None:
    document = box(1, 2, 3)
    document.json["nodes"].append({"children": [0]})
    document.json["nodes"][0]["children"] = [1]
    with pytest.raises(StepFailed, match="ancestor"):
        document.placed()


def test_shape_is_measured_through_the_nodes() -> None:
    document = box(1, 2, 3)
    document.json["nodes"][0] |= {"scale": [2, 1, 1], "translation": [0, 5, 0]}
    shape = measure(document)
    assert shape.size.tolist() == pytest.approx([2, 2, 3])
    assert shape.low.tolist() == pytest.approx([-1, 4, -1.5])
    assert (shape.triangles, shape.draw_calls) == (12, 1)


@pytest.mark.parametrize(
    ("size", "category", "stated", "code", "unit"),
    [
        ((0.15, 0.05, 0.16), "glasses", None, "agrees", "m"),
        ((150.0, 50.0, 160.0), "glasses", None, "unit_fits_category", "mm"),
        ((80.0, 90.0, 70.0), "furniture", None, "unit_fits_category", "cm"),
        ((80.0, 90.0, 70.0), "furniture", (0.8, 0.9, 0.7), "unit_fits_stated", "cm"),
        ((31.5, 35.4, 27.6), "furniture", (0.8, 0.9, 0.7), "unit_fits_stated", "inch"),
        # Larger than any chair, but the brand says so
        ((8.0, 9.0, 7.0), "furniture", (8.0, 9.0, 7.0), "agrees", "m"),
        ((0.5, 0.5, 0.5), "furniture", (0.8, 0.9, 0.7), "stated_differs", None),
        ((7e5, 7e5, 7e5), "ring", None, "implausible", None),
        ((12.0, 3.0, 4.0), "other", None, "unknown", "m"),
    ],
)
def test_units_are_found_from_stated_sizes_or_the_category(
    size: tuple[float, float, float],
    category: str,
    stated: tuple[float, float, float] | None,
    code: str,
    unit: str | None,
) -> None:
    found = judge(size, category, stated)
    assert (found.code, found.unit) == (code, unit)
    assert found.is_sure == (stated is not None and unit is not None)


def test_furniture_is_stood_on_the_ground_and_scaled_with_its_node() -> None:
    document = placed_anew(box(80, 90, 70, centre=(100, 0, 0)), 0.01, (0, 0, 0))
    shape = measure(document)
    moved = measure(placed_anew(document, 1.0, offset_for("furniture", shape)))
    assert moved.size.tolist() == pytest.approx([0.8, 0.9, 0.7])
    assert moved.low.tolist() == pytest.approx([-0.4, 0, -0.35], abs=1e-6)


def test_glasses_stay_where_the_brand_drew_them() -> None:
    assert offset_for("glasses", measure(box(0.15, 0.05, 0.16, centre=(0, 0.03, -0.08)))) == (0, 0, 0)


@pytest.mark.parametrize("category", [*(one for one in Category if one.value in SCHEMA), Category.FURNITURE])
def test_every_category_gets_all_its_anchors_within_the_bounds(category: Category) -> None:
    shape = measure(box(0.15, 0.06, 0.16, centre=(0, 0.03, -0.08)))
    found = guess(shape.points, category, Placement.TABLE if category is Category.FURNITURE else None)
    assert [anchor.name for anchor in found] == [kind.name for kind in kinds(category.value, "table")]
    for anchor in found:
        assert np.all(np.array(anchor.position) >= shape.low - 1e-6)
        assert np.all(np.array(anchor.position) <= shape.high + 1e-6)


def test_anchors_are_written_as_nodes_and_in_extras_and_replaced() -> None:
    document = box(0.15, 0.06, 0.16)
    turned = (0.0, 0.6, 0.0, 0.8)
    placing.write(document, [Anchor("bridge", (9, 9, 9))], category="glasses")
    placing.write(document, [Anchor("bridge", (0, 0.02, 0.08), turned)], category="glasses")
    again = Document.read(document.to_bytes())
    (in_extras,), (in_nodes,) = placing.read(again), placing.in_nodes(again)
    assert in_extras == Anchor("bridge", (0, 0.02, 0.08), turned)
    assert in_nodes.position == pytest.approx(in_extras.position)
    assert in_nodes.rotation == pytest.approx(turned)
    assert len(again.items("nodes")) == 2


def test_what_hangs_beside_a_hat_does_not_move_its_opening() -> None:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.stack([0.09 * np.sin(turn), np.zeros(48), 0.1 * np.cos(turn)], 1)
    crown = np.concatenate(
        [ring * (scale, 1, scale) + (0, y, 0) for y, scale in ((0, 1), (0.03, 1), (0.08, 0.9), (0.12, 0.5))]
    )
    bell = 0.02 * np.concatenate([ring / 0.1 + (0, y, 0) for y in (-0.5, 0, 0.5)]) + (0.3, 0.0, -0.2)
    places = {anchor.name: anchor.position for anchor in guess(np.concatenate([crown, bell]), Category.HAT)}
    assert places["crown_rim"] == pytest.approx((0, 0, 0), abs=0.015)
    assert places["front"] == pytest.approx((0, 0, 0.1), abs=0.015)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("hook", "list"),
        ([{"name": "hook"}], "3 numbers"),
        ([{"name": "hook", "position": [0, float("nan"), 0]}], "finite"),
        ([{"name": "hook", "position": [0, True, 0]}], "3 numbers"),
        ([{"name": "hook", "position": [0, 5, 0]}], "far outside"),
        ([{"name": "bridge", "position": [0, 0, 0]}], "no anchor named"),
        ([{"name": "hook", "position": [0, 0, 0], "rotation": [0, 0, 0, 0]}], "unit quaternion"),
        ([{"name": "hook", "position": [0, 0.1, 0]}] * 2, "twice"),
        ([], "missing"),
    ],
)
def test_what_an_editor_sends_is_checked(sent: object, why: str) -> None:
    with pytest.raises(Refused, match=why) as caught:
        checked(sent, "earring", None, LOW, HIGH)
    assert caught.value.code == "anchors_wrong"


def test_anchors_beside_the_model_are_fine_and_rotations_become_unit() -> None:
    (found,) = checked(
        [{"name": "hook", "position": [0, 0.29, 0], "rotation": [0, 0, 0, 1.5]}], "earring", None, LOW, HIGH
    )
    assert found == Anchor("hook", (0, 0.29, 0), (0, 0, 0, 1))


def test_variants_are_listed_chosen_and_kept() -> None:
    document = box(1, 1, 1)
    assert [(one.name, one.slug) for one in listed(document)] == [("Rosso Été", "rosso-ete"), ("青", "variant-2")]
    chosen = choose(document, "青")
    assert chosen.items("meshes")[0]["primitives"][0]["material"] == 1
    assert "extensionsUsed" not in chosen.json
    assert listed(chosen) == ()
    kept = keep(document, ["青"])
    assert [one.name for one in listed(kept)] == ["青"]
    assert choose(kept, "青").items("meshes")[0]["primitives"][0]["material"] == 1
    with pytest.raises(KeyError):
        choose(document, "green")


def test_facts_survive_the_round_trip() -> None:
    document = box(0.15, 0.06, 0.16)
    placing.write(document, [Anchor("hook", (0, 0.03, 0))], category="earring")
    found = facts.measure(document.to_bytes(), "earring")
    assert found.size_m == pytest.approx((0.15, 0.06, 0.16))
    assert (found.triangles, found.materials, len(found.variants)) == (12, 2, 2)
    assert facts.ModelFacts.from_json(found.to_json()) == found
    with pytest.raises(ValueError, match="schema"):
        facts.ModelFacts.from_json({**found.to_json(), "schema": 2})


def test_pictures_show_the_chosen_colour_and_are_the_same_on_every_run() -> None:
    document = box(1, 1, 1)
    first, second = (render.views(document, 2, 48) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    red, blue = first[0], render.views(choose(document, "青"), 1, 48)[0]
    assert red[0, 0, 3] == 0
    assert red[24, 24, 3] == 255
    assert red[24, 24, 0] > 2 * red[24, 24, 2]
    assert blue[24, 24, 2] > 2 * blue[24, 24, 0]


def test_a_poster_has_a_backdrop_and_a_shadow() -> None:
    picture = render.poster(render.scene_of(box(1, 1, 1), 96), size=96)
    assert picture.shape == (96, 96, 4)
    assert int(picture[..., 3].min()) == 255
    assert render.webp(picture)[8:12] == b"WEBP"
    assert int(picture[88, 48, :3].mean()) < int(picture[3, 48, :3].mean())


def test_a_usdz_per_variant_is_clean_and_in_metres(tmp_path: Path) -> None:
    from pxr import Usd, UsdGeom

    document = box(0.8, 0.9, 0.7)
    done = usdz.export(document, tmp_path / "blue.usdz", variant="青")
    assert usdz.problems(done.path) == []
    assert (done.triangles, done.bytes) == (12, done.path.stat().st_size)
    stage = Usd.Stage.Open(str(done.path))
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    bounds = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["default"]).ComputeWorldBound(stage.GetPrimAtPath("/Model"))
    assert list(bounds.GetRange().GetSize()) == pytest.approx([0.8, 0.9, 0.7])
    shader = stage.GetPrimAtPath("/Model/Looks/Material_1/Surface")
    assert list(shader.GetAttribute("inputs:diffuseColor").Get()) == pytest.approx([0.05, 0.05, 0.8])
    with pytest.raises(StepFailed, match="allowed"):
        usdz.export(document, tmp_path / "small.usdz", limits=usdz.UsdzLimits(max_bytes=100))
