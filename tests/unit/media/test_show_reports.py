"""How often viewers are told which instant their timestamps belong to."""

from __future__ import annotations

import socket

from stream_server.clock import ManualClock
from stream_server.ids import SessionId
from stream_server.media.dubs import Dubs
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.outlet import Outlet
from stream_server.media.show_reports import TICKS_PER_S, ShowReports
from stream_server.media.sister import SisterSource
from stream_server.media.timeline import Timeline
from stream_server.media.trunk_wire import Standing
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME
from tests.unit.media.test_outlet import RememberingShow
from tests.unit.media.test_track import H264
from tests.unit.media.test_viewer import Stage
from tests.unit.media.trunk_talk import SHOW, announcement


def test_a_new_viewer_gets_a_report_a_second_and_later_one_in_three() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        stages = [Stage(Path(made, ("127.0.0.1", 9))) for _ in range(30)]
        clock = ManualClock()
        incoming = SisterSource(1, announcement(), lambda _: None, clock.monotonic_s)
        incoming.on_standing(Standing(SHOW, 0.0, 0.0, 0.0, {"video": 0}, ()))
        for stage in stages:
            picture = stage.viewer.feeds["video"].track
            picture.begin_source(H264, answers_keyframe_requests=True)
            for number, payload in enumerate((H264_KEYFRAME, H264_DELTA)):
                picture.push(number, number * 3000, True, False, payload, 10.0, is_newest=True)
                picture.flush()
        viewers = {SessionId(f"viewer_{number}"): stage.viewer for number, stage in enumerate(stages)}
        sound = stages[0].viewer.feeds["audio"].track
        dubs = Dubs(sound, lambda: sound, Outlet(SHOW, 7, RememberingShow(), [], Counters()), lambda *_: None)
        reports = ShowReports(SHOW, Timeline(0, 0.0), clock, lambda _: None)

        told: list[set[int]] = []
        for second in range(11):
            for tick in range(TICKS_PER_S):
                reports.to_viewers(viewers, incoming, dubs, second * TICKS_PER_S + tick, clock.monotonic_s())
                clock.advance(1 / TICKS_PER_S)
            told.append({len(stage.link.rtcp) for stage in stages})
        assert told[:5] == [{1}, {2}, {3}, {4}, {5}]
        assert told[7] == {6}
        assert told[10] == {7}
