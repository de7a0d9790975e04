"""What a viewer was sent, as a film: packets by their RTP times into a file, nothing decoded and nothing encoded."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Stream

from benchmarks.light_viewer import AUDIO_TYPE, VIDEO_TYPE
from stream_server.media.rtp import RtpHeader, signed_difference

_START = b"\x00\x00\x00\x01"
_STAP_A, _FU_A = 24, 28
_IDR = 5


@dataclass(frozen=True)
class Sample:
    """A picture (its NAL units with start codes) or 20 ms of Opus."""

    at_ms: float
    """Show clock, unwrapped from the first packet on."""
    arrived_s: float
    """Of its last packet."""
    data: bytes
    is_key: bool


def nal_units(payloads: Iterable[bytes]) -> list[bytes]:
    """The NAL units in one picture's RTP payloads (RFC 6184: single, STAP-A, FU-A), but for broken ones."""
    units: list[bytes] = []
    part: bytearray | None = None
    for payload in payloads:
        if not payload:
            continue
        kind = payload[0] & 0x1F
        if kind == _FU_A and len(payload) > 2:
            if payload[1] & 0x80:
                part = bytearray([(payload[0] & 0xE0) | (payload[1] & 0x1F)])
            if part is not None:
                part += payload[2:]
                if payload[1] & 0x40:
                    units.append(bytes(part))
                    part = None
        elif kind == _STAP_A:
            at = 1
            while at + 2 <= len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                units.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
        elif kind < _STAP_A:
            units.append(payload)
    return [unit for unit in units if unit]


class Film:
    """Collects; `take` is a `MeasuringViewer`'s listener. Meant for seconds: everything stays in memory."""

    def __init__(self) -> None:
        self.pictures: list[Sample] = []
        self.sounds: list[Sample] = []
        self._parts: dict[int, bytes] = {}
        self._timestamp: int | None = None
        self._bases: dict[int, tuple[int, float]] = {}

    def take(self, kind: int, header: RtpHeader, payload: bytes, at_s: float) -> None:
        """Take one media packet."""
        if kind == AUDIO_TYPE:
            if payload:
                self.sounds.append(Sample(self._ms(kind, header.timestamp), at_s, payload, True))
            return
        if header.timestamp != self._timestamp:
            self._parts, self._timestamp = {}, header.timestamp
        self._parts[header.sequence] = payload
        if header.marker:
            order = sorted(self._parts, key=lambda sequence: signed_difference(sequence, header.sequence, 16))
            units = nal_units(self._parts[sequence] for sequence in order)
            data = b"".join(_START + unit for unit in units)
            is_key = any(unit[0] & 0x1F == _IDR for unit in units)
            if units:
                self.pictures.append(Sample(self._ms(kind, header.timestamp), at_s, data, is_key))
            self._parts = {}

    def write(self, path: Path) -> None:
        """Write an MP4 that begins with the first keyframe. Raises: ValueError when there is no keyframe or sound."""
        first = next((n for n, picture in enumerate(self.pictures) if picture.is_key), None)
        if first is None or not self.sounds:
            raise ValueError("no keyframe or no sound was received")
        pictures = self.pictures[first:]
        start_ms = pictures[0].at_ms
        sounds = [sound for sound in self.sounds if sound.at_ms >= start_ms]
        elementary = io.BytesIO(b"".join(picture.data for picture in pictures))
        with av.open(elementary, format="h264") as template, av.open(str(path), "w", format="mp4") as file:
            video = file.add_stream_from_template(template.streams.video[0])
            audio = file.add_stream("libopus", rate=48_000, layout="stereo")  # for its header only
            file.start_encoding()
            queue: list[tuple[float, Stream, Sample]] = [(picture.at_ms, video, picture) for picture in pictures]
            queue += [(sound.at_ms, audio, sound) for sound in sounds]
            for at_ms, stream, sample in sorted(queue, key=lambda entry: entry[0]):
                packet = av.Packet(sample.data)
                packet.stream = stream
                packet.time_base = Fraction(1, 90_000)
                packet.pts = packet.dts = round((at_ms - start_ms) * 90)
                packet.is_keyframe = sample.is_key
                file.mux(packet)

    def _ms(self, kind: int, timestamp: int) -> float:
        rate = 90 if kind == VIDEO_TYPE else 48
        if kind not in self._bases:
            self._bases[kind] = (timestamp, timestamp / rate)
        base, base_ms = self._bases[kind]
        return base_ms + signed_difference(timestamp, base, 32) / rate
