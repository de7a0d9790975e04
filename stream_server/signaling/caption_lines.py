"""Captions on the wire: what is said, cut into cues on the show clock; and how the host is listened to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stream_server.captions.listening import ListeningState as ListeningState
from stream_server.captions.model import MAX_MARKS
from stream_server.signaling.message import Message

ShowMs = Annotated[int, Field(ge=0, lt=2**53)]
Offset = Annotated[int, Field(ge=0, lt=10_000)]
Pair = Annotated[list[ShowMs], Field(min_length=2, max_length=2)]
"""A character of the text and a time in ms: from there on it is spoken from then on."""
Marks = Annotated[list[Pair], Field(min_length=1, max_length=MAX_MARKS)]


class CaptionCue(Message):
    """What is to be read for a while."""

    start_ms: int
    """Show clock."""
    end_ms: int
    text: str
    marks: list[list[int]]
    """Pairs of a character and the ms from ``start_ms`` at which the text from there on is spoken."""


class HostHearing(Message):
    """How the host is listened to at this moment."""

    state: ListeningState
    language: str = Field(max_length=20)
    """What is listened for; a primary subtag."""
    engine: str = Field(max_length=80)
    """The recogniser; empty when there is none for the language."""
    left_out_s: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
    """Seconds of speech that nobody had time for, since the listener began."""
    hears_commands: bool
    """Whether what the host says to the studio is done."""


HeardCommand = Literal["next_product", "previous_product", "show_price", "pin", "unpin", "sold_out", "try_on"]
"""What a host can say to the studio."""


class VoiceStep(Message):
    """One command of the live channel, in short."""

    act: Literal["pin", "unpin", "sold_out", "in_stock"]
    product_id: str = Field(min_length=1, max_length=40)
