"""Everything that can be done in a show's chat. Who may moderate is decided by the callers (`audience.people`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stream_server.chat.model import (
    MAX_SLOW_MODE_S,
    UNKNOWN_LANGUAGE,
    CannotBlock,
    ChatBusy,
    ChatFlood,
    ChatRoom,
    ChatRooms,
    ChatSlowMode,
    ChatUnwelcome,
    Line,
    LineTranslation,
    Speaker,
    checked_text,
)
from stream_server.chat.ports import ChatChange, ChatLog, LineReader, RateLimits
from stream_server.clock import Clock
from stream_server.ids import MessageId, PersonId, ShowId, new_id


@dataclass(frozen=True)
class ChatOptions:
    """How much may be said."""

    person_burst: int = 5
    person_per_second: float = 0.5
    room_burst: int = 100
    room_per_second: float = 40.0
    """Nobody reads forty lines a second, and each goes to every viewer."""


class ChatService:
    """The chats of all shows."""

    def __init__(
        self,
        log: ChatLog,
        rooms: ChatRooms,
        limits: RateLimits,
        clock: Clock,
        options: ChatOptions | None = None,
        reader: LineReader | None = None,
    ) -> None:
        """Without a ``reader`` languages are not told apart and no word is unwelcome."""
        self._reader = reader
        self._log = log
        self._rooms = rooms
        self._limits = limits
        self._clock = clock
        self._options = options or ChatOptions()

    async def room(self, show_id: ShowId) -> ChatRoom:
        """The room as it is now. Raises: Unavailable."""
        await self._log.open(show_id)
        return self._rooms[show_id]

    def current(self, show_id: ShowId) -> ChatRoom:
        """The room of a show whose log is open, without waiting."""
        return self._rooms[show_id]

    async def say(self, show_id: ShowId, speaker: Speaker, text: str) -> MessageId:
        """Add a line.

        Raises: ChatEmpty, ChatTooLong, ChatUnwelcome, ChatBlocked, ChatSlowMode, ChatFlood, ChatBusy, Unavailable.
        """
        clean = checked_text(text)
        room = await self.room(show_id)
        room.check_may_speak(speaker.id)
        reader, language = self._reader, UNKNOWN_LANGUAGE
        if reader is not None:
            if not speaker.moderates and await reader.blocks(show_id, clean):
                raise ChatUnwelcome
            language = reader.language_of(clean, speaker.language)
        await self._check_pace(show_id, speaker, room.slow_mode_s)
        message_id = MessageId(new_id("msg"))

        def decide(at_ms: int) -> Sequence[ChatChange]:
            self._rooms[show_id].check_may_speak(speaker.id)  # a block may have come meanwhile
            sent_at = self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line = Line(message_id, speaker.id, speaker.name, speaker.role, clean, at_ms, sent_at, language)
            return [ChatChange("chat", {"line": line.as_payload()})]

        await self._log.write(show_id, decide)
        return message_id

    async def delete(self, show_id: ShowId, message_id: MessageId) -> None:
        """Take a line away. Raises: UnknownLine, Unavailable."""
        await self._log.open(show_id)

        def decide(_: int) -> Sequence[ChatChange]:
            line = self._rooms[show_id].line(message_id)
            return [ChatChange("chat_deleted", {"message_ids": [line.message_id]})]

        await self._log.write(show_id, decide)

    async def translated(
        self,
        show_id: ShowId,
        language: str,
        translations: Sequence[LineTranslation],
        until_ms: Mapping[MessageId, int] | None = None,
    ) -> int:
        """Tell the readers of a language how lines read there; returns how many were told.

        Left out are lines that are gone meanwhile, and those whose time (``until_ms``, show clock; None: any) is over.
        Raises: Unavailable.
        """
        told = 0

        def decide(at_ms: int) -> Sequence[ChatChange]:
            nonlocal told
            room = self._rooms[show_id]
            fresh = [
                translation.as_payload()
                for translation in translations
                if (until_ms is None or at_ms <= until_ms[translation.message_id])
                and translation.message_id in room.lines
                and room.translation(translation.message_id, language) is None
            ]
            told = len(fresh)
            payload = {"language": language, "lines": fresh}
            return [ChatChange("chat_translated", payload, f"language:{language}")] if fresh else []

        await self._log.write(show_id, decide)
        return told

    async def hide(self, show_id: ShowId, message_ids: Sequence[MessageId]) -> None:
        """Take lines away whose translation has an unwelcome word; those of people who moderate stay.

        Raises: Unavailable.
        """

        def decide(_: int) -> Sequence[ChatChange]:
            lines = self._rooms[show_id].lines
            there = [each for each in message_ids if each in lines and not lines[each].is_staff]
            return [ChatChange("chat_deleted", {"message_ids": there})] if there else []

        await self._log.write(show_id, decide)

    async def block(self, show_id: ShowId, person_id: PersonId, protected: Sequence[PersonId]) -> None:
        """A person may no longer speak in this show, and what they said disappears.

        ``protected`` are people who cannot be blocked: the host, and whoever asks.
        Raises: CannotBlock, Unavailable.
        """
        if person_id in protected:
            raise CannotBlock
        await self._log.open(show_id)

        def decide(_: int) -> Sequence[ChatChange]:
            room = self._rooms[show_id]
            said = [line.message_id for line in room.lines_of(person_id)]
            changes = []
            if person_id not in room.blocked:
                changes.append(ChatChange("blocked", {"person_id": person_id}, f"person:{person_id}"))
            if said:
                changes.append(ChatChange("chat_deleted", {"message_ids": said}))
            return changes

        await self._log.write(show_id, decide)

    async def set_slow_mode(self, show_id: ShowId, seconds: int) -> None:
        """So many seconds between two lines of one viewer; 0 turns it off. Raises: Unavailable."""
        if not 0 <= seconds <= MAX_SLOW_MODE_S:
            raise ValueError(f"slow mode of {seconds} s")
        await self._log.open(show_id)

        def decide(_: int) -> Sequence[ChatChange]:
            unchanged = self._rooms[show_id].slow_mode_s == seconds
            return [] if unchanged else [ChatChange("slow_mode", {"seconds": seconds})]

        await self._log.write(show_id, decide)

    async def _check_pace(self, show_id: ShowId, speaker: Speaker, slow_mode_s: int) -> None:
        options, limits = self._options, self._limits
        if wait_s := await limits.take(f"{show_id}:chat:{speaker.id}", options.person_burst, options.person_per_second):
            raise ChatFlood(wait_s)
        if wait_s := await limits.take(f"{show_id}:chat", options.room_burst, options.room_per_second):
            raise ChatBusy(wait_s)
        if not slow_mode_s or speaker.moderates:
            return
        # Last, so that a line refused for another reason does not cost the wait.
        if wait_s := await limits.take(f"{show_id}:slow:{speaker.id}", 1, 1 / slow_mode_s):
            raise ChatSlowMode(wait_s)
