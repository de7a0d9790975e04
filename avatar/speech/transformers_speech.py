"""Hugging Face VITS or SpeechT5 from a directory of the user's; torch is loaded when it first speaks.

Mind the weights' licences: SpeechT5 and most single-speaker VITS are MIT or Apache-2.0, the MMS voices are CC BY-NC and
not for commerce. Nothing is downloaded.
"""

from __future__ import annotations

import asyncio
import importlib.util
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatar.errors import SpeechUnavailable
from avatar.speech.alignment import aligned
from avatar.speech.engine import Engine, RawSpeech
from avatar.speech.ports import VoiceInfo


class TransformersSpeechEngine:
    """One model, one language family."""

    def __init__(
        self, directory: Path, languages: tuple[str, ...], timing: Engine, speaker: Path | None = None
    ) -> None:
        """``speaker``: an ``.npy`` with SpeechT5's speaker vector (512 floats). ``timing`` stays its owner's."""
        self._directory, self._speaker_file, self._timing = directory, speaker, timing
        self._lock = threading.Lock()
        self._model: Any = None
        self._tokenizer: Any = None
        self.info = VoiceInfo(f"transformers:{directory.name}", languages, "see the model's card")

    @staticmethod
    def is_present() -> bool:
        """Whether transformers and torch are installed; they are not imported for it."""
        return all(importlib.util.find_spec(name) is not None for name in ("transformers", "torch"))

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`."""
        sound, rate = await asyncio.to_thread(self._speak, spoken)
        return await aligned(sound, rate, spoken, lang, self._timing)

    def _speak(self, spoken: str) -> tuple[NDArray[np.float32], int]:
        with self._lock:
            try:
                if self._model is None:
                    self._open()
                import torch

                tokens = self._tokenizer(spoken, return_tensors="pt")
                with torch.inference_mode():
                    if self._model.config.model_type == "vits":
                        sound = self._model(**tokens).waveform[0]
                    else:
                        vector = np.load(self._speaker_file) if self._speaker_file else np.zeros(512, np.float32)
                        voice = torch.from_numpy(np.asarray(vector, np.float32)).reshape(1, -1)
                        sound = self._model.generate_speech(tokens["input_ids"], voice, vocoder=self._vocoder)
            except (ImportError, OSError, ValueError, RuntimeError) as error:
                raise SpeechUnavailable(self.info.engine, str(error).splitlines()[0][:200]) from error
            return np.asarray(sound.cpu().numpy(), np.float32), int(getattr(self._model.config, "sampling_rate", 16000))

    def _open(self) -> None:
        from transformers import AutoConfig, AutoTokenizer, SpeechT5ForTextToSpeech, SpeechT5HifiGan, VitsModel

        config = AutoConfig.from_pretrained(self._directory, local_files_only=True)
        if config.model_type not in ("vits", "speecht5"):
            raise ValueError(f"{config.model_type} is neither VITS nor SpeechT5")
        kind = VitsModel if config.model_type == "vits" else SpeechT5ForTextToSpeech
        self._tokenizer = AutoTokenizer.from_pretrained(self._directory, local_files_only=True)
        self._vocoder = None
        if config.model_type == "speecht5":
            vocoder = self._directory / "vocoder"
            self._vocoder = SpeechT5HifiGan.from_pretrained(vocoder, local_files_only=True).eval()
        self._model = kind.from_pretrained(self._directory, local_files_only=True).eval()
