"""The live encoder's stream as a viewer's decoder gets it."""

from pathlib import Path

import av
import numpy as np

from avatar.encoder import Encoder, EncoderOptions
from avatar.stage.placement import Area

FPS = 25


def encoded(target: Path, frames: int, wanted: int | None = None) -> None:
    """A square that moves over grey; a keyframe on request at picture ``wanted``."""
    options = EncoderOptions(320, 180, FPS, live=True, format="matroska")
    pixels = np.full((180, 320, 4), 128, np.uint8)
    with Encoder(str(target), options) as encoder:
        for n in range(frames):
            x = n % 100 * 2
            pixels[40:80, :240] = 128
            pixels[40:80, x : x + 40, 0] = 250
            if n == wanted:
                encoder.force_keyframe()
            changed = (Area(0, 0, 320, 180),) if n == 0 else (Area(0, 40, 120, 40), Area(120, 40, 120, 40))
            encoder.write_picture(n, pixels, changed)
            encoder.write_sound(n * 1920, np.zeros(1920, np.int16))


def keyframes(target: Path) -> list[int]:
    with av.open(str(target)) as container:
        video = container.streams.video[0]
        base = float(video.time_base or 0)
        return [
            round(packet.pts * base * FPS)
            for packet in container.demux(video)
            if packet.pts is not None and packet.is_keyframe
        ]


def test_a_keyframe_comes_every_two_seconds_and_when_it_is_asked_for(tmp_path: Path) -> None:
    encoded(tmp_path / "plain.mkv", 101)
    assert keyframes(tmp_path / "plain.mkv") == [0, 50, 100]
    encoded(tmp_path / "asked.mkv", 101, wanted=30)
    assert keyframes(tmp_path / "asked.mkv")[:2] == [0, 30]


def test_areas_converted_apart_give_the_picture_that_was_drawn(tmp_path: Path) -> None:
    encoded(tmp_path / "out.mkv", 60)
    with av.open(str(tmp_path / "out.mkv")) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(shown) == 60
    x = 59 * 2
    assert shown[59][60, x + 20, 0] > 225
    assert abs(int(shown[59][60, 20, 0]) - 128) < 8
    assert abs(int(shown[59][150, 300, 0]) - 128) < 8


def test_sound_is_stereo_opus_in_packets_of_20_ms(tmp_path: Path) -> None:
    encoded(tmp_path / "out.mkv", 50)
    with av.open(str(tmp_path / "out.mkv")) as container:
        audio = container.streams.audio[0]
        assert (audio.codec_context.name, audio.codec_context.channels) in {("opus", 2), ("libopus", 2)}
        base = float(audio.time_base or 0)
        at = [packet.pts * base for packet in container.demux(audio) if packet.pts is not None]
    assert np.allclose(np.diff(at), 0.02, atol=0.0011)
