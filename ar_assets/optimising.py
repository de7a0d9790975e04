"""From a plain GLB to the small file of one profile: a ladder of recipes, climbed until the guard is content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ar_assets.errors import StepFailed
from ar_assets.node_worker import NodeWorker
from ar_assets.profiles import Profile
from ar_assets.quality import Choice, Reference, choose
from ar_assets.transforms.compress import Compress
from ar_assets.transforms.recipe import Baked, Recipe, bake
from ar_assets.transforms.simplify import Simplify
from ar_assets.transforms.textures import TextureEncoder, Textures

_SMALL, _STRONG, _USUAL, _MILD, _LAST = "small", "strong", "usual", "mild", "faithful"
_SMALLEST_PX = 256
_LARGEST_ERROR = 0.05
"""Where the number of triangles must fall, the surface may move by this part of the largest side and no further."""


def optimise(
    plain: Path,
    out: Path,
    profile: Profile,
    reference: Reference,
    statistics: dict[str, Any],
    worker: NodeWorker,
    encoder: TextureEncoder,
) -> Choice:
    """Write ``out`` by the profile: the smallest file of the ladder that looks like the input (`quality.choose`).

    ``statistics`` are those of ``plain``. Raises: Refused (broken_picture), StepFailed, WorkerLost.
    """
    folder = out.parent

    def make(recipe: Recipe, attempt: int) -> tuple[Baked, Path]:
        made = bake(plain, recipe, folder / f"{profile.name}-{attempt}.glb", worker, encoder)
        return made, decoded(made.path, folder / f"{profile.name}-{attempt}-decoded.glb", worker)

    choice = choose(ladder(profile, int(statistics["triangles"])), profile, make, reference)
    if choice.baked.bytes > profile.max_bytes:
        choice = _shrunk(choice, profile, make, reference)
    choice.baked.path.replace(out)
    return replace(choice, baked=replace(choice.baked, path=out))


def decoded(glb: Path, out: Path, worker: NodeWorker) -> Path:
    """``glb`` as a plain file again, as a player's decoder sees it. Raises: StepFailed, WorkerLost."""
    worker.run("import", source=str(glb), format="glb", out=str(out))
    return out


def ladder(profile: Profile, triangles: int) -> Iterator[Recipe]:
    """Recipes for a model of so many triangles, strongest first.

    A level of detail that loses too much (thin frames do) is tried with more of its triangles.
    """
    most = profile.max_triangles / max(triangles, 1)
    px, draws = profile.max_texture_px, profile.max_draw_calls
    bits = Compress(16, 12, 14)
    if profile.detail < 1.0:
        for detail in (profile.detail, 1.4 * profile.detail):
            part = Simplify(ratio=min(detail, most), error=_LARGEST_ERROR)
            yield Recipe(_SMALL, Textures(px, 55, 70, 55), part, bits, draws)
        return
    thin = Simplify(ratio=most, error=_LARGEST_ERROR) if most < 1.0 else None
    fine, faithful = thin or Simplify(error=1e-4), thin or Simplify(error=3e-5)
    yield Recipe(_SMALL, Textures(px, 55, 70, 55), fine, bits, draws)
    yield Recipe(_STRONG, Textures(px, 77, 84, 76), fine, bits, draws)
    yield Recipe(_USUAL, Textures(px, 86, 91, 85), fine, bits, draws)
    yield Recipe(_MILD, Textures(px, 90, 94, 89), faithful, bits, draws)
    yield Recipe(_LAST, Textures(px, 97, 98, 96), thin, bits, draws)


def _shrunk(
    choice: Choice, profile: Profile, make: Callable[[Recipe, int], tuple[Baked, Path]], reference: Reference
) -> Choice:
    """Nothing of the ladder was small enough: halve the textures until it is; the limit outranks the guard."""
    recipe, attempts = choice.recipe, choice.attempts
    while recipe.textures.max_px > _SMALLEST_PX:
        textures = replace(recipe.textures, max_px=recipe.textures.max_px // 2, colour=80, normal=86, data=75)
        recipe = replace(recipe, name=f"{textures.max_px} px", textures=textures)
        made, plain = make(recipe, attempts)
        attempts += 1
        if made.bytes <= profile.max_bytes:
            found = reference.compare(plain)
            return Choice(made, recipe, found, attempts, is_good=found.holds(profile))
    raise StepFailed("optimise", f"{profile.name}: {choice.baked.bytes} bytes, {profile.max_bytes} are allowed")
