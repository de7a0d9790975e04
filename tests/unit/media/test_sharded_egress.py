"""Whom the sharded egress gives to which thread."""

from __future__ import annotations

import socket
from contextlib import closing

from stream_server.media.egress import Target
from stream_server.media.link import Path
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.sharded_egress import ShardedEgress
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import key_pair


def test_pictures_and_sounds_of_viewers_that_begin_with_both_are_each_spread_evenly() -> None:
    shards = [RecordingEgress(), RecordingEgress()]
    egress = ShardedEgress(shards)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as own:
        kinds: tuple[Kind, ...] = ("audio", "video")
        for number in range(10):
            for kind in kinds:
                egress.add(Target(Path(own, ("127.0.0.1", 9)), key_pair()[0], kind, number, 96, 0, 0))
    served = [[target.kind for target in shard.targets.values()] for shard in shards]
    assert [kinds.count("video") for kinds in served] == [5, 5]
    assert [kinds.count("audio") for kinds in served] == [5, 5]


def test_thread_whose_viewers_have_other_tracks_only_is_left_alone() -> None:
    shards = [RecordingEgress(), RecordingEgress()]
    egress = ShardedEgress(shards)
    track = egress.open_track("video")
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as own:
        handle = egress.add(Target(Path(own, ("127.0.0.1", 9)), key_pair()[0], "video", 1, 96, 0, 0))
    egress.attach(handle, track)
    packet = MediaPacket(0, 0, True, False, b"x")
    egress.send(track, [packet])
    assert [list(shard.got.values()) for shard in shards] == [[[packet]], []]
