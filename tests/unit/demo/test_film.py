from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from stream_server.demo.loop import read_loop
from stream_server.demo.shop import packaged

FILE = Path(str(packaged("host.mp4")))


def test_it_is_what_browsers_and_the_relay_take() -> None:
    assert FILE.stat().st_size < 9_000_000
    with av.open(str(FILE)) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, video.profile) == ("h264", "Constrained Baseline")
        assert (video.width, video.height) == (720, 1280)
        assert video.average_rate == 30
        assert video.codec_context.pix_fmt == "yuv420p"
        assert audio.codec_context.name in ("opus", "libopus")
        assert (audio.rate, audio.channels) == (48_000, 2)
        packets = [packet for packet in film.demux(video) if packet.size]
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets], "no B-frames"


def test_somebody_who_joins_sees_a_keyframe_within_a_second() -> None:
    loop = read_loop(FILE)
    keys = [sample.at_s for sample in loop.samples if sample.kind == "video" and sample.is_keyframe]
    assert keys[0] == 0
    assert max(b - a for a, b in zip(keys, [*keys[1:], float(loop.duration_s)], strict=True)) <= 1


def test_the_rate_stays_within_what_a_phone_can_take() -> None:
    loop = read_loop(FILE)
    assert 40 <= loop.duration_s <= 60
    per_second = [0] * int(loop.duration_s)
    for sample in loop.samples:
        per_second[int(sample.at_s)] += len(sample.data) * 8
    assert sum(per_second) / len(per_second) < 1_800_000
    assert max(per_second) < 3_000_000


def test_picture_and_sound_are_together_after_many_rounds() -> None:
    loop = read_loop(FILE)
    ends = {"video": Fraction(0), "audio": Fraction(0)}
    for count, (sample, at) in enumerate(loop.rounds()):
        if count == 3 * len(loop.samples):
            break
        assert at >= ends[sample.kind] * sample.clock
        ends[sample.kind] = Fraction(at, sample.clock) + (
            Fraction(1, 30) if sample.kind == "video" else Fraction(1, 50)
        )
    assert ends["video"] == ends["audio"] == 3 * loop.duration_s


@pytest.mark.timeout(60)
def test_the_last_picture_leads_to_the_first() -> None:
    with av.open(str(FILE)) as film:
        pictures = []
        for frame in film.decode(video=0):
            if frame.pts is None or frame.time_base is None:
                continue
            second = float(frame.pts * frame.time_base)
            if second < 0.2 or second > 47.75:
                pictures.append(frame.reformat(width=180, height=320, format="gray").to_ndarray().astype(float))
    steps = [np.abs(a - b).mean() for a, b in itertools.pairwise(pictures)]
    assert np.abs(pictures[0] - pictures[-1]).mean() <= 2.5 * np.median(steps) + 0.6


def test_the_sound_runs_on_over_the_seam() -> None:
    with av.open(str(FILE)) as film:
        decoder = av.CodecContext.create("libopus", "r")
        decoder.extradata = film.streams.audio[0].codec_context.extradata
    packets = [sample.data for sample in read_loop(FILE).samples if sample.kind == "audio"]
    frames = [frame for data in packets + packets[:25] for frame in decoder.decode(av.Packet(data))]
    heard = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames]).astype(float)
    heard /= np.abs(heard).max()
    seam = len(packets) * 960
    around = heard[seam - 480 : seam + 960]
    assert np.sqrt(np.mean(heard**2)) > 0.05, "there is something to hear"
    assert np.sqrt(np.mean(around**2)) > 0.01, "also at the seam"
    usual = np.percentile(np.abs(np.diff(heard, axis=0)), 99.9)
    assert np.abs(np.diff(around, axis=0)).max() <= 2 * usual, "no click"
