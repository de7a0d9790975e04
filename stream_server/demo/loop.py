"""The demo host's video as one endless row of packets, copied and never encoded again.

Video frames are numbered at 1/90000 s and Opus packets at 1/48000 s, exactly as they go out by RTP: no rounding, so
that after a thousand rounds picture and sound are still together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av

VIDEO_CLOCK = 90_000
AUDIO_CLOCK = 48_000
MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One encoded frame or Opus packet within the loop."""

    kind: Literal["video", "audio"]
    at: int
    """Start within the loop, in ticks of the kind's clock."""
    data: bytes
    is_keyframe: bool

    @property
    def clock(self) -> int:
        """Ticks in a second."""
        return VIDEO_CLOCK if self.kind == "video" else AUDIO_CLOCK

    @property
    def at_s(self) -> float:
        """Start within the loop, in seconds."""
        return self.at / self.clock


class LoopTooLong(ValueError):
    """The file does not fit the memory set aside for it."""

    def __init__(self, file: Path, size_bytes: int) -> None:
        super().__init__(f"{file} has {size_bytes} bytes; a loop may have {MAX_FILE_BYTES}.")


@dataclass(frozen=True)
class Loop:
    """All samples of one round, in order of time, and how long the round is."""

    samples: tuple[Sample, ...]
    duration_s: Fraction

    def rounds(self) -> Iterator[tuple[Sample, int]]:
        """Samples for ever, each with its timestamp counted from the first round, in ticks of its clock."""
        ticks = {clock: int(self.duration_s * clock) for clock in (VIDEO_CLOCK, AUDIO_CLOCK)}
        number = 0
        while True:
            for sample in self.samples:
                yield sample, sample.at + number * ticks[sample.clock]
            number += 1


def read_loop(file: Path) -> Loop:
    """Read a file with one H.264 and one Opus stream of equal length.

    Raises: OSError or av.FFmpegError (unreadable), LoopTooLong, ValueError (other streams, unequal lengths).
    """
    if (size := file.stat().st_size) > MAX_FILE_BYTES:
        raise LoopTooLong(file, size)
    with av.open(str(file)) as source:
        if [s.codec_context.name for s in source.streams.video] != ["h264"] or [
            s.codec_context.name for s in source.streams.audio
        ] not in (["opus"], ["libopus"]):
            raise ValueError(f"{file} needs one H.264 and one Opus stream.")
        rate = source.streams.video[0].average_rate
        if not rate or VIDEO_CLOCK % rate:
            raise ValueError(f"{file} needs a frame rate that divides {VIDEO_CLOCK}.")
        frame_ticks = int(VIDEO_CLOCK / rate)
        video: list[Sample] = []
        audio: list[Sample] = []
        audio_at = 0
        for packet in source.demux():
            if packet.size == 0 or packet.duration is None or packet.time_base is None:
                continue
            if packet.stream.type == "video":
                video.append(Sample("video", len(video) * frame_ticks, bytes(packet), packet.is_keyframe))
            else:
                audio.append(Sample("audio", audio_at, bytes(packet), True))
                audio_at += round(packet.duration * packet.time_base * AUDIO_CLOCK)
    duration_s = Fraction(len(video) * frame_ticks, VIDEO_CLOCK)
    if not video or duration_s != Fraction(audio_at, AUDIO_CLOCK):
        raise ValueError(f"{file}: {float(duration_s)} s of video, {audio_at / AUDIO_CLOCK} s of audio.")
    return Loop(tuple(sorted(video + audio, key=lambda sample: sample.at_s)), duration_s)
