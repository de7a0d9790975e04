"""What the live channel says, as events of the show that a host reacts to. Pure; one `ShowNews` per show."""

from __future__ import annotations

from avatar.model import (
    ChatAsked,
    Event,
    OrderMilestone,
    ProductPinned,
    StockLow,
    ViewersArrived,
)
from stream_server.signaling.messages import (
    ChatSaid,
    Counters,
    OrderPlaced,
    PinsChanged,
    ServerMessage,
    ShowState,
    StockChanged,
)

LOW_STOCK = 5
MILESTONES = (1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
WAVE = 3
"""More viewers than a moment ago by so many are greeted."""


class ShowNews:
    """Turns messages into events. Remembers little: viewers, orders, newest card, and who is low."""

    def __init__(self, own_id: str) -> None:
        """``own_id``: the person the host acts as; its own lines and pins are no news to it."""
        self._own_id = own_id
        self._own_pins: set[str] = set()
        self._viewers = 0
        self._orders = 0
        self._newest: str | None = None
        self._low: dict[str, int] = {}

    def began(self, state: ShowState) -> None:
        """The whole state, on connecting: nothing in it is new."""
        self._viewers = state.viewers
        self._newest = state.pins[-1].product_id if state.pins else None

    def pinning(self, product_id: str) -> None:
        """The host itself is about to pin this."""
        self._own_pins.add(product_id)

    def of(self, message: ServerMessage) -> list[Event]:
        """The events in a message."""
        match message:
            case ChatSaid(line=line) if line.author.id != self._own_id and line.author.role == "viewer":
                return [ChatAsked(line.message_id, line.author.name, line.text)]
            case Counters(viewers=viewers):
                came, self._viewers = viewers - self._viewers, viewers
                return [ViewersArrived(came)] if came >= WAVE else []
            case PinsChanged(pins=pins):
                return self._pinned(pins[-1].product_id if pins else None)
            case StockChanged(product_id=product_id, variants=variants):
                return self._stock(product_id, sum(variant.left for variant in variants))
            case OrderPlaced():
                self._orders += 1
                return [OrderMilestone(self._orders)] if self._orders in MILESTONES else []
        return []

    def _pinned(self, newest: str | None) -> list[Event]:
        before, self._newest = self._newest, newest
        if newest is None or newest == before:
            return []
        if newest in self._own_pins:
            self._own_pins.discard(newest)
            return []
        return [ProductPinned(newest)]

    def _stock(self, product_id: str, left: int) -> list[Event]:
        before = self._low.get(product_id, LOW_STOCK + 1)
        if left > LOW_STOCK:
            self._low.pop(product_id, None)
            return []
        self._low[product_id] = left
        return [StockLow(product_id, left)] if 0 < left <= LOW_STOCK < before else []
