"""What a chat room is: its last lines, who is blocked, how slow it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from stream_server.errors import Forbidden, Invalid, NotFound, TooMany
from stream_server.ids import MessageId, PersonId, ShowId
from stream_server.plain_text import one_line

MAX_CHAT_CHARS = 200
KEPT_LINES = 500
"""Lines that can still be deleted; more than any client shows."""
SHOWN_LINES = 50
"""Lines that a late joiner gets."""
MAX_SLOW_MODE_S = 600
UNKNOWN_LANGUAGE = "und"
_MODERATING_ROLES = ("host", "moderator", "admin")


@dataclass(eq=False)
class ChatEmpty(Invalid):
    """Nothing visible is left of the line."""

    code: ClassVar[str] = "chat_empty"

    def __str__(self) -> str:
        return "There is nothing to say in this message."


@dataclass(eq=False)
class ChatTooLong(Invalid):
    """The line is too long."""

    code: ClassVar[str] = "chat_too_long"
    limit: int = MAX_CHAT_CHARS

    def __str__(self) -> str:
        return f"A message has at most {self.limit} characters."


class ChatBlocked(Forbidden):
    """The speaker was blocked in this show."""

    code: ClassVar[str] = "chat_blocked"

    def __str__(self) -> str:
        return "You can no longer write in this chat."


class ChatSlowMode(TooMany):
    """The room is in slow mode and the speaker's last line was a moment ago."""

    code: ClassVar[str] = "chat_slow_mode"

    def __str__(self) -> str:
        return f"Slow mode: you can write again in {max(1, round(self.retry_after_s))} seconds."


class ChatFlood(TooMany):
    """The speaker writes faster than people do."""

    code: ClassVar[str] = "chat_flood"

    def __str__(self) -> str:
        return f"Too many messages. You can write again in {max(1, round(self.retry_after_s))} seconds."


class ChatBusy(TooMany):
    """The whole room writes faster than anybody can read."""

    code: ClassVar[str] = "chat_busy"

    def __str__(self) -> str:
        return "Everybody is writing right now. Try again in a moment."


class ChatUnwelcome(Forbidden):
    """The line has a word that this shop does not show."""

    code: ClassVar[str] = "chat_unwelcome"

    def __str__(self) -> str:
        return "This shop does not show a word in your message."


class UnknownLine(NotFound):
    """No such line, or it is too old or gone already."""

    code: ClassVar[str] = "unknown_line"


class CannotBlock(Forbidden):
    """Those who run the show cannot be blocked in it."""

    code: ClassVar[str] = "cannot_block"

    def __str__(self) -> str:
        return "Hosts and moderators cannot be blocked."


def checked_text(text: str) -> str:
    """A line as it will be shown. Raises: ChatEmpty, ChatTooLong."""
    if len(text) > 4 * MAX_CHAT_CHARS:
        raise ChatTooLong  # before any work is done on it
    clean = one_line(text)
    if not clean:
        raise ChatEmpty
    if len(clean) > MAX_CHAT_CHARS:
        raise ChatTooLong
    return clean


@dataclass(frozen=True)
class Speaker:
    """Who says something."""

    id: PersonId
    name: str
    role: str
    moderates: bool
    """Slow mode and blocked words are not for those who moderate."""
    language: str | None = None
    """What they read, which tells much about what they write."""


