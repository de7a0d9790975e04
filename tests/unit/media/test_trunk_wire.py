"""What media processes say to each other survives the way, however it is cut; nonsense does not get through."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_server.media.layer_choice import LayerRate
from stream_server.media.rtp import MAX_PAYLOAD_BYTES, MediaPacket
from stream_server.media.trunk_wire import (
    MAX_BATCH,
    MAX_FRAME_BYTES,
    BadFrame,
    Batch,
    Farewell,
    FrameReader,
    Interest,
    KeyframeWish,
    Message,
    Standing,
    Withdrawal,
    write_batch,
    write_message,
)
from tests.unit.media.trunk_talk import SHOW, announcement, packet

WORDS = [
    announcement(),
    replace(announcement(), encodings={}, layers=0),
    Withdrawal(SHOW),
    Standing(
        SHOW, 12.5, 3.25, 3.5, {"video": 1125, "audio": 600}, (LayerRate(0, 150e3, 180), LayerRate(2, 1.5e6, 720))
    ),
    Interest(SHOW, 12, 1.5e6),
    Interest(SHOW, 0, None),
    Farewell(SHOW),
    KeyframeWish(SHOW, 2),
]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: type(word).__name__)
def test_words_come_back_as_they_were(word: Withdrawal) -> None:
    assert list(FrameReader().feed(write_message(word))) == [word]


def fields(packets: list[MediaPacket]) -> list[tuple[object, ...]]:
    return [(p.index, p.timestamp, p.marker, p.has_padding, p.payload) for p in packets]


def test_packets_come_back_as_they_were() -> None:
    packets = [MediaPacket(2**40, 2**32 - 1, True, False, b"x" * 1400), MediaPacket(0, 0, False, True, b"")]
    (batch,) = FrameReader().feed(write_batch(7, 2, 99.5, packets))
    assert isinstance(batch, Batch)
    assert (batch.stream, batch.track, batch.at_s) == (7, 2, 99.5)
    assert fields(batch.packets) == fields(packets)


@given(st.lists(st.integers(1, 60), max_size=40))
def test_it_does_not_matter_how_the_stream_is_cut(cuts: list[int]) -> None:
    stream = b"".join(write_message(word) for word in WORDS[:5]) + write_batch(1, 0, 1.0, [packet(1)])  # type: ignore[arg-type]
    reader, heard = FrameReader(), list[Message]()
    for cut in cuts:
        heard += reader.feed(stream[:cut])
        stream = stream[cut:]
    heard += reader.feed(stream)
    assert heard[:5] == WORDS[:5]
    assert isinstance(heard[5], Batch)
    assert len(heard) == 6


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("!IB", MAX_FRAME_BYTES + 1, 1),
        struct.pack("!IB", 2, 1) + b"[]",
        struct.pack("!IB", 4, 1) + b"null",
        struct.pack("!IB", 2, 1) + b"{}",
        struct.pack("!IB", 2, 99) + b"{}",
        struct.pack("!IB", 3, 0) + b"abc",
        struct.pack("!IBIBdQIBH", 13 + 15, 0, 1, 0, 1.0, 1, 1, 0, 100),
        write_batch(1, 0, 1.0, [packet(1, b"x" * (MAX_PAYLOAD_BYTES + 1))]),
        write_batch(1, 0, 1.0, [packet(n) for n in range(MAX_BATCH + 1)]),
    ],
)
def test_nonsense_is_a_bad_frame(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        list(FrameReader().feed(frame))


@given(st.binary(max_size=200), st.integers(0, 8))
def test_any_bytes_are_messages_or_a_bad_frame(body: bytes, kind: int) -> None:
    try:
        for message in FrameReader().feed(struct.pack("!IB", len(body), kind) + body):
            assert message is not None
    except BadFrame:
        pass
