"""Which media process takes the next publisher or viewer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What one media process has to do, as far as the web process that asks knows."""

    process: int
    publishers: int
    viewers: int
    """Of all shows, with those that are joining right now."""
    carries_show: bool = False
    """Somebody of the show in question is there already, so that its packets are, too."""


def order_for_viewer(loads: Sequence[Load]) -> list[int]:
    """The processes to ask, the best first: with the fewest viewers; among equals one that has the show already."""
    best = sorted(loads, key=lambda load: (load.viewers, not load.carries_show, load.publishers, load.process))
    return [load.process for load in best]


def order_for_publisher(loads: Sequence[Load], holder: int | None) -> list[int]:
    """The processes to ask, the best first: the one that has the show's publisher, else with the fewest of them.

    A publisher who comes back to its own process is one replacement there, not one here and an end elsewhere.
    """
    best = sorted(loads, key=lambda load: (load.process != holder, load.publishers, load.viewers, load.process))
    return [load.process for load in best]
