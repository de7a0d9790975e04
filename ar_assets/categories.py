"""What kind of product a model is: decides where it is put (worn, placed), its anchors and which files are made."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """Kind of product, as in ``facts.json``, REST and the console."""

    GLASSES = "glasses"
    HAT = "hat"
    EARRING = "earring"
    NECKLACE = "necklace"
    LIPSTICK = "lipstick"
    WATCH = "watch"
    BRACELET = "bracelet"
    RING = "ring"
    SHOE = "shoe"
    CLOTHING = "clothing"
    FURNITURE = "furniture"
    OTHER = "other"

    @property
    def is_worn(self) -> bool:
        """Whether a person can try it on, so that the smaller ``try_on`` file is made."""
        return self not in (Category.FURNITURE, Category.OTHER, Category.LIPSTICK)

    @property
    def needs_model(self) -> bool:
        """Lipstick is a shade and a finish on the viewer's own lips; it has no shape to upload."""
        return self is not Category.LIPSTICK


class Placement(StrEnum):
    """What a product stands on or hangs from in a room."""

    FLOOR = "floor"
    WALL = "wall"
    TABLE = "table"
