"""Which voice speaks which language, built once and explicitly: the best that is present, espeak-ng behind all.

A voice that fails is passed over for that utterance (the next one in its language speaks) and said so in the log: the
show goes on.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from avatar.errors import SpeechUnavailable
from avatar.model import language_of
from avatar.speech.engine import EngineSpeaker
from avatar.speech.espeak import EspeakEngine
from avatar.speech.flite import FliteEngine
from avatar.speech.http_speech import HttpSpeechEngine, SpeechEndpoint
from avatar.speech.openjtalk import OpenJtalkEngine
from avatar.speech.piper import PiperEngine
from avatar.speech.ports import Speaker, Utterance, VoiceInfo
from avatar.speech.transformers_speech import TransformersSpeechEngine

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class VoiceOptions:
    """What the owner of a host may choose."""

    variant: str = "+f3"
    """espeak-ng's voice variant."""
    flite_voice: str = "slt"
    """Flite's English voice; ``rms`` is clearer, ``slt`` goes with the host as it is drawn."""
    piper_directory: Path | None = None
    endpoint: SpeechEndpoint | None = None
    transformers: Mapping[str, Path] = field(default_factory=dict)
    """Language → directory of a VITS or SpeechT5 model."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Language → beginning of an engine's name that is to speak it, e.g. ``{"en": "espeak"}``."""


class Voices:
    """A `Speaker` of several: asks the first one that speaks the language, then the next."""

    info = VoiceInfo("voices", (), "see each voice")

    def __init__(self, speakers: Sequence[Speaker], only: Mapping[str, str] | None = None) -> None:
        """``speakers`` best first; they stay their owner's."""
        self._speakers = tuple(speakers)
        self._only = dict(only or {})

    def prefer(self, only: Mapping[str, str]) -> None:
        """From the next utterance on: language → beginning of the name of the engine that is to speak it."""
        self._only = dict(only)

    def for_language(self, lang: str) -> tuple[Speaker, ...]:
        """The voices that speak ``lang``, in the order they are asked."""
        language = language_of(lang)
        able = [s for s in self._speakers if not s.info.languages or language in s.info.languages]
        wanted = self._only.get(language)
        if wanted:
            # The wish comes first, the rest stays behind it: a voice that fails must not silence the show.
            able.sort(key=lambda speaker: not speaker.info.engine.startswith(wanted))
        return tuple(able)

    def chosen(self, lang: str) -> VoiceInfo | None:
        """The voice that is asked first, for the console; None when nobody speaks ``lang``."""
        able = self.for_language(lang)
        return able[0].info if able else None

    async def say(self, text: str, lang: str) -> Utterance:
        """See `avatar.speech.ports.Speaker.say`. Raises: SpeechUnavailable when no voice could; TextTooLong."""
        last = SpeechUnavailable("voices", f"there is none for {lang}")
        for speaker in self.for_language(lang):
            try:
                return await speaker.say(text, lang)
            except SpeechUnavailable as error:
                logger.warning("%s; trying the next voice", error)
                last = error
        raise last


@asynccontextmanager
async def open_voices(options: VoiceOptions | None = None) -> AsyncIterator[Voices]:
    """All voices that this machine has; the block owns their processes and connections.

    Raises: SpeechUnavailable when not even espeak-ng is there (extra ``avatar``).
    """
    options = options or VoiceOptions()
    if not EspeakEngine.is_present():
        raise SpeechUnavailable("espeak-ng", "it is not installed: pip install 'vitrine[avatar]'")
    async with AsyncExitStack() as stack:
        espeak = await stack.enter_async_context(EspeakEngine(options.variant))
        speakers: list[Speaker] = []
        if options.endpoint is not None:
            client = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False))
            speakers.append(EngineSpeaker(HttpSpeechEngine(options.endpoint, client, espeak)))
        for language, directory in options.transformers.items():
            speakers.append(EngineSpeaker(TransformersSpeechEngine(directory, (language,), espeak)))
        if options.piper_directory is not None and PiperEngine.is_present():
            speakers.append(EngineSpeaker(PiperEngine(options.piper_directory, espeak)))
        if FliteEngine.is_present(options.flite_voice):
            speakers.append(EngineSpeaker(FliteEngine(options.flite_voice)))
        if OpenJtalkEngine.is_present():
            speakers.append(EngineSpeaker(OpenJtalkEngine(espeak)))
        speakers.append(EngineSpeaker(espeak))
        yield Voices(speakers, options.only)
