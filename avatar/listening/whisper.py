"""Any language by Whisper through faster-whisper (CTranslate2), from a directory of the user's; nothing is downloaded.

The weights (MIT) and ``faster-whisper`` are brought by whoever wants them. The encoder always looks at 30 s, so a look
costs the same however short the sound is: a second of CPU for ``tiny``, two for ``base``. `LocalAgreement` makes it
live.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from avatar.errors import ListeningUnavailable
from avatar.listening.ports import HeardWord, RecogniserInfo, Sound


class WhisperTranscriber:
    """A `Transcriber`. The model is opened when it first listens."""

    def __init__(self, directory: Path, lang: str, threads: int = 1) -> None:
        """``directory`` holds ``model.bin`` and its tokenizer, as CTranslate2's converter writes them.

        Raises: ListeningUnavailable.
        """
        if importlib.util.find_spec("faster_whisper") is None:
            raise ListeningUnavailable("faster-whisper is not installed (pip install 'vitrine[whisper]')")
        for name in ("model.bin", "config.json", "tokenizer.json"):
            if not (directory / name).is_file():
                raise ListeningUnavailable(f"no model in {directory}: there is no {name}")
        self._directory, self._lang, self._threads = directory, lang.split("-")[0], threads
        self._model: Any = None
        self.info = RecogniserInfo(f"whisper:{directory.name}", (self._lang,), "MIT (weights: see their card)")

    def transcribe(self, sound: Sound, before: str) -> list[HeardWord]:
        """See `Transcriber.transcribe`."""
        try:
            if self._model is None:
                from faster_whisper import WhisperModel

                self._model = WhisperModel(
                    str(self._directory), device="cpu", compute_type="int8", cpu_threads=self._threads
                )
            segments, _ = self._model.transcribe(
                sound.astype(np.float32) / np.float32(32768),
                language=self._lang,
                beam_size=1,
                word_timestamps=True,
                condition_on_previous_text=False,
                initial_prompt=before or None,
            )
            return [
                HeardWord(float(word.start), float(word.end), word.word.strip())
                for segment in segments
                for word in segment.words or ()
            ]
        except (OSError, RuntimeError, ValueError) as error:
            raise ListeningUnavailable(str(error)[:300]) from error
