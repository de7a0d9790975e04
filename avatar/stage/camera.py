"""Shots and cuts: where the figure, the product and the writing are in the picture, in both formats.

Laid out for 1280 × 720 and 720 × 1280 and scaled from there. On a phone the player puts its bar over the top 155 lines,
the rail over the lower right, chat and product card over the lower 40 %, and a long phone cuts 65 columns off each
side: nothing that matters is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avatar.performance import Moment

Shot = Literal["medium", "close"]
Rect = tuple[float, float, float, float]
"""x, y, width, height."""

SHORTEST_S = 6.0
"""A shot stands at least so long."""


@dataclass(frozen=True)
class Framing:
    """One shot in one format, in the format's own pixels."""

    width: int
    height: int
    scale: float
    """Pixels per unit of the figure."""
    x: float
    y: float
    """Where the figure's origin (between the eyes) is."""
    product: Rect
    """The picture of the product on its stand."""
    question: Rect
    """Where a viewer's question may be shown; its height is the most it may take."""
    label: tuple[float, float]
    """Upper left corner of the "AI host" label."""
    label_size: float
    arch: tuple[float, float, float]
    """Middle, top and half width of the lit niche behind her."""

    @property
    def product_at(self) -> tuple[float, float]:
        """The middle of the product's picture, in the figure's units."""
        x, y, width, height = self.product
        return (x + width / 2 - self.x) / self.scale, (y + height / 2 - self.y) / self.scale

    @property
    def desk_y(self) -> float:
        """The desk's far edge."""
        return self.y + self.scale * 462


FRAMINGS: dict[tuple[str, Shot], Framing] = {
    ("wide", "medium"): Framing(
        1280, 720, 0.86, 520, 226, (856, 170, 300, 300), (44, 112, 300, 200), (32, 28), 28, (520, 40, 262)
    ),
    ("wide", "close"): Framing(
        1280, 720, 1.3, 520, 318, (908, 190, 286, 286), (32, 112, 290, 220), (32, 28), 28, (520, -60, 360)
    ),
    ("tall", "medium"): Framing(
        720, 1280, 0.92, 292, 512, (446, 262, 196, 196), (78, 214, 340, 150), (78, 160), 22, (292, 300, 262)
    ),
    ("tall", "close"): Framing(
        720, 1280, 1.34, 310, 560, (454, 176, 188, 188), (78, 214, 352, 150), (78, 160), 22, (310, 236, 340)
    ),
}


def format_of(width: int, height: int) -> str:
    """``wide`` or ``tall``."""
    return "wide" if width >= height else "tall"


class Camera:
    """Chooses the shot; cuts only where an utterance begins."""

    def __init__(self) -> None:
        self.shot: Shot = "medium"
        self._since_s = 0.0
        self._seen: object = None
        self._close_next = False

    def choose(self, moment: Moment) -> Shot:
        """The shot for this frame."""
        spoken = moment.now
        if spoken is None or spoken is self._seen:
            return self.shot
        self._seen = spoken
        wide_gesture = spoken.gesture in ("wave", "point_product", "celebrate", "count_down")
        wanted: Shot = "medium"
        if not wide_gesture and spoken.beat in ("answer", "small_talk", "present", "recap"):
            # Never the same view for a whole product.
            wanted = "close" if spoken.beat == "answer" or self._close_next else "medium"
            self._close_next = not self._close_next
        if wanted != self.shot and (moment.at_s - self._since_s >= SHORTEST_S or wide_gesture):
            self.shot, self._since_s = wanted, moment.at_s
        return self.shot
