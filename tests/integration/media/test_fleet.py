"""The media plane over one and over two processes: the same answers; over two, who goes where."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from stream_server.clock import SystemClock
from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.media.control_server import ControlServer
from stream_server.media.control_wire import LiveSession
from stream_server.media.fleet import MediaFleet
from stream_server.signaling.media_plane import (
    Answer,
    ClockAnchor,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    PublisherPresent,
    SentPicture,
    SentSound,
    SessionClosed,
    SlateFilm,
    SourceStarted,
    SourceStopped,
    UnknownSession,
)

SHOW, OTHER, HOST, VIEWER = ShowId("show_1"), ShowId("show_2"), SessionId("wses_1"), SessionId("vses_1")


class LivingPlane:
    """Fake of `LocalPlane` with sessions: a publisher is live at once, and every process knows every show."""

    def __init__(self, shows: set[ShowId]) -> None:
        self.shows = shows
        """Those that ever had a publisher, shared between processes as their trunk does it."""
        self.control: ControlServer
        self.living: dict[SessionId, LiveSession] = {}
        self.room = 1000
        self.ended: list[ShowId] = []
        self.dubbed: list[str] = []
        self.slates: list[ShowId] = []
        self.is_deaf = False
        """Has not heard yet of the others' shows."""

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
        if dub is not None:
            self.dubbed.append(dub)
            self.living[session_id] = LiveSession(show_id, session_id, "publisher", False)
            return Answer(session_id, offer, "etag")
        present = [s for s in self.living.values() if s.show_id == show_id and s.role == "publisher"]
        if present and not replace:
            raise PublisherPresent(show_id)
        for session in present:
            self.close(session.session_id)
        self._make_room()
        self.shows.add(show_id)
        self.living[session_id] = LiveSession(show_id, session_id, "publisher", True)
        self.control.emit(SourceStarted(show_id, session_id))
        return Answer(session_id, offer, "etag")

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        if show_id not in self.shows or self.is_deaf:
            raise NoPublisher(show_id)
        self._make_room()
        self.living[session_id] = LiveSession(show_id, session_id, "viewer", False)
        return Answer(session_id, offer, "etag")

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        self._session(session_id)
        return Answer(session_id, fragment, "new") if if_match == "*" else None

    def close(self, session_id: SessionId) -> None:
        session = self._session(session_id)
        del self.living[session_id]
        if session.is_source:
            self.control.emit(SourceStopped(session.show_id, session_id, "deleted"))
        self.control.emit(SessionClosed(session.show_id, session_id, "deleted"))

    def picture(self, session_id: SessionId) -> SentPicture:
        self._session(session_id)
        return SentPicture("best", 720, 720)

    def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        self._session(session_id)
        return SentSound(dub, dub in self.dubbed)

    def sound(self, session_id: SessionId) -> SentSound:
        self._session(session_id)
        return SentSound(None, True)

    def dubs(self, show_id: ShowId) -> list[DubStanding]:
        return [DubStanding(name, False, True, 0) for name in self.dubbed]

    def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        self.slates.append(show_id)

    def end_show(self, show_id: ShowId) -> None:
        self.ended.append(show_id)

    def metrics(self) -> dict[str, float]:
        return {"viewers": sum(session.role == "viewer" for session in self.living.values()), "joins": 1}

    def sessions(self) -> list[LiveSession]:
        return list(self.living.values())

    def anchors(self) -> list[ClockAnchor]:
        return []

    def _session(self, session_id: SessionId) -> LiveSession:
        if session_id not in self.living:
            raise UnknownSession("session", session_id)
        return self.living[session_id]

    def _make_room(self) -> None:
        if len(self.living) >= self.room:
            raise TooMany(retry_after_s=2.0)


