import pytest

from stream_server.media.picture import Codec, picture_size, starts_keyframe
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME

SPS = {  # written by x264
    (1280, 720): "6742c01fda014016e840000003004000000f03c60ca8",
    (1920, 1080): "6742c028da01e0089f9610000003001000000303c0f1832a",
    (854, 480): "6742c01fda0360f79b84000003000400000300f03c60ca80",
    (640, 360): "67f4001e919680a02ff89840000003004000000f03c58ba8",
}
VP8_KEYFRAME = b"\x90\x80\x80\x01\x10\x02\x00\x9d\x01\x2a\x00\x05\xd0\x02"


@pytest.mark.parametrize(("size", "sps"), SPS.items())
def test_the_size_is_read_from_parameter_sets(size: tuple[int, int], sps: str) -> None:
    unit = bytes.fromhex(sps)
    assert picture_size("H264", unit) == size
    stap_a = bytes((24,)) + b"\x00\x02\x09\xf0" + len(unit).to_bytes(2, "big") + unit
    assert picture_size("H264", stap_a) == size


def test_the_size_is_read_from_vp8_keyframes() -> None:
    assert picture_size("VP8", VP8_KEYFRAME) == (1280, 720)


@pytest.mark.parametrize(
    ("codec", "payload", "opens"),
    [
        ("H264", H264_KEYFRAME, True),
        ("H264", b"\x67\x42", True),
        ("H264", b"\x65\x88", True),
        ("H264", b"\x7c\x85\x88", True),
        ("H264", b"\x7c\x05\x88", False),
        ("H264", b"\x7c\x45\x88", False),
        ("H264", b"\x7c\x81\x9a", False),
        ("H264", H264_DELTA, False),
        ("H264", b"", False),
        ("VP8", VP8_KEYFRAME, True),
        ("VP8", b"\x10\x10\x02\x00\x9d\x01\x2a", True),
        ("VP8", b"\x90\xe0\x01\x05\x40\x10\x02", True),
        ("VP8", b"\x10\x11\x02\x00", False),
        ("VP8", b"\x80\x80\x80\x01\x10", False),
        ("VP8", b"\x11\x10\x02", False),
        ("opus", b"\x10\x10", False),
    ],
)
def test_keyframes_are_recognised(codec: Codec, payload: bytes, opens: bool) -> None:
    assert starts_keyframe(codec, payload) is opens


@pytest.mark.parametrize("codec", ["H264", "VP8", "opus"])
def test_cut_off_payloads_tell_nothing_and_break_nothing(codec: Codec) -> None:
    for payload in (H264_KEYFRAME, VP8_KEYFRAME, *(bytes.fromhex(sps) for sps in SPS.values())):
        for end in range(len(payload)):
            picture_size(codec, payload[:end])
            starts_keyframe(codec, payload[:end])
