"""Captions on the wire: what is said, cut into cues on the show clock."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

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
