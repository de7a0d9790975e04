"""The show as a whole: who is on, the announcement, applause, and what a late joiner needs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stream_server.shows.model import MAX_ANNOUNCEMENT_CHARS, Presenter, ShowStatus
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Clock, Command, Event
from stream_server.signaling.messages.chat import ChatLine
from stream_server.signaling.messages.commerce import PinnedProduct


class Like(Command):
    """Applause; a client sums up the taps of a second."""

    type: Literal["like"] = "like"
    count: int = Field(ge=1, le=20)


class Announce(Command):
    """Host: set the announcement strip; an empty text removes it."""

    type: Literal["announce"] = "announce"
    text: str = Field(max_length=MAX_ANNOUNCEMENT_CHARS)


class ShowState(Message):
    """Everything a late joiner needs; the fold of all events up to ``Welcome.seq``."""

    show_id: str
    title: dict[str, str]
    """Language tag → text."""
    host_name: str
    host_picture_url: str | None
    status: ShowStatus
    starts_at: str | None
    pins: list[PinnedProduct]
    """In order of pinning, newest last."""
    sold_out: list[str]
    """Product ids marked by the host."""
    announcement: str
    slow_mode_s: int
    blocked: bool
    """True when you may not chat in this show."""
    likes: int
    viewers: int
    chat: list[ChatLine]
    """The last 50 lines that were not deleted, oldest first."""
    rundown: list[str]
    """Product ids in the planned order."""
    presenter: Presenter = "human"
    """Who is in the picture."""


class StatusChanged(Event):
    """The show went live, away or ended."""

    type: Literal["status"] = "status"
    status: ShowStatus


class PresenterChanged(Event):
    """Somebody else is in the picture from now on: the host, or the AI host that stands in."""

    type: Literal["presenter"] = "presenter"
    presenter: Presenter


class AnnouncementChanged(Event):
    """The announcement strip from now on; empty hides it."""

    type: Literal["announcement"] = "announcement"
    text: str


class Counters(Message):
    """Likes and viewers, at most once a second; not sequenced, the newest counts."""

    type: Literal["counters"] = "counters"
    likes: int
    viewers: int
    clock: Clock


class Ingest(Message):
    """To the host: how the picture arrives at the server; not sequenced."""

    type: Literal["ingest"] = "ingest"
    bitrate_bps: int
    loss: float
    width_px: int
    height_px: int
    fps: float
