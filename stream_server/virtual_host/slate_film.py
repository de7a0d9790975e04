"""A still picture as a film that can be played in a loop for ever, encoded once, in the codecs that shows have."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc.codecs.h264 import H264Encoder
from numpy.typing import NDArray

from stream_server.signaling.media_plane import SlateFilm

FPS = 5
_GOP = FPS
_FRAMES = 2 * _GOP
"""Two turns, because two keyframes in a row must not carry the same number (H.264 7.4.3, idr_pic_id)."""
_VP8_PAYLOAD_BYTES = 1200
_H264_OPTIONS = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "profile": "baseline",
    "level": "3.1",
    "qp": "25",
    "x264-params": f"keyint={_GOP}:min-keyint={_GOP}:scenecut=0:repeat-headers=1:sliced-threads=0",
}
_VP8_OPTIONS = {"deadline": "realtime", "cpu-used": "4", "crf": "14", "auto-alt-ref": "0", "lag-in-frames": "0"}


def films_of(picture: NDArray[np.uint8]) -> list[SlateFilm]:
    """``picture`` (RGBA, height × width × 4, even sides) as H.264 and VP8. About 50 ms of CPU."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:, :, :3]), "rgb24")
    still = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    h264 = _encode("libx264", _H264_OPTIONS, 0, still)
    vp8 = _encode("libvpx", _VP8_OPTIONS, 1_500_000, still)
    return [
        SlateFilm("H264", FPS, tuple(tuple(H264Encoder().pack(packet)[0]) for packet in h264)),
        SlateFilm("VP8", FPS, tuple(_vp8_payloads(bytes(packet)) for packet in vp8)),
    ]


def _encode(name: str, options: dict[str, str], bit_rate: int, still: av.VideoFrame) -> list[Any]:
    encoder: Any = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = still.width, still.height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.color_primaries = encoder.color_trc = encoder.colorspace = encoder.color_range = 1
    encoder.gop_size, encoder.thread_count, encoder.options = _GOP, 1, options
    if bit_rate:
        encoder.bit_rate = bit_rate
    packets = []
    for number in range(_FRAMES):
        still.pts, still.time_base = number, Fraction(1, FPS)
        is_first = number % _GOP == 0
        still.pict_type = av.video.frame.PictureType.I if is_first else av.video.frame.PictureType.NONE
        packets += encoder.encode(still)
    return [*packets, *encoder.encode(None)]


def _vp8_payloads(frame: bytes) -> tuple[bytes, ...]:
    """RFC 7741 with the shortest descriptor: no picture numbers, which would begin anew with every turn."""
    pieces = range(0, len(frame), _VP8_PAYLOAD_BYTES)
    return tuple(bytes((0x10 if start == 0 else 0x00,)) + frame[start : start + _VP8_PAYLOAD_BYTES] for start in pieces)
