"""A viewer between three sizes of one picture, packet by packet: down when its network narrows, up when it widens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from benchmarks.light_viewer import open_peer
from stream_server.ids import SessionId
from stream_server.media import layer_choice, native_egress
from stream_server.media.egress import Egress, PythonEgress
from stream_server.media.metrics import Counters
from stream_server.media.native_egress import NativeEgress
from stream_server.signaling.media_plane import Answer, SentPicture
from tests.integration.media.aiortc_peers import SHOW, Stage, eventually, stage
from tests.integration.media.simulcast_peers import FPS, LayeredHost, LayeredViewer, simulcast_offer

TICKS = 90_000 // FPS
VIEWER = SessionId("whep_layers")
WAIT_S = 0.6
"""In the place of the 5 s before a larger picture is tried."""


@asynccontextmanager
async def on_air(s: Stage) -> AsyncIterator[tuple[LayeredHost, LayeredViewer]]:
    """A host of three sizes, all of them known to the relay, and a viewer."""

    async def publish(offer: str) -> Answer:
        return s.relay.publish(SHOW, SessionId("whip_layers"), simulcast_offer(offer), 0.0, replace=False)

    async def view(offer: str) -> Answer:
        return s.relay.view(SHOW, VIEWER, offer)

    host = await open_peer(publish, "sendonly", make=LayeredHost)
    assert isinstance(host, LayeredHost)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(host.broadcast())]
        show = s.relay._shows[SHOW]
        await eventually(lambda: show.publisher is not None and len(show.publisher.sent_layers(0.0)) == 3)
        viewer = await open_peer(view, "recvonly", make=LayeredViewer)
        assert isinstance(viewer, LayeredViewer)
        tasks.append(group.create_task(_read(viewer)))
        yield host, viewer
        for task in tasks:
            task.cancel()
    host.close()
    viewer.close()


async def _read(viewer: LayeredViewer) -> None:
    while True:
        viewer.read()
        await asyncio.sleep(0.005)


async def reaches(viewer: LayeredViewer, layer: int, bps: int) -> None:
    """Wait until the viewer sees ``layer``, on a network that carries ``bps``."""
    async with asyncio.timeout(10):
        while viewer.layer != layer:
            viewer.estimate(bps)
            await asyncio.sleep(0.1)


@pytest.mark.timeout(40)
@pytest.mark.parametrize(
    "egress",
    [
        pytest.param(PythonEgress, id="python"),
        pytest.param(
            NativeEgress,
            id="native",
            marks=pytest.mark.skipif(not native_egress.is_built(), reason="the native egress was not built here"),
        ),
    ],
)
async def test_a_viewer_goes_down_and_up_with_every_number_in_its_place(
    egress: Callable[[Counters], Egress], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_choice, "FIRST_WAIT_S", WAIT_S)
    async with stage(egress) as s, on_air(s) as (host, viewer):
        await reaches(viewer, 2, 400_000)
        assert s.relay.picture(VIEWER).reason == "best"
        await asyncio.sleep(layer_choice.SETTLE_S)
        await reaches(viewer, 0, 60_000)
        assert s.relay.picture(VIEWER) == SentPicture("bandwidth", 0, 0)
        await reaches(viewer, 1, 2_000_000)
        await reaches(viewer, 2, 2_000_000)
        await eventually(lambda: len(viewer.seen) > 0 and viewer.seen[-1].layer == 2)
        seen = list(viewer.seen)

    assert seen[0].is_key
    changes = [(before, after) for before, after in pairwise(seen) if before.layer != after.layer]
    assert [after.layer for _, after in changes][-3:] == [0, 1, 2]
    for before, after in pairwise(seen):
        assert (after.sequence - before.sequence) & 0xFFFF == 1
        assert after.number >= before.number
        ticks = (after.timestamp - before.timestamp) & 0xFFFFFFFF
        # the frame that was sent last may come again in the new size: its time moves on by one tick
        assert abs(ticks - TICKS * (after.number - before.number)) <= 1
        assert ticks > 0
    assert all(after.is_key for _, after in changes)
    assert viewer.lost == 0
    assert host.keyframes_sent[0] >= 2
