"""What a spoken command does: the same commands that the studio's buttons give, and what takes them back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stream_server.signaling.caption_lines import HeardCommand, VoiceStep
from stream_server.signaling.messages import (
    ClientCommand,
    InviteToTryOn,
    MarkSoldOut,
    Pin,
    PinsChanged,
    PresenterChanged,
    ServerMessage,
    ShowState,
    SoldOutChanged,
    StatusChanged,
    Unpin,
    Welcome,
)


@dataclass
class Floor:
    """What the listener knows of the show; `see` keeps it."""

    status: str = "scheduled"
    presenter: str = "human"
    rundown: Sequence[str] = ()
    pins: list[str] = field(default_factory=list)
    """Newest last."""
    sold_out: Sequence[str] = ()
    last: str | None = None
    """The product that was shown last, also when its card is gone."""

    @property
    def is_spoken_by_host(self) -> bool:
        """Whether what is heard is a person's: the AI host's words are captioned from its script."""
        return self.status == "live" and self.presenter == "human"

    def see(self, message: ServerMessage) -> None:
        """What the live channel says."""
        match message:
            case Welcome(state=ShowState() as state):
                self.status, self.presenter, self.rundown = state.status, state.presenter, state.rundown
                self.sold_out = state.sold_out
                self._pinned([pin.product_id for pin in state.pins])
            case PinsChanged(pins=pins):
                self._pinned([pin.product_id for pin in pins])
            case SoldOutChanged(product_ids=product_ids):
                self.sold_out = product_ids
            case PresenterChanged(presenter=presenter):
                self.presenter = presenter
            case StatusChanged(status=status):
                self.status = status

    def _pinned(self, product_ids: list[str]) -> None:
        self.pins = product_ids
        if product_ids:
            self.last = product_ids[-1]

    @property
    def current(self) -> str | None:
        """What the host talks about: the newest card, else the last one, else what comes first."""
        if self.pins:
            return self.pins[-1]
        if self.last in self.rundown:
            return self.last
        return self.rundown[0] if self.rundown else None


@dataclass(frozen=True)
class Order:
    """What is to be done."""

    commands: tuple[ClientCommand, ...] = ()
    """In this order; their ``ref`` is the sender's to give."""
    product_id: str | None = None
    undo: tuple[VoiceStep, ...] = ()


_REF = "-"


def order_of(heard: HeardCommand, floor: Floor) -> Order:
    """The order that a command means now; an empty one when there is nothing to do it to."""
    current = floor.current
    match heard:
        case "next_product" | "previous_product":
            return _turn(floor, 1 if heard == "next_product" else -1)
        case _ if current is None:
            return Order()
        case "show_price" | "pin":
            undo = () if current in floor.pins else (VoiceStep(act="unpin", product_id=current),)
            return Order((Pin(ref=_REF, product_id=current),), current, undo)
        case "unpin" if current in floor.pins:
            return Order((Unpin(ref=_REF, product_id=current),), current, (VoiceStep(act="pin", product_id=current),))
        case "sold_out" if current not in floor.sold_out:
            undo = (VoiceStep(act="in_stock", product_id=current),)
            return Order((MarkSoldOut(ref=_REF, product_id=current, sold_out=True),), current, undo)
        case "try_on":
            return Order((InviteToTryOn(ref=_REF, product_id=current),), current)
        case _:
            return Order()


def _turn(floor: Floor, step: int) -> Order:
    shown = floor.pins[-1] if floor.pins else floor.last
    at = floor.rundown.index(shown) + step if shown in floor.rundown else 0
    if not 0 <= at < len(floor.rundown):
        return Order()
    target = floor.rundown[at]
    commands: list[ClientCommand] = [Pin(ref=_REF, product_id=target)]
    undo: list[VoiceStep] = []
    if target not in floor.pins:
        undo.append(VoiceStep(act="unpin", product_id=target))
    if floor.pins and shown is not None and shown != target:
        commands.append(Unpin(ref=_REF, product_id=shown))
        undo.append(VoiceStep(act="pin", product_id=shown))
    return Order(tuple(commands), target, tuple(undo))
