"""The embedded default voice: espeak-ng (GPL-3) in a worker process, a hundred languages, words and phonemes timed.

Text goes over a pipe, nothing of the library is loaded here. A worker that dies, hangs or has spoken often enough is
replaced; an utterance is tried twice.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import struct
import sys
from types import TracebackType
from typing import Any, Self

import numpy as np

from avatar.errors import SpeechUnavailable
from avatar.model import language_of
from avatar.speech import loudness
from avatar.speech.engine import Mark, RawSpeech
from avatar.speech.espeak_worker import MAX_SAMPLES
from avatar.speech.kana import to_kana
from avatar.speech.ports import Mouth, VoiceInfo
from avatar.speech.visemes import of_ipa

TIMEOUT_S = 8.0
RECYCLE_AFTER = 2000
"""Utterances per worker: what the library leaks is given back."""
_MAX_HEAD = 1 << 20

_VOICES = {
    "en": "en-us",
    "zh": "cmn",
    "pt": "pt-br",
    "fr": "fr",
    "no": "nb",
}
_TAGS = {"en-gb": "en-gb", "pt-pt": "pt", "es-mx": "es-419", "es-us": "es-419", "zh-hk": "yue", "zh-yue": "yue"}
_WPM = {"zh": 168, "ja": 150, "ko": 150, "ar": 145, "de": 150, "ru": 152}
_DEFAULT_WPM = 164


class EspeakEngine:
    """Speaks through one worker process; the ``async with`` block owns it."""

    def __init__(self, variant: str = "+f3", pitch: int = 48, pitch_range: int = 60) -> None:
        """``variant`` is one of espeak-ng's voice variants, "" for the plain voice; pitches 0 to 99."""
        self._variant, self._pitch, self._range = variant, pitch, pitch_range
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()
        self._spoken = 0
        self.info = VoiceInfo("espeak-ng", (), "GPL-3.0 (in a process of its own)", "formant voice, every language")

    @staticmethod
    def is_present() -> bool:
        """Whether the library is installed (extra ``avatar``)."""
        return importlib.util.find_spec("espeakng_loader") is not None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`; Japanese needs pyopenjtalk, which knows how kanji are read."""
        positions = None
        if language_of(lang) == "ja":
            spoken, positions = await asyncio.to_thread(to_kana, spoken)
        request = {
            "text": spoken,
            "voice": _TAGS.get(lang.lower(), _VOICES.get(language_of(lang), language_of(lang))) + self._variant,
            "wpm": _WPM.get(language_of(lang), _DEFAULT_WPM),
            "pitch": self._pitch,
            "range": self._range,
        }
        async with self._lock:
            try:
                head, pcm = await self._ask(request)
            except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
                await self._end()
                try:
                    head, pcm = await self._ask(request)
                except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
                    await self._end()
                    raise SpeechUnavailable("espeak-ng", f"its process fails ({type(error).__name__})") from error
        if "error" in head:
            raise SpeechUnavailable("espeak-ng", str(head["error"]))
        sound = loudness.to_float(np.frombuffer(pcm, np.int16))
        marks = [
            Mark(ms / 1000, positions[min(at, len(positions) - 1)] if positions else at) for ms, at in head["words"]
        ]
        phonemes = head["phonemes"]
        mouths: list[Mouth] = []
        for n, (ms, phoneme) in enumerate(phonemes):
            end_ms = phonemes[n + 1][0] if n + 1 < len(phonemes) else ms + 60
            mouths += of_ipa(phoneme, ms / 1000, end_ms / 1000)
        return RawSpeech(sound, int(head["rate"]), marks, mouths, is_formant=True)

    async def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if self._spoken >= RECYCLE_AFTER:
            await self._end()
        async with asyncio.timeout(TIMEOUT_S):
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "avatar.speech.espeak_worker",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
                self._spoken = 0
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            data = json.dumps(request).encode()
            self._process.stdin.write(struct.pack(">I", len(data)) + data)
            await self._process.stdin.drain()
            size = struct.unpack(">I", await self._process.stdout.readexactly(4))[0]
            if size > _MAX_HEAD:
                raise ValueError("reply too long")
            head: dict[str, Any] = json.loads(await self._process.stdout.readexactly(size))
            samples = int(head.get("samples", 0))
            if not 0 <= samples <= MAX_SAMPLES + 22050:
                raise ValueError("sound too long")
            pcm = await self._process.stdout.readexactly(samples * 2)
        self._spoken += 1
        return head, pcm

    async def _end(self) -> None:
        """End the worker; by its closed input when it listens, else killed."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                async with asyncio.timeout(1.0):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
