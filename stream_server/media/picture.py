"""What can be read from the payloads of H.264 (RFC 6184) and VP8 (RFC 7741): keyframes and the picture's size. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Codec = Literal["H264", "VP8", "opus"]

_IDR, _SPS, _STAP_A, _FU_A = 5, 7, 24, 28
_HIGH_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128))


def starts_keyframe(codec: Codec, payload: bytes) -> bool:
    """True when this packet opens (or, H.264, can open) a frame that decodes without any earlier one."""
    if not payload:
        return False
    if codec == "H264":
        kind = payload[0] & 0x1F
        if kind == _FU_A:
            return len(payload) > 1 and bool(payload[1] & 0x80) and payload[1] & 0x1F in (_IDR, _SPS)
        if kind == _STAP_A:
            return any(unit[0] & 0x1F in (_IDR, _SPS) for unit in _aggregated(payload))
        return kind in (_IDR, _SPS)
    if codec == "VP8":
        start = _vp8_start(payload)
        return start is not None and not payload[start] & 0x01
    return False


def picture_size(codec: Codec, payload: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, if this packet tells them."""
    if not payload:
        return None
    if codec == "H264":
        kind = payload[0] & 0x1F
        units = _aggregated(payload) if kind == _STAP_A else [payload]
        for unit in units:
            if unit[0] & 0x1F == _SPS:
                return _sps_size(unit)
    elif codec == "VP8":
        start = _vp8_start(payload)
        if start is not None and not payload[start] & 0x01 and len(payload) >= start + 10:
            if payload[start + 3 : start + 6] != b"\x9d\x01\x2a":
                return None
            width = int.from_bytes(payload[start + 6 : start + 8], "little") & 0x3FFF
            height = int.from_bytes(payload[start + 8 : start + 10], "little") & 0x3FFF
            return width, height
    return None


def _aggregated(payload: bytes) -> list[bytes]:
    """The units in a STAP-A; what is cut off is left out."""
    units = []
    position = 1
    while position + 2 < len(payload):
        size = int.from_bytes(payload[position : position + 2], "big")
        unit = payload[position + 2 : position + 2 + size]
        if unit:
            units.append(unit)
        position += 2 + size
    return units


def _vp8_start(payload: bytes) -> int | None:
    """Where the frame begins, if this is the first packet of its first partition (RFC 7741 §4.2)."""
    first = payload[0]
    if not first & 0x10 or first & 0x07:
        return None
    position = 1
    if first & 0x80:
        if len(payload) < 2:
            return None
        extension = payload[1]
        position = 2
        if extension & 0x80:
            if len(payload) < 3:
                return None
            position += 2 if payload[2] & 0x80 else 1
        position += 1 if extension & 0x40 else 0
        position += 1 if extension & 0x30 else 0
    return position if position < len(payload) else None


class _Bits:
    """Bits of a NAL unit without its emulation prevention bytes. Reading past the end: IndexError."""

    def __init__(self, data: bytes) -> None:
        self._data = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._position = 0

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            byte = self._data[self._position >> 3]
            value = value << 1 | (byte >> (7 - (self._position & 7)) & 1)
            self._position += 1
        return value

    def golomb(self) -> int:
        """An unsigned Exp-Golomb number (H.264 §9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise IndexError
        return (1 << zeros) - 1 + self.take(zeros)

    def signed_golomb(self) -> int:
        value = self.golomb()
        return (value + 1) // 2 if value & 1 else -(value // 2)


@lru_cache(maxsize=16)  # a source repeats its own with every keyframe
def _sps_size(unit: bytes) -> tuple[int, int] | None:
    """Read a sequence parameter set (H.264 §7.3.2.1.1) as far as the cropping rectangle."""
    try:
        bits = _Bits(unit[1:200])
        profile = bits.take(8)
        bits.take(16)
        bits.golomb()
        chroma = 1
        if profile in _HIGH_PROFILES:
            chroma = bits.golomb()
            if chroma == 3:
                bits.take(1)
            bits.golomb()
            bits.golomb()
            bits.take(1)
            if bits.take(1):
                for index in range(8 if chroma != 3 else 12):
                    if bits.take(1):
                        _skip_scaling_list(bits, 16 if index < 6 else 64)
        bits.golomb()
        order = bits.golomb()
        if order == 0:
            bits.golomb()
        elif order == 1:
            bits.take(1)
            bits.signed_golomb()
            bits.signed_golomb()
            for _ in range(min(bits.golomb(), 255)):
                bits.signed_golomb()
        bits.golomb()
        bits.take(1)
        width = (bits.golomb() + 1) * 16
        map_units = bits.golomb() + 1
        frames_only = bits.take(1)
        height = map_units * 16 * (2 - frames_only)
        if not frames_only:
            bits.take(1)
        bits.take(1)
        if bits.take(1):
            unit_x = 1 if chroma in (0, 3) else 2
            unit_y = (2 if chroma == 1 else 1) * (2 - frames_only)
            left, right, top, bottom = (bits.golomb() for _ in range(4))
            width -= (left + right) * unit_x
            height -= (top + bottom) * unit_y
    except IndexError:
        return None
    return (width, height) if 0 < width <= 16384 and 0 < height <= 16384 else None


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed_golomb() + 256) % 256
        last = following or last
