"""A show on two media processes: one has the publisher, both have viewers, and either may die."""

from __future__ import annotations

import asyncio
import itertools
from itertools import pairwise

import pytest

from stream_server.ids import SessionId, ShowId
from stream_server.signaling.media_plane import ClockAnchor, IngestReport, MediaEvent, SourceStarted
from tests.integration.media.aiortc_peers import eventually
from tests.integration.media.returning_clients import Ask, Client, staying
from tests.integration.media.two_processes import TwoProcesses, two_processes

SHOW = ShowId("show_1")
BACK_S = 3.0

_numbers = itertools.count()


def publishes(two: TwoProcesses) -> Ask:
    return lambda offer: two.plane.publish(SHOW, SessionId(f"wses_{next(_numbers)}"), offer, 0.0, replace=True)


def views(two: TwoProcesses) -> Ask:
    return lambda offer: two.plane.view(SHOW, SessionId(f"vses_{next(_numbers)}"), offer)


def is_on_air(two: TwoProcesses) -> bool:
    return any(session.is_source for session in two.plane.sessions())


def process_of(two: TwoProcesses, client: Client) -> int:
    return two.where(client.peers[-1].answer.session_id)


def clock_at(client: Client) -> set[float]:
    return {show_s for _, show_s in client.pictures}


def longest_gap_s(client: Client, since_s: float) -> float:
    times = [since_s, *(at_s for at_s, _ in client.pictures if at_s > since_s), asyncio.get_running_loop().time()]
    return max(later - earlier for earlier, later in pairwise(times))


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_viewers_of_every_process_see_the_same_frames_at_the_same_time_of_the_show() -> None:
    async with two_processes() as two:
        host = Client(publishes(two), "sendonly")
        viewers = [Client(views(two), "recvonly") for _ in range(4)]
        async with staying(host):
            await eventually(lambda: is_on_air(two), 10)
            async with staying(*viewers):
                await eventually(lambda: all(len(viewer.pictures) > 300 for viewer in viewers), 20)
                assert sorted(process_of(two, viewer) for viewer in viewers) == [0, 0, 1, 1]
                began = max(min(clock_at(viewer)) for viewer in viewers)
                ended = min(max(clock_at(viewer)) for viewer in viewers)
                seen = [sorted(s for s in clock_at(viewer) if began < s < ended) for viewer in viewers]
                assert len(seen[0]) > 30
                assert all(one == seen[0] for one in seen)
                assert all(viewer.peers[0].lost == 0 for viewer in viewers)
                figures = await two.plane.metrics()
                assert figures["publishers"] == 1
                assert figures["packets_piped"] > 300
                assert figures["packets_not_piped"] == 0
                told: list[MediaEvent] = []
                async with asyncio.timeout(10):
                    async for event in two.plane.events():
                        told.append(event)
                        if isinstance(event, IngestReport) and event.viewers == 4:
                            break
                assert sum(isinstance(event, SourceStarted) for event in told) == 1
                assert any(isinstance(event, ClockAnchor) for event in told)


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_killing_a_process_takes_only_its_own_viewers_who_are_back_on_the_other_within_seconds() -> None:
    async with two_processes() as two:
        host = Client(publishes(two), "sendonly")
        viewers = [Client(views(two), "recvonly") for _ in range(4)]
        async with staying(host):
            await eventually(lambda: is_on_air(two), 10)
            async with staying(*viewers):
                await eventually(lambda: all(len(viewer.pictures) > 150 for viewer in viewers), 20)
                origin = process_of(two, host)
                struck = [viewer for viewer in viewers if process_of(two, viewer) != origin]
                spared = [viewer for viewer in viewers if process_of(two, viewer) == origin]
                assert len(struck) == len(spared) == 2
                killed_s = asyncio.get_running_loop().time()
                await two.kill(1 - origin)
                await eventually(lambda: all(len(v.peers) > 1 and v.peers[-1].pictures for v in struck), 20)
                back_s = max(viewer.peers[-1].pictures[0][0] for viewer in struck) - killed_s
                await asyncio.sleep(1)
                assert back_s < BACK_S
                assert [process_of(two, viewer) for viewer in viewers] == [origin] * 4
                assert all(len(viewer.peers) == 1 and viewer.peers[0].lost == 0 for viewer in spared)
                assert max(longest_gap_s(viewer, killed_s) for viewer in spared) < 0.5
                assert len(host.peers) == 1
                await two.start(1 - origin)  # as the supervisor does: it is of use again
                await eventually(lambda: two.plane.connected == 2, 20)
                late = Client(views(two), "recvonly")
                async with staying(late):
                    await eventually(lambda: len(late.pictures) > 60, 10)
                    assert process_of(two, late) == 1 - origin
                    assert abs(late.pictures[-1][1] - spared[0].pictures[-1][1]) < 1


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_killing_the_process_with_the_publisher_brings_the_show_back_where_its_clock_stands() -> None:
    async with two_processes() as two:
        host = Client(publishes(two), "sendonly")
        viewers = [Client(views(two), "recvonly") for _ in range(2)]
        async with staying(host):
            await eventually(lambda: is_on_air(two), 10)
            async with staying(*viewers):
                await eventually(lambda: all(len(viewer.pictures) > 150 for viewer in viewers), 20)
                origin = process_of(two, host)
                (struck,) = (viewer for viewer in viewers if process_of(two, viewer) == origin)
                (spared,) = (viewer for viewer in viewers if process_of(two, viewer) != origin)
                killed_s = asyncio.get_running_loop().time()
                await two.kill(origin)
                await eventually(lambda: len(struck.peers) > 1 and len(struck.peers[-1].pictures) > 60, 20)
                await eventually(lambda: spared.pictures[-1][0] > killed_s + 1.5, 20)
                assert process_of(two, host) == 1 - origin
                assert longest_gap_s(spared, killed_s) < BACK_S
                assert len(spared.peers) == 1
                for viewer in viewers:
                    at_s, clock_s = viewer.pictures[0]
                    assert all(b[1] >= a[1] - 0.2 for a, b in pairwise(viewer.pictures))
                    for now_s, show_s in viewer.pictures:
                        assert show_s - clock_s == pytest.approx(now_s - at_s, abs=1.0)
                assert spared.pictures[-1][1] == pytest.approx(struck.pictures[-1][1], abs=1.0)
