"""A whole web process for tests: real HTTP on a free port, features on stores in memory, a media plane of choice."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2

from stream_server.app.application import create_app
from stream_server.app.choices import Choices
from stream_server.app.parts import Parts, open_services
from stream_server.app.ports import Ports
from stream_server.app.web import serve_app
from stream_server.audience.people import Person, Role
from stream_server.clock import Clock, SystemClock
from stream_server.ids import BrandId, PersonId, ShowId, new_id
from stream_server.media.control import ControlClient
from stream_server.media.process import MediaOptions, serve_media
from stream_server.payments.builtin import BuiltinPayments
from stream_server.products3d.desk import ModelPorts
from stream_server.shows.model import Host, ShowPlan, ShowRecord
from stream_server.signaling.media_plane import MediaPlane
from stream_server.stores.builtin_payments_memory import MemoryBuiltinPaymentStore
from stream_server.stores.commerce_memory import memory_commerce_stores
from stream_server.stores.live.job_queue import MemoryJobQueue
from stream_server.stores.live.memory import (
    MemoryEventBus,
    MemoryLikes,
    MemoryPresence,
    MemoryRateLimits,
    MemoryReaders,
)
from stream_server.stores.model_files import FolderFileStore, IncomingFolder
from stream_server.stores.models_memory import MemoryJobStore, MemoryModelFacts, MemoryModelStore, MemoryUploadStore
from stream_server.stores.seats_memory import MemorySeatStore
from stream_server.stores.shows_memory import MemoryShowStore
from stream_server.stores.tickets_memory import MemoryTicketStore
from stream_server.stores.translation_memory import MemoryTextStore, MemoryWordbookStore
from stream_server.translation.ports import Translator
from stream_server.translation.untranslated import Untranslated
from stream_server.web.pictures import PictureFolder
from stream_server.web.server import ServerOptions, listen
from tests.fakes.media_plane import MemoryMediaPlane

T = TypeVar("T")

SECRET = "a secret of the tests that is long enough"
HOST = Person(PersonId("host_mia"), "Mia", "host")


class DirectWebhooks:
    """Carries the test provider's webhooks to the shop once it is there."""

    def __init__(self) -> None:
        self.parts: Parts | None = None

    async def send(self, body: bytes, signature: str) -> bool:
        if self.parts is None:
            return False
        await self.parts.shop.receive_webhook(body, signature)
        return True


@dataclass
class Server:
    """A running web process."""

    parts: Parts
    url: str
    http: httpx2.AsyncClient
    stop: asyncio.Event

    @property
    def live_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/live"

    def token(self, person: Person, lifetime_s: float = 3600) -> str:
        return self.parts.tokens.issue(person, lifetime_s)

    def auth(self, person: Person) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(person)}"}

    async def show(self, host: Person = HOST, **plan: object) -> ShowRecord:
        title = plan.pop("title", {"en": "Evening show"})
        return await self.parts.shows.create(Host(host.id, host.name), ShowPlan(title=title, **plan))  # type: ignore[arg-type]


def person(role: Role, brand_id: BrandId | None = None, *shows: ShowId) -> Person:
    return Person(PersonId(new_id(role)), f"Some {role}", role, brand_id, frozenset(shows))


def memory_model_ports(directory: Path) -> ModelPorts:
    facts = MemoryModelFacts()
    return ModelPorts(
        uploads=MemoryUploadStore(facts),
        incoming=IncomingFolder(directory / "incoming", free_bytes=0),
        sources=FolderFileStore(directory / "sources"),
        published=FolderFileStore(directory / "published"),
        jobs=MemoryJobStore(facts),
        queue=MemoryJobQueue(),
        models=MemoryModelStore(facts),
    )


