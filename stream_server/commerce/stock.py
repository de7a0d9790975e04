"""The rules of stock: how many are there, how many of them are promised to somebody, never below zero.

The SQL store states the same rules as guarded single statements; the contract tests hold both to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stream_server.ids import ProductId, VariantId

MAX_ON_HAND = 1_000_000


@dataclass(frozen=True)
class VariantLeft:
    """How many of a variant can be reserved right now."""

    product_id: ProductId
    variant_id: VariantId
    left: int


class NotEnough(ValueError):
    """A movement would take more than there is; stores turn it into the error that fits."""


@dataclass(frozen=True)
class StockLevel:
    """Pieces of one variant: on hand, and of these reserved by open checkouts."""

    on_hand: int
    reserved: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.reserved <= self.on_hand <= MAX_ON_HAND:
            raise NotEnough(f"{self.reserved} reserved of {self.on_hand}")

    @property
    def left(self) -> int:
        """What a buyer can still reserve."""
        return self.on_hand - self.reserved

    def reserve(self, count: int) -> StockLevel:
        """Promise pieces to a checkout. Raises: NotEnough."""
        return replace(self, reserved=self.reserved + count)

    def release(self, count: int) -> StockLevel:
        """Give promised pieces back. Raises: NotEnough."""
        return replace(self, reserved=self.reserved - count)

    def sell(self, count: int) -> StockLevel:
        """Promised pieces leave the house. Raises: NotEnough."""
        return StockLevel(self.on_hand - count, self.reserved - count)

    def change(self, count: int) -> StockLevel:
        """Pieces arrive, or (negative) leave without having been reserved. Raises: NotEnough."""
        return replace(self, on_hand=self.on_hand + count)
