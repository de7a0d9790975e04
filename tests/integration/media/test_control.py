"""Both ends of the control channel on a real unix socket, before a plane that only remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stream_server.clock import SystemClock
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.control_server import ControlServer
from stream_server.media.control_wire import LiveSession
from stream_server.signaling.media_plane import (
    Answer,
    BadOffer,
    ClockAnchor,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    SentPicture,
    SentSound,
    SessionClosed,
    SlateFilm,
    SourceStarted,
    SourceStopped,
    UnknownSession,
)

SHOW, HOST, VIEWER = ShowId("show_1"), SessionId("wses_1"), SessionId("vses_1")


class RememberingPlane:
    """Fake of `LocalPlane`."""

    def __init__(self) -> None:
        self.living: list[LiveSession] = []
        self.calls: list[tuple[object, ...]] = []

    def publish(
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
        self.calls.append((show_id, session_id, offer, position_ms, replace, *offers, *([dub] if dub else [])))
        return Answer(session_id, "answer", "etag")

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        if offer == "bad":
            raise BadOffer("it is bad", acceptable=True)
        if offer == "bug":
            raise RuntimeError("a bug of ours")
        raise NoPublisher(show_id)

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        return Answer(session_id, fragment, "new") if if_match == "*" else None

    def close(self, session_id: SessionId) -> None:
        raise UnknownSession("session", session_id)

    def picture(self, session_id: SessionId) -> SentPicture:
        self.calls.append(("picture", session_id))
        return SentPicture("loss", 360, 720)

    def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        self.calls.append(("choose_sound", session_id, dub))
        return SentSound(dub, False)

    def sound(self, session_id: SessionId) -> SentSound:
        return SentSound(None, True)

    def dubs(self, show_id: ShowId) -> list[DubStanding]:
        return [DubStanding("es", True, False, 2), DubStanding("es+original", True, True, 1)]

    def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        self.calls.append(("put_slate", show_id, *films))

    def end_show(self, show_id: ShowId) -> None:
        self.calls.append((show_id,))

    def metrics(self) -> dict[str, float]:
        return {"viewers": 3}

    def sessions(self) -> list[LiveSession]:
        return self.living

    def anchors(self) -> list[ClockAnchor]:
        return [ClockAnchor(session.show_id, 1.0, 2.0) for session in self.living if session.is_source]


@asynccontextmanager
async def both_ends(path: Path, plane: RememberingPlane) -> AsyncIterator[tuple[ControlServer, ControlClient]]:
    server = ControlServer(path)
    client = ControlClient(path, SystemClock(), retry_s=0.01)
    async with server.run(plane), client.run():
        async with asyncio.timeout(5):
            await client.wait_connected()
        yield server, client


async def take(client: ControlClient, count: int) -> list[MediaEvent]:
    taken: list[MediaEvent] = []
    async with asyncio.timeout(5):
        async for event in client.events():
            taken.append(event)
            if len(taken) == count:
                break
    return taken


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "media.sock"


async def test_calls_reach_the_plane_and_answers_come_back(path: Path) -> None:
    plane = RememberingPlane()
    async with both_ends(path, plane) as (_, client):
        offer = "v=0\r\n" + "ö\x00\n" * 20_000
        assert await client.publish(SHOW, HOST, offer, 12.5, replace=True) == Answer(HOST, "answer", "etag")
        await client.end_show(SHOW)
        assert plane.calls == [(SHOW, HOST, offer, 12.5, True), (SHOW,)]
        assert await client.patch(HOST, "a=x", "etag") is None
        assert await client.patch(HOST, "a=x", "*") == Answer(HOST, "a=x", "new")
        assert await client.picture(VIEWER) == SentPicture("loss", 360, 720)
        assert await client.metrics() == {"viewers": 3}
        assert client.is_connected


async def test_dubs_are_published_offered_and_chosen_through_the_channel(path: Path) -> None:
    plane = RememberingPlane()
    async with both_ends(path, plane) as (_, client):
        await client.publish(SHOW, HOST, "offer", 0.0, replace=True, offers=("es", "zh"))
        await client.publish(SHOW, HOST, "offer", 0.0, replace=True, dub="es")
        assert await client.choose_sound(VIEWER, "es") == SentSound("es", False)
        assert await client.choose_sound(VIEWER, None) == SentSound(None, False)
        assert await client.sound(VIEWER) == SentSound(None, True)
        assert await client.dubs(SHOW) == plane.dubs(SHOW)
        assert plane.calls == [
            (SHOW, HOST, "offer", 0.0, True, "es", "zh"),
            (SHOW, HOST, "offer", 0.0, True, "es"),
            ("choose_sound", VIEWER, "es"),
            ("choose_sound", VIEWER, None),
        ]


async def test_refusals_come_back_as_what_they_are(path: Path) -> None:
    async with both_ends(path, RememberingPlane()) as (_, client):
        with pytest.raises(BadOffer) as caught:
            await client.view(SHOW, VIEWER, "bad")
        assert (caught.value.reason, caught.value.acceptable) == ("it is bad", True)
        with pytest.raises(NoPublisher):
            await client.view(SHOW, VIEWER, "good")
        with pytest.raises(UnknownSession) as unknown:
            await client.close(VIEWER)
        assert unknown.value.id == VIEWER
        with pytest.raises(MediaUnavailable):
            await client.view(SHOW, VIEWER, "bug")
        with pytest.raises(NoPublisher):
            await client.view(SHOW, VIEWER, "good")


async def test_many_calls_at_once_get_their_own_answers(path: Path) -> None:
    async with both_ends(path, RememberingPlane()) as (_, client), asyncio.TaskGroup() as group:
        calls = [group.create_task(client.patch(HOST, str(n), "*")) for n in range(100)]
    assert [call.result() for call in calls] == [Answer(HOST, str(n), "new") for n in range(100)]


async def test_events_arrive_in_order(path: Path) -> None:
    async with both_ends(path, RememberingPlane()) as (server, client):
        events: list[MediaEvent] = [SourceStarted(SHOW, HOST), SourceStopped(SHOW, HOST, "closed")]
        for event in events:
            server.emit(event)
        assert await take(client, 2) == events


async def test_a_slow_reader_misses_old_anchors_but_no_other_event(path: Path) -> None:
    async with both_ends(path, RememberingPlane()) as (server, client):
        server.emit(SourceStarted(SHOW, HOST))
        for n in range(5):
            server.emit(ClockAnchor(SHOW, float(n), 0.0))
        server.emit(SessionClosed(SHOW, VIEWER, "closed"))
        await client.metrics()  # comes after the events on the same socket
        assert await take(client, 3) == [
            SourceStarted(SHOW, HOST),
            ClockAnchor(SHOW, 4.0, 0.0),
            SessionClosed(SHOW, VIEWER, "closed"),
        ]


async def test_a_new_web_process_learns_what_lives(path: Path) -> None:
    plane = RememberingPlane()
    plane.living = [LiveSession(SHOW, HOST, "publisher", True), LiveSession(SHOW, VIEWER, "viewer", False)]
    async with both_ends(path, plane) as (_, client):
        assert await take(client, 2) == [SourceStarted(SHOW, HOST), ClockAnchor(SHOW, 1.0, 2.0)]
        assert client.sessions() == plane.living


async def test_without_the_media_process_calls_fail_at_once(path: Path) -> None:
    async with ControlClient(path, SystemClock()).run() as client:
        assert not client.is_connected
        with pytest.raises(MediaUnavailable):
            await client.metrics()


async def test_after_a_restart_of_the_media_process_lost_sessions_are_reported(path: Path) -> None:
    plane = RememberingPlane()
    plane.living = [LiveSession(SHOW, HOST, "publisher", True), LiveSession(SHOW, VIEWER, "viewer", False)]
    client = ControlClient(path, SystemClock(), retry_s=0.01)
    async with client.run():
        async with ControlServer(path).run(plane):
            assert len(await take(client, 2)) == 2
        async with asyncio.timeout(5):
            while client.is_connected:
                await asyncio.sleep(0.005)
        with pytest.raises(MediaUnavailable):
            await client.metrics()
        async with ControlServer(path).run(RememberingPlane()):
            assert await take(client, 3) == [
                SourceStopped(SHOW, HOST, "failed"),
                SessionClosed(SHOW, HOST, "failed"),
                SessionClosed(SHOW, VIEWER, "failed"),
            ]
            assert client.sessions() == []


async def test_nonsense_on_the_socket_ends_that_connection_only(path: Path) -> None:
    async with both_ends(path, RememberingPlane()) as (_, client):
        for line in (b"nonsense\n", b'{"call":"unknown","arguments":{}}\n', b"x" * 600_000 + b"\n"):
            reader, writer = await asyncio.open_unix_connection(str(path))
            assert await reader.readline()
            writer.write(line)
            async with asyncio.timeout(5):
                assert await reader.read() == b""
            writer.close()
        assert await client.metrics() == {"viewers": 3}
