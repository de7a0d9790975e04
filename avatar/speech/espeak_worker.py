"""espeak-ng in a process of its own; speaks over standard input and output. Started by `avatar.speech.espeak`.

The library is GPL-3, keeps global state and is not made for threads: none of it comes into our process. Requests and
replies are frames: four bytes of length, then JSON; a reply is followed by its samples.

    ← {"text": "Hello", "voice": "en-us", "wpm": 158, "pitch": 50, "range": 55}
    → {"rate": 22050, "samples": 9000, "words": [[ms, position]], "phonemes": [[ms, "h"]]}   or   {"error": "…"}
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import Any

MAX_FRAME = 64 * 1024
MAX_SAMPLES = 22050 * 600

_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_WORD, _PHONEME = 1, 7


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class _Library:
    """The library, set up once; see espeak-ng's speak_lib.h."""

    def __init__(self) -> None:
        import espeakng_loader

        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        # Retrieval of samples; phoneme events (1) in IPA (2).
        self.rate = int(self._lib.espeak_Initialize(1, 0, os.fsencode(espeakng_loader.get_data_path()), 1 | 2))
        if self.rate <= 0:
            raise OSError("espeak-ng does not start")
        self._pcm = bytearray()
        self._words: list[tuple[int, int]] = []
        self._phonemes: list[tuple[int, str]] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
        self._callback = kind(self._receive)
        self._lib.espeak_SetSynthCallback(self._callback)

    def _receive(self, wave: Any, count: int, events: Any) -> int:
        if wave and count:
            self._pcm += ctypes.string_at(wave, count * 2)
        n = 0
        while events[n].type != 0:
            event = events[n]
            if event.type == _WORD:
                self._words.append((event.audio_position, event.text_position - 1))
            elif event.type == _PHONEME:
                # The field holds eight bytes and may end within a character.
                self._phonemes.append((event.audio_position, event.id.string.decode("utf-8", "ignore")))
            n += 1
        return 1 if len(self._pcm) > MAX_SAMPLES * 2 else 0

    def speak(self, text: str, voice: str, wpm: int, pitch: int, span: int) -> tuple[dict[str, Any], bytes]:
        self._pcm.clear()
        self._words.clear()
        self._phonemes.clear()
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            return {"error": f"no voice {voice}"}, b""
        for parameter, value in ((_RATE, wpm), (_VOLUME, 100), (_PITCH, pitch), (_RANGE, span)):
            self._lib.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        # 1: the text is UTF-8.
        if self._lib.espeak_Synth(data, len(data), 0, 1, 0, 1, None, None) != 0 or self._lib.espeak_Synchronize() != 0:
            return {"error": "espeak-ng refused the text"}, b""
        head = {
            "rate": self.rate,
            "samples": len(self._pcm) // 2,
            "words": self._words,
            "phonemes": self._phonemes,
        }
        return head, bytes(self._pcm)


def main() -> int:
    """Serve until standard input ends."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What the library may print must not end up between our frames.
    os.dup2(2, 1)
    library = _Library()
    while True:
        length = source.read(4)
        if len(length) < 4:
            return 0
        size = struct.unpack(">I", length)[0]
        if size > MAX_FRAME:
            return 2
        request = json.loads(source.read(size))
        head, pcm = library.speak(request["text"], request["voice"], request["wpm"], request["pitch"], request["range"])
        reply = json.dumps(head).encode()
        sink.write(struct.pack(">I", len(reply)) + reply + pcm)
        sink.flush()


if __name__ == "__main__":
    sys.exit(main())