@asynccontextmanager
async def memory_ports(
    plane: MediaPlane, clock: Clock, directory: Path, translator: Translator | None = None
) -> AsyncIterator[tuple[Ports, DirectWebhooks]]:
    store = MemoryShowStore()
    webhooks = DirectWebhooks()

    async def answers() -> None:
        return None

    async def figures() -> Mapping[str, float]:
        return {"sessions": 0.0}

    async with BuiltinPayments(
        MemoryBuiltinPaymentStore(), webhooks, "webhook secret", clock, settle_after_s=0.05
    ) as payments:
        yield (
            Ports(
                clock=clock,
                secret=SECRET,
                shows=store,
                tickets=MemoryTicketStore(),
                seats=MemorySeatStore(),
                likes_archive=store,
                bus=MemoryEventBus(),
                likes=MemoryLikes(),
                presence=MemoryPresence(clock),
                readers=MemoryReaders(clock),
                translator=translator or Untranslated(),
                wordbooks=MemoryWordbookStore(),
                texts=MemoryTextStore(),
                limits=MemoryRateLimits(clock),
                commerce=memory_commerce_stores(),
                models=memory_model_ports(directory),
                payments=payments,
                plane=plane,
                pictures=PictureFolder(directory / "pictures"),
                probes={"database": answers, "valkey": answers, "media": answers},
                media_figures=figures,
            ),
            webhooks,
        )


@asynccontextmanager
async def in_background(
    owner: Callable[[asyncio.Future[T], asyncio.Event], Coroutine[None, None, None]],
) -> AsyncIterator[T]:
    """Run ``owner`` beside the test, so that a failing check fails alone and not inside every owner's TaskGroup.

    ``owner`` says what it offers by the future, and ends when the event is set.
    """
    offer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    task = asyncio.create_task(owner(offer, stop))
    task.add_done_callback(lambda _: offer.done() or offer.cancel())
    try:
        yield await offer
    except asyncio.CancelledError:
        if not offer.cancelled():
            raise
    finally:
        stop.set()
        await task


@asynccontextmanager
async def running_server(
    plane: MediaPlane | None = None,
    choices: Choices | None = None,
    clock: Clock | None = None,
    send_buffer_bytes: int | None = None,
    translator: Translator | None = None,
) -> AsyncIterator[Server]:
    """A web process that answers on a free port; leaving the block ends it as SIGTERM would.

    ``send_buffer_bytes`` bounds what the kernel keeps for a client that does not read.
    """
    chosen = choices or Choices()
    options = ServerOptions(port=0)

    async def own(offer: asyncio.Future[Server], stop: asyncio.Event) -> None:
        with tempfile.TemporaryDirectory(prefix="vitrine-") as directory, listen(options) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            if send_buffer_bytes is not None:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
            async with (
                memory_ports(plane or MemoryMediaPlane(), clock or SystemClock(), Path(directory), translator) as (
                    ports,
                    webhooks,
                ),
                open_services(ports, chosen) as parts,
                httpx2.AsyncClient(base_url=url, trust_env=False, timeout=10) as http,
            ):
                webhooks.parts = parts
                offer.set_result(Server(parts, url, http, stop))
                await serve_app(create_app(parts, chosen), parts, options, listener, stop)

    async with in_background(own) as server:
        yield server


@asynccontextmanager
async def real_media_plane() -> AsyncIterator[ControlClient]:
    """The media process' own code on a free UDP port, reached through its control socket."""

    async def own(offer: asyncio.Future[ControlClient], stop: asyncio.Event) -> None:
        with tempfile.TemporaryDirectory(prefix="vitrine-") as directory:
            options = MediaOptions(socket_path=Path(directory) / "media-0.sock", port=0, addresses=("127.0.0.1",))
            async with asyncio.TaskGroup() as group:
                group.create_task(serve_media(options, stop), name="media process")
                async with ControlClient(options.socket_path, SystemClock()).run() as plane:
                    async with asyncio.timeout(10):
                        await plane.wait_connected()
                    offer.set_result(plane)
                    await stop.wait()

    async with in_background(own) as plane:
        yield plane
