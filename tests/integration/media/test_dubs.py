"""A viewer chooses another language's sound: the same session, the same SSRC, numbers and times that go on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from aiortc import RTCPeerConnection

from stream_server.ids import SessionId
from stream_server.media import native_egress
from stream_server.media.egress import Egress, PythonEgress
from stream_server.media.metrics import Counters
from stream_server.media.native_egress import NativeEgress
from stream_server.signaling.media_plane import (
    BadOffer,
    DubStanding,
    NoPublisher,
    PublisherPresent,
    SentSound,
    SourceStarted,
    SourceStopped,
    UnknownSession,
)
from tests.integration.media.aiortc_peers import SHOW, SmallPicture, Stage, eventually, publishing, stage
from tests.integration.media.dub_peers import Ear, dubbing, listening

each_engine = pytest.mark.parametrize(
    "make_egress",
    [
        pytest.param(PythonEgress, id="python"),
        pytest.param(
            NativeEgress,
            id="native",
            marks=pytest.mark.skipif(not native_egress.is_built(), reason="the native egress was not built here"),
        ),
    ],
)


async def started(s: Stage) -> None:
    """The show's own publisher is on air."""
    await eventually(lambda: s.of(SourceStarted))


def sound_goes_on(ear: Ear) -> None:
    """One SSRC, every number once and in order, time that only rises and never by more than a moment."""
    assert len({ssrc for ssrc, _, _ in ear.packets}) == 1
    for (_, number, at), (_, next_number, next_at) in pairwise(ear.packets):
        assert (next_number - number) & 0xFFFF == 1
        assert 960 <= (next_at - at) & 0xFFFFFFFF < 48_000
    assert ear.connection_states[-1] == "connected"


@each_engine
async def test_a_viewer_hears_the_dub_it_chose_and_the_original_again(
    make_egress: Callable[[Counters], Egress],
) -> None:
    async with stage(make_egress) as s, publishing(s.relay), AsyncExitStack() as stack:
        await started(s)
        ear = await stack.enter_async_context(listening(s.relay))
        other = await stack.enter_async_context(listening(s.relay))
        await eventually(lambda: len(ear.packets) > 20 and len(other.packets) > 20)
        await stack.enter_async_context(dubbing(s.relay, "es"))
        await eventually(lambda: s.relay.dubs(SHOW) == [DubStanding("es", False, True, 0)])
        assert s.relay.choose_sound(ear.session_id, "es").wanted == "es"
        await eventually(lambda: ear.hears_dub)
        assert s.relay.sound(ear.session_id) == SentSound("es", True)
        assert s.relay.dubs(SHOW)[0].listeners == 1
        assert not other.hears_dub
        s.relay.choose_sound(ear.session_id, None)
        await eventually(lambda: not ear.hears_dub)
        assert s.relay.sound(ear.session_id) == SentSound(None, True)
        sound_goes_on(ear)
        sound_goes_on(other)


async def test_a_viewer_may_choose_before_the_dub_flows_and_hears_the_original_when_it_ends() -> None:
    async with stage() as s, publishing(s.relay, offers=("es",)), AsyncExitStack() as stack:
        await started(s)
        ear = await stack.enter_async_context(listening(s.relay))
        assert s.relay.choose_sound(ear.session_id, "es") == SentSound("es", False)
        await eventually(lambda: s.relay.dubs(SHOW) == [DubStanding("es", True, False, 1)])
        async with dubbing(s.relay, "es"):
            await eventually(lambda: ear.hears_dub)
        await eventually(lambda: not ear.hears_dub)
        await eventually(lambda: s.relay.sound(ear.session_id) == SentSound("es", False))
        sound_goes_on(ear)
        assert len(s.of(SourceStarted)) == 1
        assert not s.of(SourceStopped)


