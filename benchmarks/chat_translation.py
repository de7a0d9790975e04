"""A crowd writes in five languages and is read in three: how many lines are translated, how late, and what it costs.

One web process without HTTP: the live hub on SQLite and an embedded Valkey, the shipped models in their worker,
viewers as connections in memory that note when each text comes. Lines are said at a steady pace; every one must reach
every viewer. Lag is from a line to its translation at the viewer, by the show clock. The translator's worker has one
core; what does not fit is dropped, and that share is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.harness.figures import conclude, percentile, show_table
from stream_server.app.translation import open_translator
from stream_server.audience.likes import Likes
from stream_server.audience.people import Person
from stream_server.audience.presence import Presence
from stream_server.audience.readers import Readers
from stream_server.audience.tokens import Tokens
from stream_server.captions.service import CaptionService
from stream_server.captions.tracks import ShowCaptionTracks
from stream_server.chat.model import ChatRooms
from stream_server.chat.service import ChatOptions, ChatService
from stream_server.clock import SystemClock
from stream_server.ids import BrandId, PersonId, ShowId
from stream_server.shows.clock import ShowClock
from stream_server.shows.log import EventLog
from stream_server.shows.model import Host, ShowPlan
from stream_server.shows.service import ShowService
from stream_server.shows.states import ShowStates
from stream_server.signaling.caption_desk import ShowInterpreter
from stream_server.signaling.chat_reader import ChatReader
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.live import LiveHub
from stream_server.stores.live.audience import ValkeyLikes, ValkeyPresence, ValkeyReaders
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.stores.live.event_bus import ValkeyEventBus
from stream_server.stores.live.rate_limits import ValkeyRateLimits
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.sql.database import open_database
from stream_server.stores.sql.migrate import migrate
from stream_server.stores.tickets import SqlTicketStore
from stream_server.stores.translation import SqlWordbookStore
from stream_server.translation.wordbook_service import Wordbooks
from tests.fakes.media_plane import MemoryMediaPlane

SHOW = ShowId("show_flood")
READ = ("en", "es", "zh-CN")
VIEWERS_EACH = 20
"""Connections per language; what a line costs per further viewer is the relay of texts, measured elsewhere."""

SAID = {
    "en": [
        "how much is the {n} one",
        "does it come in size {n}?",
        "I love this colour 😍",
        "when will it arrive in London",
        "is it machine washable",
        "ordered {n} of them!!",
        "can I send it back",
        "looks great on you",
    ],
    "es": [
        "cuánto cuesta el de {n}",
        "¿hay talla {n}?",
        "me encanta el color 😍",
        "cuándo llega a Madrid",
        "se puede lavar a máquina",
        "pedí {n}!!",
        "puedo devolverlo",
        "te queda muy bien",
    ],
    "zh": [
        "{n}的多少钱",
        "有{n}码吗",
        "颜色好喜欢😍",
        "什么时候能到上海",
        "可以机洗吗",
        "买了{n}件!!",
        "可以退货吗",
        "你穿很好看",
    ],
    "fr": [
        "c'est combien le {n}",
        "vous avez la taille {n} ?",
        "j'adore la couleur 😍",
        "quand est-ce que ça arrive à Paris",
    ],
    "ja": ["{n}のはいくらですか", "サイズ{n}はありますか", "色がとても好きです😍", "東京にはいつ届きますか"],
}


class NoBrands:
    """A show that presents nothing."""

    async def brands_of(self, show_id: ShowId) -> list[BrandId]:
        """See `ShowBrands.brands_of`."""
        return []


@dataclass
class Viewer:
    """A connection that reads everything at once, and notes it."""

    said: dict[str, int] = field(default_factory=dict)
    """Line → show ms at which it was said."""
    lag_ms: list[int] = field(default_factory=list)
    refused: int = 0
    is_slow: bool = False
    incoming: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    reads: bool = True

    def send_text(self, text: str) -> None:
        """See `Connection.send_text`."""
        if text.startswith('{"type":"problem"'):
            self.refused += 1
        if not self.reads:
            return
        if text.startswith('{"type":"chat",'):
            event = json.loads(text)
            self.said[event["line"]["message_id"]] = event["at_ms"]
        elif text.startswith('{"type":"chat_translated"'):
            event = json.loads(text)
            self.lag_ms += [event["at_ms"] - self.said[line["message_id"]] for line in event["lines"]]

    def close(self, code: int) -> None:
        """See `Connection.close`."""
        self.incoming.put_nowait(None)

    async def messages(self) -> AsyncIterator[str | bytes]:
        """What this client says."""
        while (text := await self.incoming.get()) is not None:
            yield text


@dataclass
class Result:
    """One pace."""

    per_second: int
    said: int
    arrived: int
    wanted: int
    """Translations that all readers together would need, once per language."""
    translated: int
    remembered: int
    dropped: int
    waiting: int
    lag_ms: list[int]
    web_cpu_s: float
    worker_cpu_s: float

    @property
    def row(self) -> list[object]:
        """For the table."""
        lag = self.lag_ms or [0]
        return [
            self.per_second,
            self.said,
            self.arrived,
            f"{self.translated / self.wanted:.0%}",
            f"{self.dropped / self.said:.0%}",
            self.waiting,
            round(percentile(lag, 0.5)),
            round(percentile(lag, 0.95)),
            max(lag),
            f"{1000 * self.web_cpu_s / self.said:.2f}",
            f"{1000 * self.worker_cpu_s / max(1, self.translated):.1f}",
        ]


def line(rng: random.Random) -> tuple[str, str]:
    """A language and something said in it; mostly new numbers, as crowds type them."""
    language = rng.choice(tuple(SAID))
    return language, rng.choice(SAID[language]).format(n=rng.randrange(1, 500))


def worker_cpu_s() -> float:
    """CPU of this process's children (the translator's worker, Valkey aside)."""
    used = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            if "avatar.translation" in " ".join(child.cmdline()):
                times = child.cpu_times()
                used += times.user + times.system
        except psutil.Error:
            continue
    return used


async def measure(per_second: int, seconds: float, folder: Path) -> Result:
    """Say lines at a pace and see what becomes of them."""
    clock, rng = SystemClock(), random.Random(6)
    url = f"sqlite:///{folder / 'flood.db'}"
    await migrate(url)
    async with AsyncExitStack() as stack:
        runtime = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitrine-")))
        valkey = await stack.enter_async_context(open_valkey(await stack.enter_async_context(embedded_valkey(runtime))))
        database = await stack.enter_async_context(open_database(url))
        store, show_clock = SqlShowStore(database), ShowClock(clock)
        states, rooms, tracks = ShowStates(show_clock), ChatRooms(), ShowCaptionTracks()
        log = EventLog(store, ValkeyEventBus(valkey), states, [states, rooms, tracks], clock)
        shows = ShowService(store, log, states, show_clock, MemoryMediaPlane(), clock)
        limits = ValkeyRateLimits(valkey)
        voice = await stack.enter_async_context(open_translator())
        books = Wordbooks(SqlWordbookStore(database, clock), NoBrands(), clock)
        pace = ChatOptions(
            person_burst=per_second, person_per_second=10, room_burst=2 * per_second, room_per_second=2 * per_second
        )
        chat = ChatService(log, rooms, limits, clock, pace, ChatReader(voice, books))
        translator = ChatTranslator(chat, shows, Readers(ValkeyReaders(valkey)), voice, books)
        captions = CaptionService(log, states, tracks, ShowInterpreter(voice, books), translator)
        likes, tokens = Likes(ValkeyLikes(valkey), store, limits), Tokens("s" * 40, clock)
        presence = Presence(ValkeyPresence(valkey))
        tickets = SqlTicketStore(database)
        hub = LiveHub(shows, chat, translator, captions, tickets, likes, presence, tokens, log, clock)
        for owner in (log, shows, likes, translator, captions, hub):
            await stack.enter_async_context(owner.run())
        await shows.create(Host(PersonId("host"), "Host"), ShowPlan({"en": "Flood"}), SHOW)
        shows.clock_anchor(SHOW, 0, clock.monotonic_s())
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for language in ("en", "es", "zh"):  # the models are open when it begins
            await voice.translate(["¿cuánto cuesta?"], "es", language, await books.of_show(SHOW), wait_s=60)

        async def join(person: Person | None, language: str) -> Viewer:
            viewer = Viewer(reads=person is None)
            hello = {"type": "hello", "version": 1, "show_id": SHOW, "language": language}
            token = {} if person is None else {"token": tokens.issue(person, 3600)}
            viewer.incoming.put_nowait(json.dumps(hello | token))
            group.create_task(hub.serve(viewer, viewer.messages()), name="viewer")
            await asyncio.sleep(0.02)
            return viewer

        readers = [await join(None, language) for language in READ for _ in range(VIEWERS_EACH)]
        crowd = {
            language: [
                await join(Person(PersonId(f"guest_{language}_{n}"), f"Guest {n}", "viewer"), language)
                for n in range(max(1, per_second // 25))
            ]
            for language in SAID
        }
        await asyncio.sleep(2)
        cpu, worker = time.process_time(), worker_cpu_s()
        began, said, waiting, wanted = time.monotonic(), 0, 0, 0
        turn = dict.fromkeys(SAID, 0)
        while (now := time.monotonic() - began) < seconds:
            while said < now * per_second:
                language, text = line(rng)
                turn[language] += 1
                person = crowd[language][turn[language] % len(crowd[language])]
                person.incoming.put_nowait(json.dumps({"type": "chat.send", "ref": f"r{said}", "text": text}))
                wanted += len({"en", "es", "zh"} - {language})
                said += 1
            waiting = max(waiting, translator.waiting)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(30):
            while translator.waiting or any(len(viewer.said) < said for viewer in readers):
                await asyncio.sleep(0.05)
        await asyncio.sleep(2.5)
        figures = translator.figures
        result = Result(
            per_second,
            said,
            min(len(viewer.said) for viewer in readers),
            wanted,
            figures["translated"],
            figures["remembered"],
            figures["dropped"],
            waiting,
            [lag for viewer in readers[::VIEWERS_EACH] for lag in viewer.lag_ms],
            time.process_time() - cpu,
            worker_cpu_s() - worker,
        )
        for viewer in (*readers, *(each for some in crowd.values() for each in some)):
            viewer.close(1000)
        return result


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, only the flood")
    parser.add_argument("--seconds", type=float, default=15)
    arguments = parser.parse_args()
    paces = (200,) if arguments.quick else (5, 40, 200)
    seconds = min(8.0, arguments.seconds) if arguments.quick else arguments.seconds
    results = []
    for per_second in paces:
        with tempfile.TemporaryDirectory() as folder:
            results.append(asyncio.run(measure(per_second, seconds, Path(folder))))
    columns = ["lines/s", "said", "arrived", "translated", "lines dropped", "most waiting", "lag p50 ms", "p95", "max"]
    show_table(
        "Chat in five languages, read in three", [*columns, "web CPU ms/line", "worker CPU ms/translation"],
        [result.row for result in results],
    )  # fmt: skip
    flood = results[-1]
    lag = flood.lag_ms or [0]
    conclude(
        "chat_translation",
        {
            "lines_per_s": flood.per_second,
            "lines_said": flood.said,
            "lines_arrived": flood.arrived,
            "translations_per_s": flood.translated / (flood.said / flood.per_second),
            "translated_share": flood.translated / flood.wanted,
            "lag_p50_ms": percentile(lag, 0.5),
            "lag_p95_ms": percentile(lag, 0.95),
            "lag_max_ms": max(lag),
            "most_waiting": flood.waiting,
            "calm_lag_p95_ms": percentile(results[0].lag_ms or [0], 0.95),
            "calm_translated_share": results[0].translated / results[0].wanted,
            "web_cpu_ms_line": 1000 * flood.web_cpu_s / flood.said,
        },
        {"seconds": seconds, "viewers": VIEWERS_EACH * len(READ), "cores": os.cpu_count() or 0},
    )


if __name__ == "__main__":
    main()
