"""Sound alone, as Opus into any muxer: how a dub leaves the house, beside the picture that somebody else sends."""

from __future__ import annotations

from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import av
import av.error
import numpy as np

from avatar.errors import OutputFailed
from avatar.speech.ports import SAMPLE_RATE, Pcm

BIT_RATE = 48_000
"""Of one voice: nobody hears more bits of it."""


class VoiceEncoder:
    """Writes one stream; leaving the block ends it properly. One thread; opening may block for the handshake."""

    def __init__(self, target: str, *, format: str | None = None, muxer_options: dict[str, str] | None = None) -> None:
        """``target`` is a path or an address, ``format`` FFmpeg's muxer name. Raises: OutputFailed."""
        self._target = target
        self._first: int | None = None
        try:
            self._container: Any = av.open(target, "w", format=format, options=muxer_options or {})
            self._stream = self._container.add_stream("libopus", rate=SAMPLE_RATE)
            context = self._stream.codec_context
            # RFC 7587 always announces two channels; browsers and the relay expect stereo frames of 20 ms.
            context.layout, context.format, context.bit_rate = "stereo", "s16", BIT_RATE
            context.time_base = Fraction(1, SAMPLE_RATE)
            context.options = {"application": "audio", "frame_duration": "20", "compression_level": "5"}
            self._resampler = av.AudioResampler("s16", "stereo", SAMPLE_RATE)
            self._container.start_encoding()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise OutputFailed(target.partition("?")[0], str(error)) from error
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, first_sample: int, pcm: Pcm) -> None:
        """Encode samples; ``first_sample`` is their place on the time line (a gap is a gap). Raises: OutputFailed."""
        if self._first is None:
            self._first = first_sample
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), "s16", "mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts, frame.time_base = first_sample - self._first, Fraction(1, SAMPLE_RATE)
        try:
            for ready in self._resampler.resample(frame):
                self._container.mux(self._stream.encode(ready))
        except (av.error.FFmpegError, OSError) as error:
            raise OutputFailed(self._target.partition("?")[0], str(error)) from error

    def close(self) -> None:
        """Say goodbye; may be called twice. Raises: OutputFailed."""
        if self._closed:
            return
        self._closed = True
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            raise OutputFailed(self._target.partition("?")[0], str(error)) from error
