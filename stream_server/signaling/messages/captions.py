"""Captions: what is said, word by word, in the languages of those who read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stream_server.captions.model import MAX_CAPTION_CHARS, MAX_TRANSLATIONS
from stream_server.signaling.caption_lines import CaptionCue, Marks, ShowMs
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Command, Event, Id
from stream_server.translation.model import Trust


class PrepareCaption(Command):
    """Whoever captions the show: this will be said soon, so that translating has a head start."""

    type: Literal["caption.prepare"] = "caption.prepare"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    translations: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=MAX_CAPTION_CHARS)]],
        Field(max_length=MAX_TRANSLATIONS),
    ] = {}
    """Language (primary subtag) → the same, where the speaker's script knows it."""


class TellCaption(Command):
    """Whoever captions the show: this is being said, and when each of its words is heard. Kept with the show."""

    type: Literal["caption.said"] = "caption.said"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    marks: Marks
    """Pairs of a character of the text and the show clock at which it is spoken from there on; the first is 0."""
    end_ms: ShowMs
    is_heard: bool = False
    """Recognised from a voice: what it says is over already, and may be misheard."""


class GrowCaption(Command):
    """Whoever captions the show: so much was said so far; fields as in `TellCaption`, which follows. Not kept."""

    type: Literal["caption.grow"] = "caption.grow"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    marks: Marks
    end_ms: ShowMs


class StopCaption(Command):
    """Whoever captions the show: the speaker was interrupted; what was to come after ``until_ms`` is not said."""

    type: Literal["caption.stop"] = "caption.stop"
    utterance_id: Id
    until_ms: ShowMs


class CaptionSaid(Event):
    """What is said now, in one language. The spoken one is everybody's, a translation goes to those who read it.

    Shown by the times of its cues, whenever it comes.
    """

    type: Literal["caption"] = "caption"
    utterance_id: str
    language: str
    """Primary subtag of the language that it is in."""
    is_spoken: bool
    trust: Trust
    cues: list[CaptionCue]
    is_heard: bool = False
    """Recognised from a voice: it comes after its words, and is shown by when it came."""


class CaptionCut(Event):
    """The speaker was interrupted: captions of that utterance end at ``until_ms``, in every language."""

    type: Literal["caption_cut"] = "caption_cut"
    utterance_id: str
    until_ms: int


class CaptionGrowing(Message):
    """What was said so far of an utterance that goes on; `CaptionSaid` follows. Not sequenced, the newest counts."""

    type: Literal["caption_growing"] = "caption_growing"
    utterance_id: str
    language: str
    is_spoken: bool
    trust: Trust
    cues: list[CaptionCue]
    is_heard: bool
