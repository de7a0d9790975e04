"""Nothing is repeated before everything else was said."""

from __future__ import annotations

from itertools import pairwise

from avatar.wording.variation import Variation


def test_all_variants_come_before_one_comes_again() -> None:
    variation = Variation(3)
    for _ in range(20):
        assert {variation.next("greet", 4) for _ in range(4)} == {0, 1, 2, 3}


def test_no_variant_comes_twice_in_a_row() -> None:
    variation = Variation(3)
    said = [variation.next("greet", 3) for _ in range(300)]
    assert all(first != second for first, second in pairwise(said))


def test_the_same_seed_gives_the_same_show() -> None:
    first, second = Variation(7), Variation(7)
    assert [first.next("k", 5) for _ in range(50)] == [second.next("k", 5) for _ in range(50)]


def test_a_single_variant_is_all_there_is() -> None:
    assert Variation(1).next("k", 1) == 0
