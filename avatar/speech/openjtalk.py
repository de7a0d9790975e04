"""Japanese by Open JTalk (pyopenjtalk-plus, MIT; voice "mei" of the MMDAgent project, CC BY 3.0): 48 kHz, offline.

It tells no durations; espeak-ng reading the same kana gives them (`avatar.speech.alignment`).
"""

from __future__ import annotations

import asyncio
import threading

import numpy as np
from numpy.typing import NDArray

from avatar.errors import SpeechUnavailable
from avatar.speech import kana
from avatar.speech.alignment import aligned
from avatar.speech.engine import Engine, RawSpeech
from avatar.speech.ports import VoiceInfo


class OpenJtalkEngine:
    """A Japanese voice; 0.05 s of CPU for a second of speech."""

    def __init__(self, timing: Engine) -> None:
        """``timing`` reads the same text for its times; stays its owner's."""
        self._timing = timing
        self._lock = threading.Lock()
        self.info = VoiceInfo("openjtalk:mei", ("ja",), "MIT; voice mei CC BY 3.0", "Japanese, trained voice")

    @staticmethod
    def is_present() -> bool:
        """Whether pyopenjtalk is installed."""
        return kana.is_present()

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`."""
        sound, rate = await asyncio.to_thread(self._speak, spoken)
        return await aligned(sound, rate, spoken, lang, self._timing)

    def _speak(self, spoken: str) -> tuple[NDArray[np.float32], int]:
        try:
            import pyopenjtalk
        except ImportError as error:
            raise SpeechUnavailable(self.info.engine, "pyopenjtalk-plus is not installed") from error
        with self._lock:
            sound, rate = pyopenjtalk.tts(spoken)
        return np.asarray(np.asarray(sound, np.float32) / 32768, np.float32), int(rate)
