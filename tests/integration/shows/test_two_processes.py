"""Two web processes of one server, on real stores: everybody sees the same events, in order, each exactly once."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from stream_server.audience.likes import Likes
from stream_server.audience.presence import Presence
from stream_server.audience.readers import Readers
from stream_server.audience.tokens import Tokens
from stream_server.captions.fakes import PlainInterpreter
from stream_server.captions.service import CaptionService
from stream_server.captions.tracks import ShowCaptionTracks
from stream_server.chat.model import ChatRooms
from stream_server.chat.service import ChatOptions, ChatService
from stream_server.clock import SystemClock
from stream_server.ids import SessionId, ShowId
from stream_server.shows.clock import ShowClock
from stream_server.shows.log import EventLog, LogOptions, Projection
from stream_server.shows.model import Host, ShowPlan
from stream_server.shows.service import ShowService
from stream_server.shows.states import ShowStates
from stream_server.signaling.chat_reader import ChatReader
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.live import LiveHub
from stream_server.stores.live.audience import ValkeyLikes, ValkeyPresence, ValkeyReaders
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.stores.live.event_bus import ValkeyEventBus
from stream_server.stores.live.rate_limits import ValkeyRateLimits
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.sql.database import Database, open_database
from stream_server.stores.sql.migrate import migrate
from stream_server.stores.tickets import SqlTicketStore
from stream_server.stores.translation import SqlWordbookStore
from stream_server.translation.wordbook_service import Wordbooks
from tests.fakes.media_plane import MemoryMediaPlane
from tests.fakes.translator import MarkingTranslator
from tests.unit.signaling.making import ANN, BEN, MAYA, OneBrand, RecordingConnection, TestClient

SECRET = "s" * 40
SHOW = ShowId("show_clay")


class WebProcess:
    """What one web process has, without HTTP."""

    def __init__(self, database: Database, valkey: Redis) -> None:
        clock = SystemClock()
        store = SqlShowStore(database)
        self.show_clock = ShowClock(clock)
        self.states, self.rooms = ShowStates(self.show_clock), ChatRooms()
        tracks = ShowCaptionTracks()
        projections: list[Projection] = [self.states, self.rooms, tracks]
        bus = ValkeyEventBus(valkey)
        # Without sweeps: what the bus loses stays lost, and shows.
        self.log = EventLog(store, bus, self.states, projections, clock, LogOptions(sweep_s=600))
        self.plane = MemoryMediaPlane()
        self.shows = ShowService(store, self.log, self.states, self.show_clock, self.plane, clock)
        limits = ValkeyRateLimits(valkey)
        options = ChatOptions(person_burst=10_000, room_burst=10_000)
        wordbooks = Wordbooks(SqlWordbookStore(database, clock), OneBrand(), clock)
        self.translator = MarkingTranslator()
        reader = ChatReader(self.translator, wordbooks)
        self.chat = ChatService(self.log, self.rooms, limits, clock, options, reader)
        self.chat_translator = ChatTranslator(
            self.chat, self.shows, Readers(ValkeyReaders(valkey)), self.translator, wordbooks
        )
        self.likes = Likes(ValkeyLikes(valkey), store, limits)
        self.tokens = Tokens(SECRET, clock)
        presence = Presence(ValkeyPresence(valkey))
        self.captions = CaptionService(self.log, self.states, tracks, PlainInterpreter(), self.chat_translator)
        self.hub = LiveHub(
            self.shows,
            self.chat,
            self.chat_translator,
            self.captions,
            SqlTicketStore(database),
            self.likes,
            presence,
            self.tokens,
            self.log,
            clock,
        )

    @asynccontextmanager
    async def run(self) -> AsyncIterator[WebProcess]:
        async with self.log.run(), self.shows.run(), self.likes.run(), self.chat_translator.run(), self.hub.run():
            yield self


@asynccontextmanager
async def two_processes(path: Path) -> AsyncIterator[tuple[WebProcess, WebProcess]]:
    await migrate(f"sqlite:///{path / 'shows.db'}")
    async with AsyncExitStack() as stack:
        runtime_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitrine-")))
        url = await stack.enter_async_context(embedded_valkey(runtime_dir))
        made = []
        for _ in range(2):
            database = await stack.enter_async_context(open_database(f"sqlite:///{path / 'shows.db'}"))
            valkey = await stack.enter_async_context(open_valkey(url))
            made.append(await stack.enter_async_context(WebProcess(database, valkey).run()))
        await made[0].shows.create(Host(MAYA.id, "Maya"), ShowPlan({"en": "Clay"}), SHOW)
        yield made[0], made[1]


@asynccontextmanager
async def client_of(process: WebProcess, token: str | None = None, language: str = "en") -> AsyncIterator[TestClient]:
    connection = RecordingConnection()
    async with asyncio.TaskGroup() as group:
        group.create_task(process.hub.serve(connection, connection.incoming()))
        client = TestClient(connection)
        hello = {"type": "hello", "version": 1, "show_id": SHOW, "token": token, "language": language}
        connection.say(json.dumps(hello))
        await until(lambda: bool(connection.texts))
        yield client
        connection.hang_up()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_everybody_sees_the_same_in_order(tmp_path: Path) -> None:
    async with (
        two_processes(tmp_path) as (here, there),
        client_of(here, here.tokens.issue(ANN, 60)) as ann,
        client_of(there, there.tokens.issue(BEN, 60)) as ben,
        client_of(there) as stranger,
    ):
        for number in range(15):
            ann.connection.say(json.dumps({"type": "chat.send", "ref": f"a{number}", "text": f"ann {number}"}))
            ben.connection.say(json.dumps({"type": "chat.send", "ref": f"b{number}", "text": f"ben {number}"}))
        await until(lambda: all(len(one.of_type("chat")) == 30 for one in (ann, ben, stranger)))
        seen = [
            [(event["seq"], event["line"]["text"]) for event in one.of_type("chat")] for one in (ann, ben, stranger)
        ]
        assert seen[0] == seen[1] == seen[2]
        assert [seq for seq, _ in seen[0]] == list(range(1, 31))
        for name in ("ann", "ben"):
            assert [text for _, text in seen[0] if text.startswith(name)] == [f"{name} {n}" for n in range(15)]
        assert len(ann.of_type("ack")) == len(ben.of_type("ack")) == 15


async def test_clock_counts_and_status_are_shared(tmp_path: Path) -> None:
    async with two_processes(tmp_path) as (here, there), client_of(here) as near, client_of(there) as far:
        await here.shows.source_started(SHOW, SessionId("whip_1"))
        await until(lambda: bool(far.of_type("status")))
        monotonic_s = SystemClock().monotonic_s()
        here.shows.clock_anchor(SHOW, 60_000, monotonic_s)
        await until(lambda: SHOW in there.show_clock._anchors)
        assert abs(await there.shows.position_ms(SHOW) - await here.shows.position_ms(SHOW)) <= 5
        await here.likes.add(SHOW, ANN.id, 4)
        await until(
            lambda: (
                {2} == {counters["viewers"] for counters in (near.of_type("counters") + far.of_type("counters"))[-1:]}
            )
        )
        await until(lambda: far.of_type("counters")[-1]["likes"] == 4)
        await there.shows.end(SHOW)
        await until(lambda: near.of_type("status")[-1]["status"] == "ended")
        assert there.plane.ended == [SHOW]


async def test_a_line_is_translated_by_the_process_that_took_it_for_readers_of_both(tmp_path: Path) -> None:
    async with (
        two_processes(tmp_path) as (here, there),
        client_of(here, here.tokens.issue(ANN, 60)) as ann,
        client_of(here, language="zh-CN") as near,
        client_of(there, language="es") as far,
        client_of(there, language="es") as beside,
    ):
        for process in (there, here):
            await process.hub.tick()
        ann.connection.say(json.dumps({"type": "chat.send", "ref": "a", "text": "en: hello"}))
        await until(lambda: all(one.of_type("chat_translated") for one in (near, far, beside)))
        assert [one.of_type("chat_translated")[0]["lines"][0]["text"] for one in (near, far)] == [
            "[zh] hello",
            "[es] hello",
        ]
        assert ann.of_type("chat_translated") == []
        assert (here.translator.lines, there.translator.lines) == (2, 0)
