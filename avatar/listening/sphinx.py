"""English by PocketSphinx (BSD, its model inside the package): voice commands, and captions for want of better.

It misheard 6 to 14 % of the words of clear synthetic voices and far more of natural speech: good for a grammar of a few
sentences, honest but rough as a transcriber. One decoder is 40 MB and one thread's.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from avatar.errors import ListeningUnavailable
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, RecogniserInfo, Sound
from avatar.listening.voice_commands import VoiceCommand, command_in, grammar, is_confirmed

_FRAMES_PER_S = 100
_TUNED_ON = SAMPLE_RATE * 6 // 10
_INFO = RecogniserInfo("pocketsphinx", ("en",), "BSD-2-Clause", "commands; rough captions in English")


def is_present() -> bool:
    """Whether the package is installed; it is not imported for it."""
    return importlib.util.find_spec("pocketsphinx") is not None


def _decoder(**settings: Any) -> Any:
    if not is_present():
        raise ListeningUnavailable("pocketsphinx is not installed (pip install 'vitrine[listening]')")
    from pocketsphinx import Decoder

    return Decoder(loglevel="FATAL", **settings)


def _words(decoder: Any) -> list[HeardWord]:
    found: list[HeardWord] = []
    for segment in decoder.seg() or ():
        # "<s>", "[NOISE]" and the like are no words; "read(2)" is the second way to say one.
        if segment.word.startswith(("<", "[", "++")):
            continue
        text = segment.word.split("(")[0]
        found.append(HeardWord(segment.start_frame / _FRAMES_PER_S, (segment.end_frame + 1) / _FRAMES_PER_S, text))
    return found


class SphinxTranscriber:
    """A `Transcriber`."""

    info = _INFO

    def __init__(self) -> None:
        """Opens the model: about a second. Raises: ListeningUnavailable."""
        self._decoder = _decoder()

    def transcribe(self, sound: Sound, before: str) -> list[HeardWord]:
        """See `Transcriber.transcribe`; what was said before makes no difference to it."""
        self._decoder.start_utt()
        self._decoder.process_raw(sound.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        return _words(self._decoder)


class SphinxRecogniser:
    """A `Recogniser`: PocketSphinx listens along by itself, a sentence at a time."""

    info = _INFO

    def __init__(self) -> None:
        """Opens the model. Raises: ListeningUnavailable."""
        self._decoder = _decoder()
        self._is_open = self._is_tuned = False
        self._first: Sound = np.zeros(0, np.int16)

    def hear(self, sound: Sound) -> Heard:
        """See `Recogniser.hear`."""
        if not self._is_tuned:
            self._first = sound = np.concatenate([self._first, sound])
            if len(sound) < _TUNED_ON:
                return Heard()
            self._tune()
        if not self._is_open:
            self._decoder.start_utt()
            self._is_open = True
        self._decoder.process_raw(sound.tobytes(), no_search=False, full_utt=False)
        return Heard(guess=tuple(_words(self._decoder)))

    def finish(self) -> Heard:
        """See `Recogniser.finish`."""
        if len(self._first):
            first = self._first
            self._tune()
            self.hear(first)
        if not self._is_open:
            return Heard()
        self._is_open = False
        self._decoder.end_utt()
        return Heard(tuple(_words(self._decoder)))

    def _tune(self) -> None:
        """Learn the microphone (the cepstral mean) from the first words: else the first sentence is misheard."""
        self._decoder.start_utt()
        self._decoder.process_raw(self._first.tobytes(), no_search=True, full_utt=True)
        self._decoder.end_utt()
        self._first, self._is_tuned = np.zeros(0, np.int16), True


class CommandListener:
    """Hears the studio's commands: what fits the grammar, and is understood alike without it."""

    def __init__(self) -> None:
        """Opens two models. Raises: ListeningUnavailable."""
        self._decoder = _decoder(lm=None)
        self._decoder.add_jsgf_string("studio", grammar())
        self._decoder.activate_search("studio")
        self._free = SphinxTranscriber()

    def command(self, sound: Sound) -> VoiceCommand | None:
        """The command in a sentence's sound, between two pauses; None for anything else."""
        self._decoder.start_utt()
        self._decoder.process_raw(sound.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        command = command_in(found.hypstr) if found is not None else None
        if command is None:
            return None
        dictated = " ".join(word.text for word in self._free.transcribe(sound, ""))
        return command if is_confirmed(found.hypstr, dictated) else None