async def test_a_dub_that_is_published_again_replaces_itself() -> None:
    async with stage() as s, publishing(s.relay), AsyncExitStack() as stack:
        await started(s)
        ear = await stack.enter_async_context(listening(s.relay))
        s.relay.choose_sound(ear.session_id, "es")
        first = await stack.enter_async_context(dubbing(s.relay, "es"))
        await eventually(lambda: ear.hears_dub)
        second = await stack.enter_async_context(dubbing(s.relay, "es"))
        assert [session.session_id for session in s.relay.sessions() if session.session_id in (first, second)] == [
            second
        ]
        heard = len(ear.packets)
        await eventually(lambda: len(ear.packets) > heard + 60)
        assert ear.hears_dub
        sound_goes_on(ear)


async def test_the_stand_ins_dub_is_silent_while_the_host_is_on_air() -> None:
    async with stage() as s, publishing(s.relay), AsyncExitStack() as stack:
        await started(s)
        await stack.enter_async_context(publishing(s.relay, standby=True, offers=("es",)))
        ear = await stack.enter_async_context(listening(s.relay))
        s.relay.choose_sound(ear.session_id, "es")
        await stack.enter_async_context(dubbing(s.relay, "es", standby=True))
        await eventually(lambda: len(ear.packets) > 60)
        assert not ear.hears_dub
        assert s.relay.dubs(SHOW) == [DubStanding("es", False, False, 1)]


async def test_a_dub_is_piped_to_the_process_in_which_somebody_chose_it(tmp_path: Path) -> None:
    paths = tuple(tmp_path / f"trunk-{index}.sock" for index in range(2))
    async with (
        stage(index=0, trunk_paths=paths) as origin,
        stage(index=1, trunk_paths=paths) as sister,
        publishing(origin.relay, offers=("es", "zh")),
        AsyncExitStack() as stack,
    ):
        await started(origin)
        await eventually(lambda: sister.relay.metrics()["sisters"] > 0)
        await eventually(lambda: sister.relay._exchange.find(SHOW) is not None)
        ear = await stack.enter_async_context(listening(sister.relay))
        await eventually(lambda: len(ear.packets) > 20)
        await stack.enter_async_context(dubbing(origin.relay, "es"))
        await stack.enter_async_context(dubbing(origin.relay, "zh"))
        sister.relay.choose_sound(ear.session_id, "es")
        await eventually(lambda: ear.hears_dub)
        assert sister.relay.sound(ear.session_id) == SentSound("es", True)
        assert {d.name: (d.is_flowing, d.listeners) for d in origin.relay.dubs(SHOW)} == {
            "es": (True, 1),
            "zh": (True, 0),
        }
        sister.relay.choose_sound(ear.session_id, None)
        await eventually(lambda: not ear.hears_dub)
        sound_goes_on(ear)


async def test_an_interpreter_is_heard_whoever_presents_and_nobody_takes_their_place() -> None:
    async with stage() as s, publishing(s.relay):
        await started(s)
        # Not of the presenter's kind: a presenter's own dub would stay unheard.
        async with listening(s.relay) as ear, dubbing(s.relay, "es", standby=True, replace=False):
            s.relay.choose_sound(ear.session_id, "es")
            await eventually(lambda: ear.hears_dub)
            for replace in (False, True):
                with pytest.raises(PublisherPresent):
                    async with dubbing(s.relay, "es", replace=replace):
                        pass
            assert s.relay.sound(ear.session_id) == SentSound("es", True)


async def test_what_is_no_dub_is_refused() -> None:
    async with stage() as s, publishing(s.relay):
        await started(s)
        pc = RTCPeerConnection()
        pc.addTransceiver(SmallPicture(), direction="sendonly")
        await pc.setLocalDescription(await pc.createOffer())
        with pytest.raises(BadOffer):
            s.relay.publish(SHOW, SessionId("wses_2"), pc.localDescription.sdp, 0, replace=True, dub="es")
        await pc.close()
        with pytest.raises(UnknownSession):
            s.relay.choose_sound(s.of(SourceStarted)[0].session_id, "es")


async def test_a_show_that_nobody_presents_has_no_dubs() -> None:
    async with stage() as s:
        assert s.relay.dubs(SHOW) == []
        with pytest.raises(NoPublisher):
            async with dubbing(s.relay, "es"):
                pass
