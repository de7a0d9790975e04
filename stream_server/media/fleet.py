"""`MediaPlane` over all media processes of the server: says where a session goes, and finds it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import structlog

from stream_server.clock import Clock
from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.control_events import EventQueue
from stream_server.media.control_wire import LiveSession
from stream_server.media.spread import Load, order_for_publisher, order_for_viewer
from stream_server.signaling.media_plane import (
    Answer,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    SentPicture,
    SentSound,
    SlateFilm,
    UnknownSession,
)

log = structlog.get_logger(__name__)

_T = TypeVar("_T")


class MediaFleet:
    """The media processes, by their control sockets; one of them is a fleet, too.

    A process that does not answer gets nobody, and one that dies takes only its own sessions: those who come back
    are spread over the others.
    """

    def __init__(self, socket_paths: Sequence[Path], clock: Clock, retry_s: float = 0.2) -> None:
        self._events = EventQueue()
        self.clients = [ControlClient(path, clock, retry_s, self._events) for path in socket_paths]
        """One for each process, by its number."""
        self._joining: Counter[int] = Counter()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[MediaFleet]:
        """Keep the connections up for as long as the block lasts."""
        async with AsyncExitStack() as stack:
            for client in self.clients:
                await stack.enter_async_context(client.run())
            yield self

    @property
    def is_connected(self) -> bool:
        """True while any process answers."""
        return any(client.is_connected for client in self.clients)

    @property
    def connected(self) -> int:
        """Processes that answer."""
        return sum(client.is_connected for client in self.clients)

    async def wait_connected(self) -> None:
        """Return once all processes are there; wait under your own time limit."""
        for client in self.clients:
            await client.wait_connected()

    # ------------------------------------------------------------ MediaPlane

    async def publish(
        self,
        show_id: ShowId,
        session_id: SessionId,
        offer: str,
        position_ms: float,
        *,
        replace: bool,
        standby: bool = False,
        patience_s: float = 0.0,
        offers: Sequence[str] = (),
        dub: str | None = None,
    ) -> Answer:
        """See `MediaPlane.publish`. A dub goes where the show's publisher is."""
        holder = self._holder(show_id)
        if dub is not None and holder is None:
            raise NoPublisher(show_id)
        order = (
            [holder] if dub is not None and holder is not None else order_for_publisher(self._loads(show_id), holder)
        )

        def ask(client: ControlClient) -> Awaitable[Answer]:
            return client.publish(
                show_id,
                session_id,
                offer,
                position_ms,
                replace=replace,
                standby=standby,
                patience_s=patience_s,
                offers=offers,
                dub=dub,
            )

        return await self._first(order, ask)

    async def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`."""

        def ask(client: ControlClient) -> Awaitable[Answer]:
            return client.view(show_id, session_id, offer)

        try:
            return await self._first(order_for_viewer(self._loads(show_id)), ask)
        except NoPublisher:
            holder = self._holder(show_id)  # the one asked began just now, and has not heard of the show yet
            if holder is None or len(self.clients) == 1:
                raise
            return await self._first([holder], ask)

    async def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`."""
        return await self._where_it_is(session_id, lambda client: client.patch(session_id, fragment, if_match))

    async def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`."""
        await self._where_it_is(session_id, lambda client: client.close(session_id))

    async def picture(self, session_id: SessionId) -> SentPicture:
        """See `MediaPlane.picture`."""
        return await self._where_it_is(session_id, lambda client: client.picture(session_id))

    async def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """See `MediaPlane.choose_sound`."""
        return await self._where_it_is(session_id, lambda client: client.choose_sound(session_id, dub))

    async def sound(self, session_id: SessionId) -> SentSound:
        """See `MediaPlane.sound`."""
        return await self._where_it_is(session_id, lambda client: client.sound(session_id))

    async def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """See `MediaPlane.dubs`: the process that has the show's publisher knows."""
        holder = self._holder(show_id)
        return [] if holder is None else await self.clients[holder].dubs(show_id)

    async def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        """See `SlatePlane.put_slate`: the process that has the show's publisher plays it."""
        holder = self._holder(show_id)
        if holder is not None:
            await self.clients[holder].put_slate(show_id, films)

    async def end_show(self, show_id: ShowId) -> None:
        """See `MediaPlane.end_show`. A process that does not answer has died, and forgotten the show."""
        ended = 0
        for client in self.clients:
            if client.is_connected:
                await client.end_show(show_id)
                ended += 1
        if not ended:
            raise MediaUnavailable(retry_after_s=1.0)

    def events(self) -> AsyncIterator[MediaEvent]:
        """See `MediaPlane.events`. Anchors and reports come from the process that has a show's publisher, alone."""
        return self._events.read()

    # ------------------------------------------------------------ what lives

    async def metrics(self) -> dict[str, float]:
        """Counters and gauges of all processes together, by name; ``processes`` is how many answer."""
        total: Counter[str] = Counter()
        processes = 0
        for client in self.clients:
            try:
                total.update(await client.metrics())
            except MediaUnavailable:
                continue
            processes += 1
        if not processes:
            raise MediaUnavailable(retry_after_s=1.0)
        return {**total, "processes": processes}

    def sessions(self) -> list[LiveSession]:
        """The sessions known to live right now, in all processes."""
        return [session for client in self.clients for session in client.sessions()]

    # ------------------------------------------------------------ inside

    def _loads(self, show_id: ShowId) -> list[Load]:
        loads = []
        for process, client in enumerate(self.clients):
            if not client.is_connected:
                continue
            sessions = client.sessions()
            publishers = sum(session.role == "publisher" for session in sessions)
            viewers = len(sessions) - publishers + self._joining[process]
            loads.append(Load(process, publishers, viewers, any(s.show_id == show_id for s in sessions)))
        return loads

    def _holder(self, show_id: ShowId) -> int | None:
        """The process that has the show's publisher: the one whose media flows before one that only connects."""
        found = [
            (session.is_source, process)
            for process, client in enumerate(self.clients)
            if client.is_connected
            for session in client.sessions()
            if session.show_id == show_id and session.role == "publisher"
        ]
        return max(found)[1] if found else None

    async def _first(self, order: Sequence[int], ask: Callable[[ControlClient], Awaitable[Answer]]) -> Answer:
        """The answer of the first process that is there and has room. Raises: what the last one asked says."""
        refused: MediaUnavailable | TooMany = MediaUnavailable(retry_after_s=1.0)
        for process in order:
            client = self.clients[process]
            self._joining[process] += 1
            try:
                return await ask(client)
            except TooMany as error:
                refused = error
            except MediaUnavailable as error:
                if client.is_connected:
                    raise  # it is only slow, and may have opened the session all the same
                log.warning("a media process died under a request; asking another", process=process)
                refused = error
            finally:
                self._joining[process] -= 1
        raise refused

    async def _where_it_is(self, session_id: SessionId, ask: Callable[[ControlClient], Awaitable[_T]]) -> _T:
        """Ask the process that has the session. One that was opened through another web process is looked for."""
        for client in self.clients:
            if client.holds(session_id):
                return await ask(client)
        missing: UnknownSession | MediaUnavailable = MediaUnavailable(retry_after_s=1.0)
        for client in self.clients:
            if client.is_connected:
                try:
                    return await ask(client)
                except UnknownSession as error:
                    missing = error
        raise missing
