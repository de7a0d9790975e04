"""From pictures and samples to H.264 with Opus (or AAC in MP4): into a file, or live into any muxer, WHIP among them.

Only what changed is converted to YUV (`avatar.planes`); x264 then finds the rest unchanged. Times are counted, never
measured: frame n is at n / fps, sample n at n / 48000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import av
import av.error
import numpy as np
from av.codec.codec import Codec
from numpy.typing import NDArray

from avatar.errors import OutputFailed
from avatar.planes import FORMAT, Planes
from avatar.speech.ports import SAMPLE_RATE, Pcm
from avatar.stage.placement import Area

HARDWARE = ("h264_nvenc", "h264_videotoolbox", "h264_qsv")
"""Tried in this order when asked for; x264 stays the default, it costs 2 ms a frame and is there everywhere."""
LIVE_QP = "20"
LIVE_KEYFRAME_RATIO = "1.7"
"""Live, the quantiser is fixed, finer in keyframes: what stands still keeps their quality, what moves is soft anyway.

A rate control looks at every picture first, at half its size: half as dear again as encoding it, to learn what we
know, for a drawn picture has no noise and what it can take is bounded by what we draw. Against `crf` with VBV at the
same 0.95 Mbit/s: SSIM 0.9950 for 0.9939, 2.0 ms a picture for 2.7.
"""


@dataclass(frozen=True)
class EncoderOptions:
    """How it is encoded."""

    width: int = 1280
    height: int = 720
    fps: int = 25
    live: bool = False
    """Constrained baseline without reordering, a keyframe every ``keyframe_s``, Opus; else MP4 for people's files."""
    format: str | None = None
    """FFmpeg's muxer name, e.g. ``whip``; None: by the target's ending."""
    muxer_options: dict[str, str] = field(default_factory=dict)
    video_bit_rate: int = 1_800_000
    audio_bit_rate: int = 64_000
    keyframe_s: float = 2.0
    hardware: bool = False


class Encoder:
    """Writes one stream; leaving the block ends it properly. One thread."""

    def __init__(self, target: str, options: EncoderOptions) -> None:
        """``target`` is a path or an address. Raises: OutputFailed when it cannot be opened."""
        self._target, self._options = target, options
        self._keyframe_wanted = False
        self._last_frame = -1
        try:
            self._container: Any = av.open(target, "w", format=options.format, options=options.muxer_options)
            self._video = self._add_video()
            self._audio = self._add_audio()
            if options.live:
                self._container.start_encoding()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise OutputFailed(_public(target), str(error)) from error
        self._planes = Planes(options.width, options.height)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._release()

    @property
    def encoder_name(self) -> str:
        """Which encoder makes the picture, for the log."""
        return str(self._video.codec_context.codec.name)

    def _add_video(self) -> Any:
        o = self._options
        names = [name for name in HARDWARE if _has(name)] if o.hardware else []
        stream = self._container.add_stream(names[0] if names else "libx264", rate=o.fps)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = o.width, o.height, FORMAT
        context.time_base = Fraction(1, o.fps)
        if names or not o.live:
            context.bit_rate = o.video_bit_rate
        context.gop_size = round(o.keyframe_s * o.fps)
        # The numbers of BT.709, limited range: what the conversion below makes.
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
        if not names:
            context.thread_count = 1
            context.options = (
                {
                    "preset": "ultrafast",
                    "tune": "zerolatency",
                    "profile": "baseline",
                    "level": "3.1" if o.width * o.height <= 1280 * 720 else "4.0",
                    "x264-params": f"keyint={context.gop_size}:scenecut=0:repeat-headers=1:sliced-threads=0"
                    f":ipratio={LIVE_KEYFRAME_RATIO}:merange=4",
                    "qp": LIVE_QP,
                }
                if o.live
                else {"preset": "veryfast", "crf": "20"}
            )
        return stream

    def _add_audio(self) -> Any:
        o = self._options
        stream = self._container.add_stream("libopus" if o.live else "aac", rate=SAMPLE_RATE)
        context = stream.codec_context
        # RFC 7587 always announces two channels; browsers and the relay expect stereo frames of 20 ms.
        context.layout = "stereo" if o.live else "mono"
        context.format = "s16" if o.live else "fltp"
        context.bit_rate = o.audio_bit_rate if o.live else 128_000
        context.time_base = Fraction(1, SAMPLE_RATE)
        if o.live:
            # Half of Opus' search costs half and cannot be heard in speech at 64 kbit/s.
            context.options = {"application": "audio", "frame_duration": "20", "compression_level": "5"}
        return stream

    def force_keyframe(self) -> None:
        """The next picture is a keyframe: somebody joined or lost packets."""
        self._keyframe_wanted = True

    def write_picture(self, frame: int, pixels: NDArray[np.uint8], changed: Sequence[Area]) -> None:
        """Encode frame number ``frame``; ``changed`` since the last one, empty for nothing.

        ``pixels`` is RGBA, (height, width, 4). Raises: OutputFailed.
        """
        if frame <= self._last_frame:
            return
        for area in changed:
            self._planes.patch(pixels, area)
        picture = self._planes.frame
        picture.pts, picture.time_base = frame, Fraction(1, self._options.fps)
        picture.pict_type = av.video.frame.PictureType.I if self._keyframe_wanted else av.video.frame.PictureType.NONE
        self._keyframe_wanted = False
        self._last_frame = frame
        self._mux(self._video, picture)

    def write_sound(self, first_sample: int, pcm: Pcm) -> None:
        """Encode samples; ``first_sample`` is their place on the time line (a gap is a gap). Raises: OutputFailed."""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), "s16", "mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts, frame.time_base = first_sample, Fraction(1, SAMPLE_RATE)
        # The codec's context makes of it what the codec takes: format, channels, frames of its size.
        self._mux(self._audio, frame)

    def close(self) -> None:
        """Write what is still held back; may be called twice. Raises: OutputFailed."""
        if self._closed:
            return
        try:
            self._mux(self._video, None)
            self._mux(self._audio, None)
        finally:
            self._release()

    def _release(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            raise OutputFailed(_public(self._target), str(error)) from error

    def _mux(self, stream: Any, frame: Any) -> None:
        try:
            self._container.mux(stream.encode(frame))
        except (av.error.FFmpegError, OSError) as error:
            raise OutputFailed(_public(self._target), str(error)) from error


def _has(name: str) -> bool:
    try:
        Codec(name, "w")
    except (ValueError, av.error.FFmpegError):
        return False
    return True


def _public(target: str) -> str:
    """Without what an address may carry behind the question mark."""
    return target.partition("?")[0]
