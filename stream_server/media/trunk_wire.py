"""The words between media processes of one server: frames on a unix stream socket. Pure.

Packets travel in binary, many to a frame; what is said once a second or less travels as JSON. Both ends are ours and
the same version; the bounds are there so that a bug on one side cannot eat the memory of the other.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import Encoding
from stream_server.media.layer_choice import LayerRate
from stream_server.media.rtp import MAX_PAYLOAD_BYTES, Kind, MediaPacket

MAX_FRAME_BYTES = 256 * 1024
MAX_BATCH = 64
"""Packets in one frame, about 80 KB."""

_HEAD = struct.Struct("!IB")
_BATCH = struct.Struct("!IBd")
_PACKET = struct.Struct("!QIBH")
_PACKETS = 0
_MARKER, _PADDING = 1, 2


class BadFrame(Exception):
    """A frame that is not what the two ends agreed on: the connection is of no use any more."""


@dataclass(frozen=True)
class Announcement:
    """A publisher's media flows into a show in the process that says so."""

    show_id: ShowId
    stream: int
    """Names the show in batches; the sender's own number."""
    session_id: SessionId
    started_s: float
    """CLOCK_MONOTONIC; of two processes that announce the same show the later one is right."""
    encodings: dict[Kind, Encoding]
    layers: int
    """Video tracks, 0 to 3."""
    answers_keyframe_requests: bool
    position_ms: float
    """Show clock of the newest frame, sent at ``at_s`` (CLOCK_MONOTONIC)."""
    at_s: float
    is_slate: bool = False
    """Nobody's: it stands in until somebody's picture comes, here or elsewhere."""


@dataclass(frozen=True)
class Withdrawal:
    """The publisher is gone."""

    show_id: ShowId


@dataclass(frozen=True)
class Standing:
    """Where a show stands: several times a second to those who listen, once a second to everybody."""

    show_id: ShowId
    position_ms: float
    at_s: float
    now_s: float
    """The instant (CLOCK_MONOTONIC) that ``timestamps`` are about."""
    timestamps: dict[Kind, int]
    """Outgoing RTP timestamps of one instant: what sender reports say."""
    sent: tuple[LayerRate, ...]
    """Layers that come at present, the smallest picture first."""
    dubs: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Dubs that flow, by name: the number of their track in batches, and their timestamp as in ``timestamps``."""


@dataclass(frozen=True)
class Interest:
    """A listener's audience of one show; the first one subscribes."""

    show_id: ShowId
    viewers: int
    """Connected ones."""
    best_bps: float | None
    """The largest estimate among them; None while there is none."""
    dubs: dict[str, int] = field(default_factory=dict)
    """How many of them chose which dub; only these are piped."""


@dataclass(frozen=True)
class Farewell:
    """Nobody here watches this show any more."""

    show_id: ShowId


@dataclass(frozen=True)
class KeyframeWish:
    """Somebody here cannot decode what it has of a layer."""

    show_id: ShowId
    layer: int


@dataclass(frozen=True)
class Batch:
    """Packets of one track, as the show's timeline has them."""

    stream: int
    track: int
    """0 is the sound, 1 and more the layers of the picture, `dubs.FIRST_NUMBER` and more the dubs."""
    at_s: float
    """When they were sent to the viewers there (CLOCK_MONOTONIC)."""
    packets: list[MediaPacket]


Message = Announcement | Withdrawal | Standing | Interest | Farewell | KeyframeWish | Batch

_TYPES: dict[int, type] = {1: Announcement, 2: Withdrawal, 3: Standing, 4: Interest, 5: Farewell, 6: KeyframeWish}
_NUMBERS = {kind: number for number, kind in _TYPES.items()}


def write_message(message: Announcement | Withdrawal | Standing | Interest | Farewell | KeyframeWish) -> bytes:
    """One message, ready for the socket."""
    body = json.dumps(asdict(message), separators=(",", ":")).encode()
    return _HEAD.pack(len(body), _NUMBERS[type(message)]) + body


def write_batch(stream: int, track: int, at_s: float, packets: Sequence[MediaPacket]) -> bytes:
    """At most `MAX_BATCH` packets of one track, ready for the socket."""
    pack = _PACKET.pack
    parts = [_BATCH.pack(stream, track, at_s)]
    for packet in packets:
        payload = packet.payload
        flags = (_MARKER if packet.marker else 0) | (_PADDING if packet.has_padding else 0)
        parts.append(pack(packet.index, packet.timestamp, flags, len(payload)))
        parts.append(payload)
    body = b"".join(parts)
    return _HEAD.pack(len(body), _PACKETS) + body


class FrameReader:
    """Cuts a stream into messages."""

    def __init__(self) -> None:
        self._unread = b""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Every message that ``data`` completes. Raises: BadFrame."""
        buffer = self._unread + data if self._unread else data
        position = 0
        while len(buffer) - position >= _HEAD.size:
            size, kind = _HEAD.unpack_from(buffer, position)
            if size > MAX_FRAME_BYTES:
                raise BadFrame(f"a frame of {size} bytes")
            start = position + _HEAD.size
            if len(buffer) < start + size:
                break
            position = start + size
            if kind == _PACKETS:
                yield read_batch(buffer, start, position)
            else:
                yield read_message(kind, buffer[start:position])
        self._unread = buffer[position:]


def read_batch(buffer: bytes, start: int, end: int) -> Batch:
    """The batch at ``buffer[start:end]``. Raises: BadFrame."""
    unpack = _PACKET.unpack_from
    packets: list[MediaPacket] = []
    try:
        stream, track, at_s = _BATCH.unpack_from(buffer, start)
        position = start + _BATCH.size
        while position < end:
            index, timestamp, flags, size = unpack(buffer, position)
            position += _PACKET.size + size
            if position > end or size > MAX_PAYLOAD_BYTES or len(packets) >= MAX_BATCH:
                raise BadFrame("a packet beyond its bounds")
            payload = buffer[position - size : position]
            packets.append(MediaPacket(index, timestamp, bool(flags & _MARKER), bool(flags & _PADDING), payload))
    except struct.error as error:
        raise BadFrame("a batch cut short") from error
    return Batch(stream, track, at_s, packets)


def read_message(kind: int, body: bytes) -> Message:
    """A message that is not a batch. Raises: BadFrame."""
    try:
        fields: dict[str, Any] = json.loads(body)
        if kind == _NUMBERS[Announcement]:
            fields["encodings"] = {name: Encoding(**encoding) for name, encoding in fields["encodings"].items()}
        elif kind == _NUMBERS[Standing]:
            fields["sent"] = tuple(LayerRate(**rate) for rate in fields["sent"])
            fields["dubs"] = {name: (int(n), int(timestamp)) for name, (n, timestamp) in fields["dubs"].items()}
        message: Message = _TYPES[kind](**fields)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadFrame(f"message {kind}: {error}") from error
    return message
