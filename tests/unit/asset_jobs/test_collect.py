"""What a job's process left is looked at as if an enemy had written it."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from stream_server.asset_jobs.collect import MAX_FILE_BYTES, BadOutput, collect
from tests.unit.products3d.making import facts


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "usdz").mkdir()
    (tmp_path / "web.glb").write_bytes(struct.pack("<4sII", b"glTF", 2, 12))
    (tmp_path / "usdz" / "oak.usdz").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "poster.webp").write_bytes(b"RIFF\x04\0\0\0WEBP")
    (tmp_path / "facts.json").write_text(json.dumps(facts()))
    return tmp_path


def test_model_is_collected_with_what_we_use_of_its_facts(out: Path) -> None:
    (out / "facts.json").write_text(json.dumps({**facts(), "evil": "x" * 1000}))
    made = collect(out)
    assert set(made.files) == {"web.glb", "usdz/oak.usdz", "poster.webp"}
    assert "evil" not in made.facts
    assert made.facts["anchors"][0]["name"] == "floor_contact"
    assert made.report == {}


def test_what_a_job_leaves_as_it_was_need_not_be_there(out: Path) -> None:
    for name in ("poster.webp", "usdz/oak.usdz"):
        (out / name).unlink()
    assert set(collect(out, kept={"poster.webp", "usdz/oak.usdz"}).files) == {"web.glb"}
    with pytest.raises(BadOutput, match="poster"):
        collect(out, kept={"usdz/oak.usdz"})


def _facts(**changes: object) -> Callable[[Path], object]:
    return lambda out: (out / "facts.json").write_text(json.dumps({**facts(), **changes}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda out: (out / "facts.json").unlink(),
        lambda out: (out / "facts.json").write_text("[" * 100_000),
        lambda out: (out / "facts.json").write_text("[]"),
        lambda out: (out / "facts.json").write_bytes(b" " * 600_000),
        _facts(size_m=[1, 2]),
        _facts(category="weapon"),
        _facts(variants=[{"name": "x", "slug": "x", "usdz": "../../secret"}]),
        _facts(anchors=[{"name": "bridge", "position": [0, 0, 1e9], "rotation": [0, 0, 0, 1]}]),
        lambda out: (out / "report.json").write_text("nonsense"),
        lambda out: (out / "page.html").write_text("<script>"),
        lambda out: (out / "web.glb").write_bytes(b"<html>"),
        lambda out: (out / "web.glb").write_bytes(struct.pack("<4sII", b"glTF", 2, 13)),
        lambda out: (out / "poster.webp").write_bytes(b"<svg/>"),
        lambda out: (out / "more.png").write_bytes(b"GIF89a"),
        lambda out: (out / "more.jpg").write_bytes(b"\x89PNG"),
        lambda out: (out / "usdz" / "oak.usdz").write_bytes(b"#usda 1.0"),
        lambda out: (out / "lod1.glb").symlink_to("/etc/passwd"),
        lambda out: os.link(out / "web.glb", out / "lod1.glb"),
        lambda out: os.mkfifo(out / "lod1.glb"),
        lambda out: os.truncate(out / "web.glb", MAX_FILE_BYTES + 1),
        lambda out: (out / "web.glb").unlink(),
        lambda out: [(out / f"p{number}.webp").write_bytes(b"RIFF\x04\0\0\0WEBP") for number in range(90)],
    ],
)
def test_anything_else_is_refused(out: Path, spoil: Callable[[Path], object]) -> None:
    spoil(out)
    with pytest.raises(BadOutput):
        collect(out)
