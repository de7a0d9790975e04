"""The chat: saying, translating and moderating."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stream_server.audience.people import Role
from stream_server.captions.model import MAX_TRANSLATIONS
from stream_server.chat.model import MAX_CHAT_CHARS, MAX_SLOW_MODE_S
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Command, Event, Id
from stream_server.translation.model import Trust


class SendChat(Command):
    """Say something in the chat."""

    type: Literal["chat.send"] = "chat.send"
    text: str = Field(min_length=1, max_length=MAX_CHAT_CHARS)
    translations: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=MAX_CHAT_CHARS)]],
        Field(max_length=MAX_TRANSLATIONS),
    ] = {}
    """From the AI host alone: language (primary subtag) → the same, made of the same facts."""


class DeleteChat(Command):
    """Moderator or host: take a chat line away."""

    type: Literal["chat.delete"] = "chat.delete"
    message_id: Id


class BlockPerson(Command):
    """Moderator or host: a person may no longer chat in this show; their lines disappear."""

    type: Literal["chat.block"] = "chat.block"
    person_id: Id


class SetSlowMode(Command):
    """Moderator or host: seconds each viewer must wait between lines; 0 turns it off."""

    type: Literal["chat.slow_mode"] = "chat.slow_mode"
    seconds: int = Field(ge=0, le=MAX_SLOW_MODE_S)


class Author(Message):
    """Who said something."""

    id: str
    name: str
    role: Role


class TranslatedLine(Message):
    """A line of chat as readers of another language get it. The original stays in `ChatLine`."""

    message_id: str
    text: str
    trust: Trust


class ChatLine(Message):
    """One line of chat."""

    message_id: str
    author: Author
    text: str
    at_ms: int
    sent_at: str
    """ISO 8601, UTC."""
    language: str = "und"
    """Primary subtag of what it is written in; ``und`` when that cannot be told."""
    translation: TranslatedLine | None = None
    """In your language, when it is there already (in `ShowState` only; later it comes as `ChatTranslated`)."""


class SlowModeChanged(Event):
    """Seconds between two lines of one viewer from now on."""

    type: Literal["slow_mode"] = "slow_mode"
    seconds: int


class ChatSaid(Event):
    """A new line of chat."""

    type: Literal["chat"] = "chat"
    line: ChatLine


class ChatTranslated(Event):
    """Lines said a moment ago, for those who read ``language``. Under a flood some lines never get theirs."""

    type: Literal["chat_translated"] = "chat_translated"
    language: str
    """Primary subtag."""
    lines: list[TranslatedLine]


class ChatDeleted(Event):
    """Lines to take away."""

    type: Literal["chat_deleted"] = "chat_deleted"
    message_ids: list[str]


class PersonBlocked(Event):
    """A person may no longer chat here (sent to that person and to moderators)."""

    type: Literal["blocked"] = "blocked"
    person_id: str


class ChatTranslations(Message):
    """After `SetLanguage`: what is known of the last lines in the new language; not sequenced."""

    type: Literal["chat_translations"] = "chat_translations"
    language: str
    lines: list[TranslatedLine]
