"""The guard: equal is perfect, noise costs, and the first recipe that is good enough is taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ar_assets.profiles import Profile
from ar_assets.quality import IDENTICAL_DB, Likeness, Reference, choose, likeness
from ar_assets.render import Picture
from ar_assets.transforms.recipe import Baked, Recipe

PROFILE = Profile("web", 1000, 100, 64, 20, min_psnr_db=30, min_ssim=0.9)


def picture(noise: float = 0.0) -> Picture:
    """A disc on transparent ground, with noise."""
    y, x = np.mgrid[0:64, 0:64]
    disc = (x - 32) ** 2 + (y - 32) ** 2 < 500
    shade = 120 + 60 * np.sin(x / 5) + np.random.default_rng(3).normal(0, noise, (64, 64))
    grey = np.clip(shade, 0, 255).astype(np.uint8)
    return np.dstack([grey, grey, grey, disc.astype(np.uint8) * 255])


def test_equal_pictures_are_perfectly_alike() -> None:
    found = likeness([picture()], [picture()])
    assert found.worst_psnr_db == IDENTICAL_DB
    assert found.worst_ssim == pytest.approx(1.0)


def test_noise_costs_what_its_strength_says() -> None:
    found = likeness([picture()], [picture(5.0)])
    assert found.worst_psnr_db == pytest.approx(20 * np.log10(255 / 5.0), abs=0.6)
    assert found.worst_ssim < 0.99


def test_background_flatters_nobody() -> None:
    small, noisy = picture(), picture(8.0)
    around = ((0, 64), (0, 64), (0, 0))
    alone = likeness([small], [noisy])
    wide = likeness([np.pad(small, around)], [np.pad(noisy, around)])
    assert wide.worst_psnr_db == pytest.approx(alone.worst_psnr_db)


def test_lost_coverage_counts() -> None:
    gone = picture().copy()
    gone[..., 3] = 0
    assert likeness([picture()], [gone]).worst_psnr_db < 20


class Answers(Reference):
    """A reference that was told what each attempt looks like."""

    def __init__(self, *psnr_db: float) -> None:
        self._answers = [Likeness((one,), (0.99,)) for one in psnr_db]

    def compare(self, plain: Path) -> Likeness:
        return self._answers[int(plain.name)]


def made(size: int, triangles: int = 10) -> Baked:
    return Baked(Path("x"), size, {"triangles": triangles})


RECIPES = [Recipe(name) for name in ("strong", "usual", "faithful")]


def test_first_recipe_that_looks_right_is_taken_when_more_would_not_show() -> None:
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(100 * n), Path(str(n))), Answers(20, 35, 36))
    assert (choice.recipe.name, choice.attempts, choice.is_good) == ("usual", 3, True)


def test_bytes_are_spent_where_they_are_seen() -> None:
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(100 * n), Path(str(n))), Answers(35, 36, 50))
    assert (choice.recipe.name, choice.attempts) == ("strong", 2)
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(100 * n), Path(str(n))), Answers(35, 38, 41))
    assert (choice.recipe.name, choice.attempts) == ("faithful", 3)


def test_what_would_be_too_large_is_never_worth_it() -> None:
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(900 * (n + 1)), Path(str(n))), Answers(35, 90, 95))
    assert (choice.recipe.name, choice.attempts) == ("strong", 2)


def test_too_many_triangles_are_not_good_enough() -> None:
    choice = choose(
        RECIPES, PROFILE, lambda recipe, n: (made(100, 500 if n == 0 else 50), Path(str(n))), Answers(40, 40, 40)
    )
    assert choice.recipe.name == "usual"


def test_when_none_looks_right_the_closest_within_the_limit_is_taken() -> None:
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(400 * (n + 1)), Path(str(n))), Answers(20, 25, 29))
    assert (choice.recipe.name, choice.is_good) == ("usual", False)


def test_when_none_is_within_the_limit_the_smallest_is_taken() -> None:
    choice = choose(RECIPES, PROFILE, lambda recipe, n: (made(2000 + n), Path(str(n))), Answers(40, 41, 42))
    assert (choice.recipe.name, choice.is_good) == ("strong", False)
