"""What a spoken command does, and what takes it back."""

from __future__ import annotations

import pytest

from stream_server.listening.orders import Floor, order_of
from stream_server.signaling.caption_lines import HeardCommand
from stream_server.signaling.messages import PinnedProduct, PinsChanged, PresenterChanged, SoldOutChanged, StatusChanged


def floor(*pins: str, last: str | None = None, sold_out: tuple[str, ...] = ()) -> Floor:
    made = Floor("live", "human", ("cup", "lamp", "chair"), list(pins), sold_out, last)
    if pins:
        made.last = pins[-1]
    return made


def done(heard: HeardCommand, on: Floor) -> tuple[list[str], list[str]]:
    """Commands and what takes them back, in words."""
    order = order_of(heard, on)
    commands = [f"{command.type} {getattr(command, 'product_id', '')}" for command in order.commands]
    return commands, [f"{step.act} {step.product_id}" for step in order.undo]


@pytest.mark.parametrize(
    ("heard", "on", "expected"),
    [
        ("next_product", floor("cup"), (["pin lamp", "unpin cup"], ["unpin lamp", "pin cup"])),
        ("next_product", floor(last="cup"), (["pin lamp"], ["unpin lamp"])),
        ("next_product", floor(), (["pin cup"], ["unpin cup"])),
        ("next_product", floor("chair"), ([], [])),
        ("previous_product", floor("lamp"), (["pin cup", "unpin lamp"], ["unpin cup", "pin lamp"])),
        ("previous_product", floor("cup"), ([], [])),
        ("next_product", floor("lamp", "cup"), (["pin lamp", "unpin cup"], ["pin cup"])),
        ("show_price", floor("cup"), (["pin cup"], [])),
        ("show_price", floor(last="lamp"), (["pin lamp"], ["unpin lamp"])),
        ("pin", floor(), (["pin cup"], ["unpin cup"])),
        ("unpin", floor("cup"), (["unpin cup"], ["pin cup"])),
        ("unpin", floor(last="cup"), ([], [])),
        ("sold_out", floor("lamp"), (["sold_out lamp"], ["in_stock lamp"])),
        ("sold_out", floor("lamp", sold_out=("lamp",)), ([], [])),
        ("try_on", floor("lamp"), (["try_on.invite lamp"], [])),
        ("pin", Floor(), ([], [])),
    ],
)
def test_a_command_does_what_the_button_does(
    heard: HeardCommand, on: Floor, expected: tuple[list[str], list[str]]
) -> None:
    assert done(heard, on) == expected


def test_the_floor_follows_the_live_channel() -> None:
    made = Floor(rundown=("cup", "lamp"))
    made.see(StatusChanged(seq=1, at_ms=0, status="live"))
    assert made.is_spoken_by_host
    made.see(PinsChanged(seq=2, at_ms=0, pins=[PinnedProduct(product_id="lamp", at_ms=0)]))
    made.see(PinsChanged(seq=3, at_ms=0, pins=[]))
    made.see(SoldOutChanged(seq=4, at_ms=0, product_ids=["cup"]))
    assert (made.current, made.pins, made.sold_out) == ("lamp", [], ["cup"])
    made.see(PresenterChanged(seq=5, at_ms=0, presenter="ai"))
    assert not made.is_spoken_by_host
