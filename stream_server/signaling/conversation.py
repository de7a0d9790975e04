"""One client from hello to goodbye: what the session says is done with the features, and the answers are sent."""

from __future__ import annotations

from contextlib import AsyncExitStack

import structlog

from stream_server.audience.tokens import Tokens
from stream_server.chat.service import ChatService
from stream_server.clock import Clock
from stream_server.errors import VitrineError
from stream_server.ids import ShowId, new_id
from stream_server.shows.log import EventLog
from stream_server.shows.service import ShowService
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.commands import Commander, Commands
from stream_server.signaling.encoding import clock_now, event_text, show_state, translated_line, you
from stream_server.signaling.live_options import LiveOptions
from stream_server.signaling.live_ports import Connection
from stream_server.signaling.messages import (
    PROTOCOL_VERSION,
    Ack,
    ChatTranslations,
    ClientCommand,
    FollowPerformance,
    Hello,
    Message,
    Problem,
    SetLanguage,
    Welcome,
)
from stream_server.signaling.problems import close_code, problem
from stream_server.signaling.refs import PeopleRefs
from stream_server.signaling.room import Client, LiveRoom
from stream_server.signaling.rooms import LiveRooms
from stream_server.signaling.session import Action, Close, Greet, LiveSession, Reply
from stream_server.translation.model import reading_language

log = structlog.get_logger(__name__)
_PAGE = 500


class Conversations:
    """What every conversation needs; made once by the hub."""

    def __init__(
        self,
        rooms: LiveRooms,
        shows: ShowService,
        chat: ChatService,
        commands: Commands,
        translations: ChatTranslator,
        tokens: Tokens,
        event_log: EventLog,
        clock: Clock,
        options: LiveOptions,
    ) -> None:
        self.rooms = rooms
        self.shows = shows
        self.chat = chat
        self.commands = commands
        self.translations = translations
        self.tokens = tokens
        self.log = event_log
        self.clock = clock
        self.options = options
        self.refs = PeopleRefs(options.people)


class Conversation:
    """One client's. ``stack`` is left when the connection is over."""

    def __init__(self, connection: Connection, parts: Conversations, stack: AsyncExitStack) -> None:
        self._connection = connection
        self._parts = parts
        self._stack = stack
        self._session = LiveSession(parts.clock, parts.options.session)
        self._client: Client | None = None
        self._room: LiveRoom | None = None

    async def hear(self, text: str | bytes) -> bool:
        """The next message of the client; False when the conversation is over."""
        for action in self._session.feed(text):
            if not await self._act(action):
                return False
        return True

    async def _act(self, action: Action) -> bool:
        if isinstance(action, Close):
            self._connection.close(action.code)
            return False
        if isinstance(action, Greet):
            return await self._greet(action.hello)
        self._send(action.message if isinstance(action, Reply) else await self._carry(action.command))
        return True

    async def _greet(self, hello: Hello) -> bool:
        try:
            await self._join(hello)
        except VitrineError as error:
            self._send(problem(error))
            self._connection.close(close_code(error))
            return False
        return True

    def _send(self, message: Message) -> None:
        self._connection.send_text(message.model_dump_json())

    async def _join(self, hello: Hello) -> None:
        parts = self._parts
        sign_in = parts.tokens.verify(hello.token) if hello.token is not None else None
        room = await self._stack.enter_async_context(parts.rooms.visit(ShowId(hello.show_id)))
        client = Client.of(self._connection, sign_in, room.record, hello.language)
        resume, seq = hello.resume, parts.log.seq(room.show_id)
        known = resume is not None and resume.epoch == room.record.epoch
        if resume is not None and known and 0 <= seq - resume.seq <= parts.options.resume_events:
            self._send(self._welcome(client, room, resume.seq, resumed=True))
            await self._send_missed(client, room, resume.seq)
        else:
            self._send(self._welcome(client, room, seq, resumed=False))
        # Nothing was awaited since the last event was sent: the next one finds the client in the room.
        room.clients.add(client)
        self._stack.callback(room.clients.discard, client)
        self._session.welcomed(parts.refs.of(room.show_id, client.person))
        self._client, self._room = client, room
        parts.translations.reads(room.show_id, client.language)

    def _welcome(self, client: Client, room: LiveRoom, seq: int, *, resumed: bool) -> Welcome:
        parts = self._parts
        show, show_ms = parts.shows.current(room.show_id)
        chat = parts.chat.current(room.show_id)
        viewers = max(room.viewers, room.watching + (not client.moderates))
        state = show_state(room.record, show, chat, client.person, client.language, likes=room.likes, viewers=viewers)
        return Welcome(
            version=PROTOCOL_VERSION,
            epoch=room.record.epoch,
            seq=seq,
            resumed=resumed,
            clock=clock_now(parts.clock, show_ms),
            you=you(client.person, room.record),
            state=None if resumed else state,
            whep_url=f"{parts.options.public_url}/whep/{room.show_id}",
        )

    async def _send_missed(self, client: Client, room: LiveRoom, seq: int) -> None:
        """Send what happened after ``seq``; ends without waiting, with the log's newest event."""
        parts = self._parts
        while True:
            recent = parts.log.recent(room.show_id, seq)
            missed = recent if recent is not None else await parts.log.read(room.show_id, seq, _PAGE)
            for event in missed:
                seq = event.seq
                if client.sees(event):
                    room.send(client, event_text(event))
            if recent is not None or not missed:
                return

    def _speak(self, client: Client, room: LiveRoom, language: str) -> None:
        """Read in another language from now on, the last lines too."""
        client.language = reading_language(language)
        chat = self._parts.chat.current(room.show_id)
        found = [translated_line(chat, line, client.language) for line in chat.shown()]
        lines = [line for line in found if line is not None]
        if lines:
            self._send(ChatTranslations(language=client.language, lines=lines))
        self._parts.translations.reads(room.show_id, client.language)

    async def _carry(self, command: ClientCommand) -> Ack | Problem:
        outcome = await self._outcome(command)
        self._session.done(command, outcome)
        return outcome

    async def _outcome(self, command: ClientCommand) -> Ack | Problem:
        assert self._client is not None
        assert self._room is not None
        if isinstance(command, SetLanguage):
            self._speak(self._client, self._room, command.language)
            return Ack(ref=command.ref)
        if isinstance(command, FollowPerformance):
            self._room.follow(self._client, command.is_on)
            return Ack(ref=command.ref)
        try:
            by = Commander(self._client.sign_in, self._room.record, self._client.language)
            return await self._parts.commands.carry(command, by)
        except VitrineError as error:
            return problem(error, command.ref)
        except Exception:  # one message is a fault boundary
            reference = new_id("err")
            log.exception("command failed", show_id=self._room.show_id, command=command.type, reference=reference)
            message = "Something went wrong on our side."
            return Problem(ref=command.ref, code="internal", message=message, detail={"reference": reference})
