from stream_server.media.cache import PacketCache
from stream_server.media.rtp import MediaPacket


def packet(index: int, timestamp: int = 0) -> MediaPacket:
    return MediaPacket(index, timestamp, False, False, b"")


def test_packets_are_found_until_newer_ones_take_their_place() -> None:
    cache = PacketCache(4)
    for index in range(6):
        assert cache.put(packet(index), 0.0, opens_keyframe=False)
    assert cache.get(1) is None
    assert [p.index for p in cache.from_index(2, 10)] == [2, 3, 4, 5]
    assert cache.newest_index == 5


def test_late_packets_fill_gaps_but_duplicates_and_ancient_ones_do_not_count() -> None:
    cache = PacketCache(4)
    for index in (0, 1, 3):
        cache.put(packet(index), 0.0, opens_keyframe=False)
    assert [p.index for p in cache.from_index(0, 10)] == [0, 1, 3]
    assert cache.put(packet(2), 0.0, opens_keyframe=False)
    assert not cache.put(packet(2), 0.0, opens_keyframe=False)
    cache.put(packet(9), 0.0, opens_keyframe=False)
    assert not cache.put(packet(5), 0.0, opens_keyframe=False)


def test_a_keyframe_begins_with_its_first_packet() -> None:
    cache = PacketCache(100)
    cache.put(packet(0, 1), 1.0, opens_keyframe=True)
    cache.put(packet(10, 2), 2.0, opens_keyframe=True)
    cache.put(packet(11, 2), 2.1, opens_keyframe=True)
    assert cache.keyframe() == (10, 2.0)
    cache.put(packet(9, 2), 2.2, opens_keyframe=True)
    assert cache.keyframe() == (9, 2.0)
    cache.put(packet(3, 1), 2.3, opens_keyframe=True)
    assert cache.keyframe() == (9, 2.0)


def test_a_keyframe_that_fell_out_or_was_forgotten_is_none() -> None:
    cache = PacketCache(4)
    cache.put(packet(0), 1.0, opens_keyframe=True)
    assert cache.keyframe() is not None
    for index in range(1, 5):
        cache.put(packet(index, 1), 1.0, opens_keyframe=False)
    assert cache.keyframe() is None
    cache.put(packet(5, 2), 1.0, opens_keyframe=True)
    cache.forget_keyframe()
    assert cache.keyframe() is None
