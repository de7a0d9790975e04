"""English by CMU Flite (Debian: libflite1, BSD-like licence): clearer than espeak-ng, and every phone's end is known.

Pocketsphinx misheard 5.9 % of the words of ``rms`` and 13.5 % of ``slt`` in 15 shopping sentences (espeak-ng: 82 %).
"""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
import threading
from typing import Any

import numpy as np

from avatar.errors import SpeechUnavailable
from avatar.speech import loudness
from avatar.speech.engine import Mark, RawSpeech
from avatar.speech.ports import Mouth, VoiceInfo
from avatar.speech.visemes import of_arpabet

VOICES = ("rms", "slt", "awb", "kal16")
MAX_PHONES = 20_000


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "flite_init": (ctypes.c_int, ()),
    "flite_synth_text": (ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_void_p)),
    "utt_wave": (ctypes.POINTER(_Wave), (ctypes.c_void_p,)),
    "utt_relation": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_char_p)),
    "relation_head": (ctypes.c_void_p, (ctypes.c_void_p,)),
    "item_next": (ctypes.c_void_p, (ctypes.c_void_p,)),
    "item_parent": (ctypes.c_void_p, (ctypes.c_void_p,)),
    "item_as": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_char_p)),
    "item_feat_string": (ctypes.c_char_p, (ctypes.c_void_p, ctypes.c_char_p)),
    "item_feat_float": (ctypes.c_float, (ctypes.c_void_p, ctypes.c_char_p)),
    "delete_utterance": (None, (ctypes.c_void_p,)),
}


def _library(name: str) -> str | None:
    for candidate in (f"lib{name}.so.1", ctypes.util.find_library(name)):
        if candidate is None:
            continue
        try:
            ctypes.CDLL(candidate, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
        return candidate
    return None


class FliteEngine:
    """One of Flite's English voices, loaded when it first speaks; calls are made one at a time in a thread."""

    def __init__(self, voice: str = "rms") -> None:
        """``voice`` is one of `VOICES`."""
        if voice not in VOICES:
            raise ValueError(f"voice must be one of {VOICES}, not {voice}")
        self._name = voice
        self._lock = threading.Lock()
        self._lib: Any = None
        self._voice: int | None = None
        self.info = VoiceInfo(f"flite:{voice}", ("en",), "BSD-like (CMU)", "English, recorded voice")

    @staticmethod
    def is_present(voice: str = "rms") -> bool:
        """Whether the library and the voice are on this machine."""
        return _library("flite") is not None and _load_voice(voice) is not None

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`."""
        # Latin letters only: Flite skips the rest without a word.
        plain = spoken.translate({ord("’"): "'"})
        return await asyncio.to_thread(self._speak, plain)

    def _speak(self, spoken: str) -> RawSpeech:
        with self._lock:
            if self._lib is None:
                self._open()
            lib = self._lib
            utterance = lib.flite_synth_text(spoken.encode("ascii", "replace"), self._voice)
            if not utterance:
                raise SpeechUnavailable(self.info.engine, "it gave no utterance")
            try:
                wave = lib.utt_wave(utterance).contents
                samples = loudness.to_float(np.ctypeslib.as_array(wave.samples, (wave.num_samples,)))
                rate = int(wave.sample_rate)
                mouths, begins = self._phones(utterance)
            finally:
                lib.delete_utterance(utterance)
        return RawSpeech(samples, rate, _marks(spoken, begins), mouths)

    def _open(self) -> None:
        name, voice = _library("flite"), _load_voice(self._name)
        if name is None or voice is None:
            raise SpeechUnavailable(self.info.engine, "libflite is not installed (Debian: apt install flite)")
        lib = ctypes.CDLL(name)
        for function, (result, arguments) in _SIGNATURES.items():
            getattr(lib, function).restype = result
            getattr(lib, function).argtypes = arguments
        lib.flite_init()
        register = getattr(voice, f"register_cmu_us_{self._name}")
        register.restype, register.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
        self._lib, self._voice = lib, register(None)

    def _phones(self, utterance: int) -> tuple[list[Mouth], list[tuple[float, str]]]:
        """Mouth shapes, and for each token when it begins and how it is written."""
        lib = self._lib
        mouths: list[Mouth] = []
        begins: list[tuple[float, str]] = []
        item = lib.relation_head(lib.utt_relation(utterance, b"Segment"))
        at_s, token_before = 0.0, None
        for _ in range(MAX_PHONES):
            if not item:
                break
            end_s = float(lib.item_feat_float(item, b"end"))
            mouths += of_arpabet(lib.item_feat_string(item, b"name").decode(), at_s, end_s)
            token = self._token(item)
            if token and token != token_before:
                begins.append((at_s, lib.item_feat_string(token, b"name").decode("ascii", "replace")))
                token_before = token
            at_s, item = end_s, lib.item_next(item)
        return mouths, begins

    def _token(self, segment: int) -> int | None:
        lib = self._lib
        syllable = lib.item_parent(lib.item_as(segment, b"SylStructure") or 0) if segment else None
        word = lib.item_parent(syllable) if syllable else None
        in_token = lib.item_as(word, b"Token") if word else None
        return lib.item_parent(in_token) if in_token else None


def _load_voice(voice: str) -> Any:
    for name in ("flite_usenglish", "flite_cmulex"):
        _library(name)
    found = _library(f"flite_cmu_us_{voice}")
    return ctypes.CDLL(found) if found else None


def _marks(spoken: str, begins: list[tuple[float, str]]) -> list[Mark]:
    """Find each token in the text, going forward only."""
    marks: list[Mark] = []
    at = 0
    for begin_s, token in begins:
        found = spoken.find(token, at)
        if found < 0:
            continue
        marks.append(Mark(begin_s, found))
        at = found + len(token)
    return marks
