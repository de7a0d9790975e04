"""What every message builds on: the version, the limits, and the bases of commands and events."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stream_server.signaling.message import Message

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 16 * 1024

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_\-]+$")]


class Command(Message):
    """A request; answered by `Ack` or `Problem` with the same ``ref``. Repeating a ``ref`` does nothing twice."""

    ref: str = Field(min_length=1, max_length=40)


class Clock(Message):
    """The show clock now; its 90 kHz form is the outgoing video RTP timestamp."""

    show_ms: int
    server_time: str


class Event(Message):
    """Base of everything that happened in the show: ``seq`` rises (not always by one); apply at ``at_ms``."""

    seq: int
    at_ms: int