class House:
    """Fake media processes behind real control sockets, and the fleet over them."""

    def __init__(self, folder: Path, count: int) -> None:
        shows: set[ShowId] = set()
        self.planes = [LivingPlane(shows) for _ in range(count)]
        self.paths = [folder / f"media-{index}.sock" for index in range(count)]
        self.fleet = MediaFleet(self.paths, SystemClock(), retry_s=0.01)
        self._running: dict[int, AsyncExitStack] = {}

    async def start(self, index: int) -> None:
        plane = self.planes[index]
        plane.control = ControlServer(self.paths[index])
        self._running[index] = AsyncExitStack()
        await self._running[index].enter_async_context(plane.control.run(plane))
        await self.until(lambda: self.fleet.clients[index].is_connected)

    async def stop(self, index: int) -> None:
        await self._running.pop(index).aclose()
        self.planes[index].living.clear()
        await self.until(lambda: not self.fleet.clients[index].is_connected)

    async def until(self, condition: object) -> None:
        async with asyncio.timeout(5):
            while not condition():  # type: ignore[operator]
                await asyncio.sleep(0.005)

    async def take(self, count: int) -> list[MediaEvent]:
        taken: list[MediaEvent] = []
        async with asyncio.timeout(5):
            async for event in self.fleet.events():
                taken.append(event)
                if len(taken) == count:
                    break
        return taken

    async def publish(self, show_id: ShowId = SHOW, session_id: str = HOST, *, replace: bool = False) -> Answer:
        return await self.fleet.publish(show_id, SessionId(session_id), "offer", 0.0, replace=replace)

    async def view(self, name: str, show_id: ShowId = SHOW) -> Answer:
        return await self.fleet.view(show_id, SessionId(name), "offer")

    @property
    def spread(self) -> list[int]:
        """Viewers in each process."""
        return [sum(s.role == "viewer" for s in plane.living.values()) for plane in self.planes]


@asynccontextmanager
async def house_of(folder: Path, count: int) -> AsyncIterator[House]:
    house = House(folder, count)
    async with house.fleet.run():
        for index in range(count):
            await house.start(index)
        try:
            yield house
        finally:
            for stack in house._running.values():
                await stack.aclose()


either = pytest.mark.parametrize("count", [1, 2])

# ---------------------------------------------------------------- the same over one process and over two


