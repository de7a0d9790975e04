"""The pictures and the papers of a finished model: poster, thumbnail, turntable, before and after, facts, report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from ar_assets.facts import FileFacts
from ar_assets.render import Picture, poster, scene_of, turntable, webp, webp_loop
from ar_assets.report import Report

POSTER_PX, THUMBNAIL_PX, TURNTABLE_PX, TURNTABLE_FRAMES = 1200, 320, 400, 24
_GAIN = 8


def pictures(plain: Path, category: str, out: Path) -> dict[str, str]:
    """Write ``poster.webp``, ``thumbnail.webp`` and ``turntable.webp``; the names by kind."""
    scene = scene_of(plain, POSTER_PX)
    large = poster(scene, size=POSTER_PX, category=category)
    (out / "poster.webp").write_bytes(webp(large))
    (out / "thumbnail.webp").write_bytes(webp(_smaller(large, THUMBNAIL_PX)))
    frames = turntable(scene, size=TURNTABLE_PX, frames=TURNTABLE_FRAMES, category=category)
    (out / "turntable.webp").write_bytes(webp_loop(frames))
    return {"poster": "poster.webp", "thumbnail": "thumbnail.webp", "turntable": "turntable.webp"}


def comparison(before: Picture, after: Picture, out: Path) -> dict[str, str]:
    """Write ``before.webp``, ``after.webp`` and ``difference.webp`` (eight times as strong); the names by kind."""
    gap = np.abs(before[..., :3].astype(np.int16) - after[..., :3].astype(np.int16)) * _GAIN
    covered = np.maximum(before[..., 3:], after[..., 3:])
    difference = np.concatenate([np.minimum(gap, 255).astype(np.uint8), covered], axis=2)
    for name, picture in (("before", before), ("after", after), ("difference", difference)):
        (out / f"{name}.webp").write_bytes(webp(picture))
    return {name: f"{name}.webp" for name in ("before", "after", "difference")}


def file_facts(out: Path, names: dict[str, str]) -> dict[str, FileFacts]:
    """Size and hash of each published file, by kind."""
    return {kind: FileFacts.of(out, name) for kind, name in names.items()}


def write_report(report: Report, out: Path) -> None:
    """Write ``report.json``."""
    text = json.dumps(report.to_json(), indent=1, ensure_ascii=False, default=str)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def _smaller(picture: Picture, size: int) -> Picture:
    image = Image.fromarray(picture).resize((size, size), Image.Resampling.LANCZOS)
    return np.asarray(image)
