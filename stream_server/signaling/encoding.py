"""From the features' own words to the messages of the live channel."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from stream_server.audience.people import Person, may_control, may_moderate
from stream_server.chat.model import ChatRoom, Line
from stream_server.clock import Clock as SystemTime
from stream_server.shows.events import Aside, Event
from stream_server.shows.model import Show, ShowRecord
from stream_server.signaling.messages import ChatLine, Clock, PinnedProduct, ShowState, TranslatedLine, You


def iso(moment: datetime) -> str:
    """``2026-11-01T12:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_text(event: Event) -> str:
    """An event as it travels: the row's fields are the message's fields."""
    message = {"type": event.type, "seq": event.seq, "at_ms": event.at_ms, **event.payload}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def aside_text(aside: Aside) -> str:
    """An aside as it travels: without number and show clock."""
    return json.dumps({"type": aside.type, **aside.payload}, ensure_ascii=False, separators=(",", ":"))


def clock_now(clock: SystemTime, show_ms: int) -> Clock:
    """The two clocks."""
    return Clock(show_ms=show_ms, server_time=iso(clock.now()))


def you(person: Person | None, record: ShowRecord) -> You:
    """Who somebody is in a show."""
    return You(
        id=person.id if person else "",
        name=person.name if person else "",
        role=person.role if person else "viewer",
        owns_show=may_control(person, record),
        moderates=may_moderate(person, record),
    )


def translated_line(chat: ChatRoom, line: Line, language: str) -> TranslatedLine | None:
    """How a line reads in a language, if it was translated."""
    known = chat.translation(line.message_id, language)
    return None if known is None else TranslatedLine.model_validate(known.as_payload())


def _chat_line(chat: ChatRoom, line: Line, language: str) -> ChatLine:
    return ChatLine.model_validate({**line.as_payload(), "translation": translated_line(chat, line, language)})


def show_state(
    record: ShowRecord, show: Show, chat: ChatRoom, person: Person | None, language: str, *, likes: int, viewers: int
) -> ShowState:
    """Everything a late joiner needs who reads ``language`` (a primary subtag)."""
    return ShowState(
        show_id=record.show_id,
        title=record.plan.title,
        host_name=record.host.name,
        host_picture_url=record.host.picture_url,
        status=show.status,
        starts_at=iso(record.plan.starts_at) if record.plan.starts_at else None,
        pins=[PinnedProduct(product_id=pin.product_id, at_ms=pin.at_ms) for pin in show.pins],
        sold_out=list(show.sold_out),
        announcement=show.announcement,
        slow_mode_s=chat.slow_mode_s,
        blocked=person is not None and person.id in chat.blocked,
        likes=likes,
        viewers=viewers,
        chat=[_chat_line(chat, line, language) for line in chat.shown()],
        rundown=list(record.plan.rundown),
        presenter=show.presenter,
    )
