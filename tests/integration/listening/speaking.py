"""A host's microphone for tests: plays what it is given, in real time, and then silence."""

from __future__ import annotations

import asyncio
import subprocess
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
from aiortc import MediaStreamTrack
from av import AudioFrame

from avatar.listening.ports import SAMPLE_RATE, HeardWord, Sound
from avatar.speech.flite import FliteEngine

RATE = 48_000
STEP = RATE // 50


class Microphone(MediaStreamTrack):
    """``say`` is played once, from its first sample on, when ``go`` is set."""

    kind = "audio"

    def __init__(self, say: Sound) -> None:
        """``say`` has 16,000 samples a second."""
        super().__init__()
        self._pcm = np.repeat(say, RATE // SAMPLE_RATE)
        self._at = 0
        self._samples = 0
        self._began_s: float | None = None
        self.go = asyncio.Event()
        self.began = asyncio.Event()
        """The first sample was handed over."""

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self._began_s = loop.time() if self._began_s is None else self._began_s
        await asyncio.sleep(max(0.0, self._began_s + self._samples / RATE - loop.time()))
        piece = np.zeros(STEP, np.int16)
        if self.go.is_set():
            part = self._pcm[self._at : self._at + STEP]
            piece[: len(part)] = part
            self._at += STEP
            self.began.set()
        frame = AudioFrame.from_ndarray(piece.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._samples, Fraction(1, RATE)
        self._samples += STEP
        return frame


def murmur(words: list[HeardWord]) -> Sound:
    """Noise where the words are: speech to whoever only listens for loudness."""
    noise = np.random.default_rng(1).normal(0, 4000, round((words[-1].end_s + 1.5) * SAMPLE_RATE))
    times = np.arange(len(noise)) / SAMPLE_RATE
    is_loud = np.zeros(len(noise), bool)
    for word in words:
        is_loud |= (times >= word.start_s) & (times < word.end_s)
    return np.where(is_loud, noise, 0).astype(np.int16)


def said(text: str, folder: Path) -> Sound:
    """``text`` in Flite's clearest voice, with a pause behind it."""
    assert FliteEngine.is_present()
    file = folder / "said.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(file)], check=True, timeout=20)
    with wave.open(str(file)) as sound:
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    return np.concatenate([pcm, np.zeros(SAMPLE_RATE, np.int16)])
