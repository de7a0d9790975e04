"""USDZ for AR Quick Look: one file per variant, written with usd-core from a plain GLB (`pipeline`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ar_assets.document import Document


@dataclass(frozen=True)
class UsdzLimits:
    """What a USDZ may weigh; textures are made smaller step by step until it fits."""

    max_bytes: int = 8 * 1024 * 1024
    max_texture_px: int = 2048


@dataclass(frozen=True)
class UsdzResult:
    """One written USDZ. ``losses`` are sentences about what UsdPreviewSurface cannot say (sheen, tint, …)."""

    path: Path
    bytes: int
    triangles: int
    texture_px: int
    losses: tuple[str, ...]


def export(
    glb: bytes | Path | Document, out: Path, *, variant: str | None = None, limits: UsdzLimits = UsdzLimits()
) -> UsdzResult:
    """Write the GLB (plain, see `pipeline`) as ``out`` (a .usdz), showing ``variant`` or the default materials.

    Real metres (metersPerUnit 1), +Y up. Blocks for a second or so.

    Raises:
        KeyError: No such variant.
        StepFailed: The file cannot be written within the limits.
    """
    raise NotImplementedError


def problems(path: Path) -> list[str]:
    """What UsdValidation says about a file; empty means clean."""
    raise NotImplementedError
