"""Piper voices (``*.onnx`` with ``*.onnx.json``) from a directory of the user's; piper-tts (GPL-3) in its own process.

The package's command writes WAV; it stays outside our process like espeak-ng. Nothing is downloaded.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from pathlib import Path

from avatar.errors import SpeechUnavailable
from avatar.model import language_of
from avatar.speech.alignment import aligned
from avatar.speech.engine import Engine, RawSpeech
from avatar.speech.http_speech import MAX_BYTES, read_wav
from avatar.speech.ports import VoiceInfo

TIMEOUT_S = 20.0
MAX_VOICES = 200


class PiperEngine:
    """The voices of one directory, one per language."""

    def __init__(self, directory: Path, timing: Engine) -> None:
        """``directory`` is read once, now. ``timing`` stays its owner's."""
        self._voices = voices_in(directory)
        self._timing = timing
        self.info = VoiceInfo("piper", tuple(sorted(self._voices)), "GPL-3.0 (own process); voices: see their cards")

    @staticmethod
    def is_present() -> bool:
        """Whether piper-tts is installed."""
        return importlib.util.find_spec("piper") is not None

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`."""
        voice = self._voices.get(language_of(lang))
        if voice is None:
            raise SpeechUnavailable(self.info.engine, f"the directory has no voice for {lang}")
        argv = [sys.executable, "-m", "piper", "--model", str(voice), "--output-file", "-"]
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *argv, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
            )
        except OSError as error:
            raise SpeechUnavailable(self.info.engine, "it cannot be started") from error
        try:
            async with asyncio.timeout(TIMEOUT_S):
                body, _ = await process.communicate(spoken.replace("\n", " ").encode() + b"\n")
        except TimeoutError as error:
            raise SpeechUnavailable(self.info.engine, f"no answer in {TIMEOUT_S:.0f} s") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or len(body) > MAX_BYTES:
            raise SpeechUnavailable(self.info.engine, f"it ended with {process.returncode}")
        sound, rate = await asyncio.to_thread(read_wav, body, self.info.engine)
        return await aligned(sound, rate, spoken, lang, self._timing)


def voices_in(directory: Path) -> dict[str, Path]:
    """Language → model, the first by name of each; files without a readable description are left out."""
    found: dict[str, Path] = {}
    for model in sorted(directory.glob("*.onnx"))[:MAX_VOICES]:
        try:
            described = json.loads(model.with_suffix(".onnx.json").read_text("utf-8"))
            language = described["language"]["family"] if "language" in described else described["espeak"]["voice"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(language, str):
            found.setdefault(language_of(language), model)
    return found
