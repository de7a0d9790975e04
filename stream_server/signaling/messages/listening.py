"""Listening to a human host: for captions, and for what is said to the studio."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stream_server.signaling.caption_lines import HeardCommand, HostHearing, VoiceStep
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Command, Event


class SetListening(Command):
    """Host: caption what I say, in this language, or do not."""

    type: Literal["listening.set"] = "listening.set"
    is_on: bool
    language: str = Field(default="", max_length=20)
    """What is spoken; empty: the first language of the show's title."""


class TellListening(Command):
    """The listener alone: how the host is listened to, whenever it changes and every few seconds."""

    type: Literal["listening.state"] = "listening.state"
    hearing: HostHearing


class TellHeardCommand(Command):
    """The listener alone: the host said something to the studio, and it was done."""

    type: Literal["voice.heard"] = "voice.heard"
    heard: HeardCommand
    product_id: str | None = Field(default=None, max_length=40)
    """What it was done to; None: there was nothing to do it to."""
    undo: Annotated[list[VoiceStep], Field(max_length=4)] = []
    """What takes it back, in this order; empty where nothing can."""


class ListeningSet(Event):
    """Whether the host is listened to from now on (sent to the show's host and to admins)."""

    type: Literal["listening"] = "listening"
    is_on: bool
    language: str


class ListeningNow(Message):
    """To the show's host and admins: how the host is listened to; not sequenced, the newest counts."""

    type: Literal["listening_state"] = "listening_state"
    hearing: HostHearing


class VoiceCommandDone(Message):
    """To the show's host and admins: what was heard and done; fields as in `TellHeardCommand`. Not sequenced."""

    type: Literal["voice_command"] = "voice_command"
    heard: HeardCommand
    product_id: str | None
    undo: list[VoiceStep]