@dataclass(frozen=True)
class Line:
    """One line of chat."""

    message_id: MessageId
    author_id: PersonId
    author_name: str
    author_role: str
    text: str
    at_ms: int
    sent_at: str
    """ISO 8601, UTC."""
    language: str = UNKNOWN_LANGUAGE
    """Primary subtag of what it is written in."""

    @property
    def is_staff(self) -> bool:
        """Whether somebody said it who runs or moderates the show."""
        return self.author_role in _MODERATING_ROLES

    def as_payload(self) -> dict[str, Any]:
        """The line as it travels (`signaling.messages.ChatLine`)."""
        return {
            "message_id": self.message_id,
            "author": {"id": self.author_id, "name": self.author_name, "role": self.author_role},
            "text": self.text,
            "at_ms": self.at_ms,
            "sent_at": self.sent_at,
            "language": self.language,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Line:
        """Read what `as_payload` wrote."""
        author = payload["author"]
        return cls(
            payload["message_id"],
            author["id"],
            author["name"],
            author["role"],
            payload["text"],
            payload["at_ms"],
            payload["sent_at"],
            payload.get("language", UNKNOWN_LANGUAGE),  # lines said before languages were told
        )


@dataclass(frozen=True)
class LineTranslation:
    """A line as readers of another language get it."""

    message_id: MessageId
    text: str
    trust: str
    """See `signaling.messages.Trust`."""

    def as_payload(self) -> dict[str, Any]:
        """The translation as it travels (`signaling.messages.TranslatedLine`)."""
        return {"message_id": self.message_id, "text": self.text, "trust": self.trust}


class LoggedEvent(Protocol):
    """A row of a show's log, as far as chat looks at it."""

    @property
    def show_id(self) -> ShowId:
        """The show."""

    @property
    def type(self) -> str:
        """The message type."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The message's fields."""


class ChatRoom:
    """The fold of a show's chat events."""

    def __init__(self) -> None:
        self.lines: dict[MessageId, Line] = {}
        """The last lines that were not deleted, oldest first."""
        self.translations: dict[MessageId, dict[str, LineTranslation]] = {}
        """Line → language → how it reads there; only of `lines`."""
        self.blocked: set[PersonId] = set()
        self.slow_mode_s = 0

    def apply(self, event: LoggedEvent) -> None:
        """The next event; those of other features change nothing here."""
        payload = event.payload
        match event.type:
            case "chat":
                line = Line.from_payload(payload["line"])
                self.lines[line.message_id] = line
                if len(self.lines) > KEPT_LINES:
                    self._forget(next(iter(self.lines)))
            case "chat_translated":
                for translated in payload["lines"]:
                    if translated["message_id"] in self.lines:
                        of_line = self.translations.setdefault(translated["message_id"], {})
                        of_line[payload["language"]] = LineTranslation(**translated)
            case "chat_deleted":
                for message_id in payload["message_ids"]:
                    self._forget(message_id)
            case "blocked":
                self.blocked.add(payload["person_id"])
            case "slow_mode":
                self.slow_mode_s = payload["seconds"]

    def _forget(self, message_id: MessageId) -> None:
        self.lines.pop(message_id, None)
        self.translations.pop(message_id, None)

    def translation(self, message_id: MessageId, language: str) -> LineTranslation | None:
        """How a line reads in a language, if it was translated."""
        return self.translations.get(message_id, {}).get(language)

    def shown(self) -> list[Line]:
        """What a late joiner gets, oldest first."""
        return list(self.lines.values())[-SHOWN_LINES:]

    def check_may_speak(self, person_id: PersonId) -> None:
        """Raises: ChatBlocked."""
        if person_id in self.blocked:
            raise ChatBlocked

    def line(self, message_id: MessageId) -> Line:
        """A line that is still there. Raises: UnknownLine."""
        try:
            return self.lines[message_id]
        except KeyError:
            raise UnknownLine("chat line", message_id) from None

    def lines_of(self, person_id: PersonId) -> list[Line]:
        """A person's lines that are still there. Raises: CannotBlock if they were said while running the show."""
        lines = [line for line in self.lines.values() if line.author_id == person_id]
        if any(line.is_staff for line in lines):
            raise CannotBlock
        return lines


class ChatRooms:
    """Projection of the logs: show id → `ChatRoom`, for every show whose log is open in this process."""

    def __init__(self) -> None:
        self._rooms: dict[ShowId, ChatRoom] = {}

    def __getitem__(self, show_id: ShowId) -> ChatRoom:
        """The room of a show whose log is open."""
        return self._rooms[show_id]

    def begin(self, show_id: ShowId) -> None:
        """A log is opened."""
        self._rooms[show_id] = ChatRoom()

    def apply(self, event: LoggedEvent) -> None:
        """The next event."""
        self._rooms[event.show_id].apply(event)

    def forget(self, show_id: ShowId) -> None:
        """The log is closed."""
        del self._rooms[show_id]
