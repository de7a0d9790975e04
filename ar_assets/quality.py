"""The quality guard: does the small file still look like the input? If not, step back to a milder recipe.

Judged on rendered views from all around, on the pixels that the product covers in either picture: a background that is
equal everywhere would flatter every small product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ar_assets.profiles import Profile
from ar_assets.render import Frame, Picture, frame_of, views
from ar_assets.transforms.recipe import Baked, Recipe

VIEWS = 6
VIEW_PX = 256
IDENTICAL_DB = 99.0
"""Stands for the infinite PSNR of two equal pictures, so that means stay finite."""
_WINDOW = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """How close two sets of views are. PSNR in dB and SSIM (structural similarity, at most 1) per view."""

    psnr_db: tuple[float, ...]
    ssim: tuple[float, ...]

    @property
    def worst_psnr_db(self) -> float:
        """Of the worst view."""
        return min(self.psnr_db)

    @property
    def mean_psnr_db(self) -> float:
        """Over the views."""
        return sum(self.psnr_db) / len(self.psnr_db)

    @property
    def worst_ssim(self) -> float:
        """Of the worst view."""
        return min(self.ssim)

    def holds(self, profile: Profile) -> bool:
        """Whether every view is good enough for the profile."""
        return self.worst_psnr_db >= profile.min_psnr_db and self.worst_ssim >= profile.min_ssim


@dataclass(frozen=True)
class Choice:
    """What the guard chose. ``is_good``: it holds the profile's bounds; else it is the closest there was."""

    baked: Baked
    recipe: Recipe
    likeness: Likeness
    attempts: int
    is_good: bool


class Reference:
    """The input's views, rendered once and held against every attempt."""

    def __init__(self, plain: Path, count: int = VIEWS, size: int = VIEW_PX) -> None:
        self._count, self._size = count, size
        self.frame: Frame = frame_of(plain)
        self.pictures: list[Picture] = views(plain, count, size, frame=self.frame)
        self._known: dict[bytes, Likeness] = {}

    def compare(self, plain: Path) -> Likeness:
        """Render ``plain`` (decoded) from the same places and compare; equal files are rendered once."""
        content = hashlib.sha256(plain.read_bytes()).digest()
        if content not in self._known:
            self._known[content] = likeness(self.pictures, self.render(plain))
        return self._known[content]

    def render(self, plain: Path) -> list[Picture]:
        """The same views of another file."""
        return views(plain, self._count, self._size, frame=self.frame)


def likeness(before: Sequence[Picture], after: Sequence[Picture]) -> Likeness:
    """Compare pictures pair by pair on the pixels covered in either."""
    pairs = [_pair(one, other) for one, other in zip(before, after, strict=True)]
    return Likeness(tuple(_psnr(*pair) for pair in pairs), tuple(_ssim(*pair) for pair in pairs))


def choose(
    recipes: Iterable[Recipe],
    profile: Profile,
    make: Callable[[Recipe, int], tuple[Baked, Path]],
    reference: Reference,
) -> Choice:
    """Climb ``recipes`` (smallest file first) to the first that holds the profile's limits and looks like the input.

    And on for as long as what is gained is worth its bytes (`Profile.worth_bytes_per_db`): so bytes go to the models
    where they are seen; a shoe with fine prints gains 5 dB by twice its bytes, a velvet sofa nothing.

    ``make`` bakes a recipe (second argument: number of the attempt) and gives the file and its decoded form. When none
    holds, the closest of those within the limits is taken, or the smallest when none is.
    """
    tried: list[tuple[Baked, Recipe, Likeness]] = []
    good: tuple[Baked, Recipe, Likeness] | None = None
    for attempt, recipe in enumerate(recipes):
        baked, decoded = make(recipe, attempt)
        fits = baked.bytes <= profile.max_bytes and baked.statistics["triangles"] <= profile.max_triangles
        found = reference.compare(decoded)
        tried.append((baked, recipe, found))
        if not fits or not found.holds(profile):
            if good is not None:
                break
        elif good is None or _is_worth_it(good, tried[-1], profile):
            good = tried[-1]
        else:
            break
        if good is not None and not profile.worth_bytes_per_db:
            break
    if good is not None:
        return Choice(*good, len(tried), is_good=True)
    if not tried:
        raise ValueError("no recipes")
    within = [one for one in tried if one[0].bytes <= profile.max_bytes]
    best = max(within, key=lambda one: one[2].worst_psnr_db) if within else min(tried, key=lambda one: one[0].bytes)
    return Choice(*best, len(tried), is_good=False)


def _is_worth_it(
    before: tuple[Baked, Recipe, Likeness], after: tuple[Baked, Recipe, Likeness], profile: Profile
) -> bool:
    """Whether the step's decibels (mean of the views) pay for its bytes."""
    gained_db = after[2].mean_psnr_db - before[2].mean_psnr_db
    return after[0].bytes - before[0].bytes < gained_db * profile.worth_bytes_per_db


def _pair(one: Picture, other: Picture) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Both over grey (so that lost coverage shows), and the pixels that either covers."""
    covered = (one[..., 3] > 0) | (other[..., 3] > 0)
    return _over_grey(one), _over_grey(other), covered


def _over_grey(picture: Picture) -> Floats:
    alpha = picture[..., 3:].astype(np.float64) / 255
    return np.asarray(picture[..., :3] * alpha + 128 * (1 - alpha))


def _psnr(one: Floats, other: Floats, covered: NDArray[np.bool_]) -> float:
    if not covered.any():
        return IDENTICAL_DB
    error = float(np.mean((one[covered] - other[covered]) ** 2))
    return IDENTICAL_DB if error == 0 else min(IDENTICAL_DB, float(10 * np.log10(255**2 / error)))


def _ssim(one: Floats, other: Floats, covered: NDArray[np.bool_]) -> float:
    """Wang et al. 2004 on luma with a square window of 8 pixels, averaged where the product is."""
    luma = np.array([0.2126, 0.7152, 0.0722])
    x, y = one @ luma, other @ luma
    mean_x, mean_y = _window(x), _window(y)
    var_x, var_y = _window(x * x) - mean_x**2, _window(y * y) - mean_y**2
    both = _window(x * y) - mean_x * mean_y
    score = ((2 * mean_x * mean_y + _C1) * (2 * both + _C2)) / ((mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2))
    where = _window(covered.astype(np.float64)) > 0.5
    return float(score[where].mean()) if where.any() else 1.0


def _window(values: Floats) -> Floats:
    """Mean over every window that fits, by sums of sums."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    n = _WINDOW
    return np.asarray((sums[n:, n:] - sums[:-n, n:] - sums[n:, :-n] + sums[:-n, :-n]) / n**2)