@either
async def test_a_session_is_opened_patched_described_and_closed(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as house:
        assert await house.publish() == Answer(HOST, "offer", "etag")
        for name in ("vses_1", "vses_2", "vses_3"):
            assert (await house.view(name)).session_id == name
        for session_id in (HOST, VIEWER, SessionId("vses_3")):
            assert await house.fleet.patch(session_id, "a=x", "etag") is None
            assert await house.fleet.patch(session_id, "a=x", "*") == Answer(session_id, "a=x", "new")
        assert (await house.fleet.picture(VIEWER)).height_px == 720
        assert {session.session_id for session in house.fleet.sessions()} == {HOST, "vses_1", "vses_2", "vses_3"}
        await house.fleet.close(VIEWER)
        with pytest.raises(UnknownSession):
            await house.fleet.close(VIEWER)
        assert await house.take(2) == [SourceStarted(SHOW, HOST), SessionClosed(SHOW, VIEWER, "deleted")]


@either
async def test_refusals_are_the_processes_own(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as house:
        with pytest.raises(NoPublisher):
            await house.view("vses_1")
        await house.publish()
        with pytest.raises(PublisherPresent):
            await house.publish(session_id="wses_2")
        for plane in house.planes:
            plane.room = 0
        with pytest.raises(TooMany):
            await house.view("vses_1")


@either
async def test_a_show_ends_everywhere(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as house:
        await house.fleet.end_show(SHOW)
        assert [plane.ended for plane in house.planes] == [[SHOW]] * count


@either
async def test_figures_are_of_all_processes_together(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as house:
        await house.publish()
        for number in range(5):
            await house.view(f"vses_{number}")
        assert await house.fleet.metrics() == {"viewers": 5, "joins": count, "processes": count}


@either
async def test_without_any_process_calls_fail_at_once(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as house:
        for index in range(count):
            await house.stop(index)
        assert not house.fleet.is_connected
        for call in (house.publish(), house.view("vses_1"), house.fleet.end_show(SHOW), house.fleet.metrics()):
            with pytest.raises(MediaUnavailable):
                await call
        with pytest.raises(MediaUnavailable):
            await house.fleet.close(VIEWER)


# ---------------------------------------------------------------- who goes where


async def test_joins_spread_evenly_also_when_they_come_at_once(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        async with asyncio.TaskGroup() as group:
            for number in range(20):
                group.create_task(house.view(f"vses_{number}"))
        assert house.spread == [10, 10]


async def test_publishers_of_different_shows_go_to_different_processes(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish(SHOW, "wses_1")
        await house.publish(OTHER, "wses_2")
        assert [len(plane.living) for plane in house.planes] == [1, 1]


async def test_a_host_who_comes_back_takes_over_from_itself_in_the_same_process(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        await house.publish(session_id="wses_2", replace=True)
        assert [list(plane.living) for plane in house.planes] == [["wses_2"], []]
        assert await house.take(4) == [
            SourceStarted(SHOW, HOST),
            SourceStopped(SHOW, HOST, "deleted"),
            SessionClosed(SHOW, HOST, "deleted"),
            SourceStarted(SHOW, SessionId("wses_2")),
        ]


async def test_a_dead_process_gets_nobody_and_one_that_is_back_gets_the_next_ones(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        for number in range(4):
            await house.view(f"vses_{number}")
        await house.stop(1)
        for number in range(4, 8):
            await house.view(f"vses_{number}")
        assert house.spread == [6, 0]
        await house.start(1)
        for number in range(8, 12):
            await house.view(f"vses_{number}")
        assert house.spread == [6, 4]


async def test_a_host_whose_process_died_goes_to_another(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        await house.stop(0)
        await house.publish(session_id="wses_2", replace=True)
        assert list(house.planes[1].living) == ["wses_2"]


async def test_a_full_process_is_passed_over(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        house.planes[0].room = 1
        for number in range(3):
            await house.view(f"vses_{number}")
        assert house.spread == [0, 3]


async def test_while_a_new_process_has_not_heard_of_the_show_its_viewers_go_to_the_one_that_has_it(
    tmp_path: Path,
) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        house.planes[1].is_deaf = True
        for number in range(3):
            await house.view(f"vses_{number}")
        assert house.spread == [3, 0]


async def test_a_session_opened_through_another_web_process_is_found(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        house.planes[1].shows.add(SHOW)
        house.planes[1].view(SHOW, VIEWER, "offer")
        assert await house.fleet.patch(VIEWER, "a=x", "*") == Answer(VIEWER, "a=x", "new")
        await house.fleet.close(VIEWER)
        assert Counter(house.spread) == {0: 2}


async def test_a_process_that_is_back_tells_which_sessions_are_lost(tmp_path: Path) -> None:
    async with house_of(tmp_path, 2) as house:
        await house.publish()
        await house.view("vses_0")
        await house.view("vses_1")
        assert house.spread == [1, 1]
        await house.stop(1)
        await house.start(1)
        assert await house.take(2) == [SourceStarted(SHOW, HOST), SessionClosed(SHOW, VIEWER, "failed")]
        assert [session.session_id for session in house.fleet.sessions()] == [HOST, "vses_0"]


@either
async def test_a_dub_goes_to_the_process_of_its_show_and_is_asked_for_there(tmp_path: Path, count: int) -> None:
    async with house_of(tmp_path, count) as h:
        with pytest.raises(NoPublisher):
            await h.fleet.publish(SHOW, SessionId("wses_2"), "offer", 0.0, replace=True, dub="es")
        await h.fleet.publish(SHOW, HOST, "offer", 0.0, replace=True, offers=("es",))
        await h.until(lambda: any(session.is_source for session in h.fleet.sessions()))
        await h.fleet.publish(SHOW, SessionId("wses_2"), "offer", 0.0, replace=True, dub="es")
        holder = next(plane for plane in h.planes if HOST in plane.living)
        assert [plane.dubbed for plane in h.planes if plane is not holder] == [[]] * (count - 1)
        assert await h.fleet.dubs(SHOW) == [DubStanding("es", False, True, 0)]
        assert await h.fleet.dubs(OTHER) == []
        await h.fleet.view(SHOW, VIEWER, "offer")
        assert (await h.fleet.choose_sound(VIEWER, "es")).wanted == "es"
        assert (await h.fleet.sound(VIEWER)).is_sent
