"""What of the live channel is news to the AI host."""

from __future__ import annotations

from typing import Literal

from avatar.model import ChatAsked, OrderMilestone, ProductPinned, StockLow, ViewersArrived
from stream_server.signaling.messages import (
    Author,
    ChatLine,
    ChatSaid,
    Clock,
    Counters,
    OrderPlaced,
    PinnedProduct,
    PinsChanged,
    StockChanged,
    VariantStock,
)
from stream_server.virtual_host.news import ShowNews


def chat(person_id: str, role: Literal["viewer", "host"], text: str = "how much?") -> ChatSaid:
    author = Author(id=person_id, name="Ann", role=role)
    line = ChatLine(message_id="msg_1", author=author, text=text, at_ms=0, sent_at="2026-11-01T12:00:00Z")
    return ChatSaid(seq=1, at_ms=0, line=line)


def counters(viewers: int) -> Counters:
    return Counters(likes=0, viewers=viewers, clock=Clock(show_ms=0, server_time="2026-11-01T12:00:00Z"))


def pins(*product_ids: str) -> PinsChanged:
    return PinsChanged(seq=1, at_ms=0, pins=[PinnedProduct(product_id=id_, at_ms=0) for id_ in product_ids])


def stock(left: int) -> StockChanged:
    return StockChanged(seq=1, at_ms=0, product_id="mug", variants=[VariantStock(variant_id="v", left=left)])


def test_viewers_ask_hosts_and_the_ai_itself_do_not() -> None:
    news = ShowNews("mira")
    assert news.of(chat("guest_1", "viewer")) == [ChatAsked("msg_1", "Ann", "how much?")]
    assert news.of(chat("mira", "host")) == []
    assert news.of(chat("admin", "host")) == []


def test_many_newcomers_at_once_are_a_wave() -> None:
    news = ShowNews("mira")
    assert news.of(counters(2)) == []
    assert news.of(counters(6)) == [ViewersArrived(4)]
    assert news.of(counters(5)) == []


def test_a_pin_by_somebody_else_is_news_our_own_is_not() -> None:
    news = ShowNews("mira")
    news.pinning("mug")
    assert news.of(pins("mug")) == []
    assert news.of(pins("mug", "lamp")) == [ProductPinned("lamp")]
    assert news.of(pins("mug", "lamp")) == []


def test_stock_is_low_once_until_it_was_filled_up() -> None:
    news = ShowNews("mira")
    assert news.of(stock(30)) == []
    assert news.of(stock(4)) == [StockLow("mug", 4)]
    assert news.of(stock(3)) == []
    assert news.of(stock(0)) == []
    assert news.of(stock(40)) == []
    assert news.of(stock(5)) == [StockLow("mug", 5)]


def test_only_round_numbers_of_orders_are_milestones() -> None:
    news = ShowNews("mira")
    order = OrderPlaced(seq=1, at_ms=0, order_id="o", product_ids=[], total_minor=1, currency="USD", buyer_name="Ann")
    assert [news.of(order) for _ in range(5)] == [[OrderMilestone(1)], [], [], [], [OrderMilestone(5)]]
