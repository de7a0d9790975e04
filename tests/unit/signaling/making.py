"""A live channel for tests, on fakes: a hub, and clients that talk to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from stream_server.audience.likes import Likes
from stream_server.audience.people import Person
from stream_server.audience.presence import Presence
from stream_server.audience.readers import Readers
from stream_server.audience.tokens import Tokens
from stream_server.captions.fakes import PlainInterpreter
from stream_server.captions.service import CaptionService
from stream_server.chat.service import ChatOptions, ChatService
from stream_server.ids import BrandId, PersonId, ShowId
from stream_server.signaling.chat_reader import ChatReader
from stream_server.signaling.chat_translation import ChatTranslationOptions, ChatTranslator
from stream_server.signaling.live import LiveHub
from stream_server.signaling.live_options import LiveOptions
from stream_server.signaling.messages import server_adapter
from stream_server.stores.live.memory import MemoryLikes, MemoryPresence, MemoryRateLimits, MemoryReaders
from stream_server.stores.tickets_memory import MemoryTicketStore
from stream_server.stores.translation_memory import MemoryWordbookStore
from stream_server.translation.ports import Translator
from stream_server.translation.untranslated import Untranslated
from stream_server.translation.wordbook_service import Wordbooks
from tests.unit.shows.making import HOST, SHOW, House, until

MAYA = Person(HOST.id, "Maya", "host")
MO = Person(PersonId("mod_mo"), "Mo", "moderator", show_ids=frozenset({SHOW}))
ADA = Person(PersonId("admin_ada"), "Ada", "admin")
ANN = Person(PersonId("guest_ann"), "Ann", "viewer")
BEN = Person(PersonId("guest_ben"), "Ben", "viewer")
BRAND = BrandId("brand_clay")


class OneBrand:
    """`translation.ports.ShowBrands`: every show presents the same brand."""

    async def brands_of(self, show_id: ShowId) -> Sequence[BrandId]:
        return [BRAND]


class RecordingConnection:
    """`signaling.live_ports.Connection` that remembers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.closed: int | None = None
        self.is_slow = False
        self._incoming: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    def send_text(self, text: str) -> None:
        if self.closed is None:
            self.texts.append(text)

    def close(self, code: int) -> None:
        if self.closed is None:
            self.closed = code
            self._incoming.put_nowait(None)

    def hang_up(self) -> None:
        self._incoming.put_nowait(None)

    def say(self, text: str | bytes) -> None:
        self._incoming.put_nowait(text)

    async def incoming(self) -> AsyncIterator[str | bytes]:
        while (text := await self._incoming.get()) is not None:
            yield text


class TestClient:
    """One client: says things, and has understood everything it was sent."""

    __test__ = False

    def __init__(self, connection: RecordingConnection) -> None:
        self.connection = connection
        self._refs = 0
        self._read = 0

    @property
    def received(self) -> list[dict[str, Any]]:
        """Every message so far; each is checked against the protocol."""
        for text in self.connection.texts:
            server_adapter.validate_json(text)
        return [json.loads(text) for text in self.connection.texts]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.received if message["type"] == kind]

    async def next(self) -> dict[str, Any]:
        """The next message that was not read yet."""
        await until(lambda: len(self.connection.texts) > self._read)
        self._read += 1
        return self.received[self._read - 1]

    async def hello(
        self,
        token: str | None = None,
        show_id: str = SHOW,
        resume: tuple[str, int] | None = None,
        language: str = "en",
    ) -> dict[str, Any]:
        """Say hello and return the first answer."""
        message: dict[str, Any] = {"type": "hello", "version": 1, "show_id": show_id, "token": token}
        message["language"] = language
        if resume is not None:
            message["resume"] = {"epoch": resume[0], "seq": resume[1]}
        self.connection.say(json.dumps(message))
        return await self.next()

    async def ask(self, kind: str, ref: str | None = None, **fields: Any) -> dict[str, Any]:
        """Give a command and return its answer; events that come before it stay to be read with `of_type`."""
        self._refs += 1
        wanted = ref or f"r{self._refs}"
        self.connection.say(json.dumps({"type": kind, "ref": wanted, **fields}))
        while (message := await self.next()).get("ref") != wanted:
            pass
        return message


class Hall:
    """A hub with its surroundings."""

    def __init__(
        self,
        house: House,
        options: LiveOptions | None = None,
        translator: Translator | None = None,
        translation: ChatTranslationOptions | None = None,
        reader_store: MemoryReaders | None = None,
    ) -> None:
        self.house = house
        clock = house.clock
        voice = translator or Untranslated()
        self.reader_store = reader_store or MemoryReaders(clock)
        self.wordbook_store = MemoryWordbookStore()
        self.wordbooks = Wordbooks(self.wordbook_store, OneBrand(), clock)
        limits = MemoryRateLimits(clock)
        self.like_counter = MemoryLikes()
        self.presence_store = MemoryPresence(clock)
        many = ChatOptions(person_burst=1000, room_burst=10_000)
        self.chat = ChatService(house.log, house.rooms, limits, clock, many, ChatReader(voice, self.wordbooks))
        self.translator = ChatTranslator(
            self.chat, house.shows, Readers(self.reader_store), voice, self.wordbooks, translation
        )
        self.captions = CaptionService(house.log, house.states, house.captions, PlainInterpreter(), self.translator)
        self.likes = Likes(self.like_counter, house.store, limits)
        self.tokens = Tokens("s" * 40, clock)
        self.tickets = MemoryTicketStore()
        self.hub = LiveHub(
            house.shows,
            self.chat,
            self.translator,
            self.captions,
            self.tickets,
            self.likes,
            Presence(self.presence_store),
            self.tokens,
            house.log,
            clock,
            options or LiveOptions(tick_s=3600),
        )

    def token(self, person: Person, lifetime_s: float = 3600) -> str:
        return self.tokens.issue(person, lifetime_s)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[TestClient]:
        """A connection that is served; leaving the block hangs up."""
        connection = RecordingConnection()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.hub.serve(connection, connection.incoming()))
            try:
                yield TestClient(connection)
            finally:
                connection.hang_up()

    @asynccontextmanager
    async def joined(
        self, person: Person | None = None, show_id: ShowId = SHOW, language: str = "en"
    ) -> AsyncIterator[TestClient]:
        """A client that was welcomed."""
        async with self.client() as client:
            welcome = await client.hello(self.token(person) if person else None, show_id, language=language)
            assert welcome["type"] == "welcome", welcome
            yield client


@asynccontextmanager
async def hall(
    options: LiveOptions | None = None,
    house: House | None = None,
    translator: Translator | None = None,
    translation: ChatTranslationOptions | None = None,
    reader_store: MemoryReaders | None = None,
) -> AsyncIterator[Hall]:
    async with (house or House()).open() as opened:
        made = Hall(opened, options, translator, translation, reader_store)
        async with made.likes.run(), made.translator.run(), made.captions.run(), made.hub.run():
            yield made
