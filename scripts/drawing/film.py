"""Pictures and sound into one MP4 that loops without a seam.

H.264 constrained baseline without B-frames, a keyframe every second, and Opus; exactly as a browser would send it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE_FPS = 720, 1280, 30
AUDIO_RATE, OPUS_SAMPLES = 48_000, 960


def _opus_packets(sound: NDArray[np.float32], bit_rate: int) -> tuple[list[bytes], bytes]:
    """Encode two rounds and keep the second: the coder's memory at its start is that of its end."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_RATE, "stereo", "flt"
    encoder.bit_rate, encoder.time_base = bit_rate, Fraction(1, AUDIO_RATE)
    encoder.options = {"frame_duration": "20", "application": "audio", "vbr": "on"}
    encoder.open()
    rounds = np.concatenate([sound, sound], axis=1)
    packets: list[bytes] = []
    for at in range(0, rounds.shape[1], OPUS_SAMPLES):
        chunk = np.ascontiguousarray(rounds[:, at : at + OPUS_SAMPLES].T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(chunk, format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, at, Fraction(1, AUDIO_RATE)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    count = sound.shape[1] // OPUS_SAMPLES
    return packets[count : 2 * count], bytes(encoder.extradata or b"")


def write_film(
    file: Path,
    frames: int,
    draw: Callable[[int], NDArray[np.uint8]],
    sound: NDArray[np.float32],
    bit_rate: int = 1_250_000,
    audio_bit_rate: int = 80_000,
) -> None:
    """Encode ``frames`` pictures (``draw(i)`` → RGB) and the sound of equal length."""
    if sound.shape[1] * RATE_FPS != frames * AUDIO_RATE:
        raise ValueError("Picture and sound differ in length.")
    packets, _ = _opus_packets(sound, audio_bit_rate)
    with av.open(str(file), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", rate=RATE_FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.bit_rate = bit_rate
        video.codec_context.gop_size = RATE_FPS
        video.codec_context.max_b_frames = 0
        video.options = {
            "profile": "baseline",
            "level": "3.1",
            "preset": "medium",
            "tune": "animation",
            "maxrate": str(int(bit_rate * 1.3)),
            "bufsize": str(bit_rate),
            "x264-params": "scenecut=0:open-gop=0:ref=2:keyint=30:min-keyint=30:bframes=0"
            ":colorprim=bt709:transfer=bt709:colormatrix=bt709",
        }
        audio = out.add_stream("libopus", rate=AUDIO_RATE, layout="stereo")
        audio.bit_rate = audio_bit_rate
        out.start_encoding()
        sent = 0
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(draw(number), format="rgb24").reformat(
                format="yuv420p", dst_colorspace="ITU709"
            )
            frame.pts, frame.time_base = number, Fraction(1, RATE_FPS)
            out.mux(video.encode(frame))
            while sent < len(packets) and sent * OPUS_SAMPLES * RATE_FPS <= number * AUDIO_RATE:
                packet = av.Packet(packets[sent])
                packet.stream, packet.time_base = audio, Fraction(1, AUDIO_RATE)
                packet.pts = packet.dts = sent * OPUS_SAMPLES
                packet.duration = OPUS_SAMPLES
                out.mux(packet)
                sent += 1
        out.mux(video.encode(None))
        for rest in range(sent, len(packets)):
            packet = av.Packet(packets[rest])
            packet.stream, packet.time_base = audio, Fraction(1, AUDIO_RATE)
            packet.pts = packet.dts = rest * OPUS_SAMPLES
            packet.duration = OPUS_SAMPLES
            out.mux(packet)
