"""What all voices share: from an engine's raw sound and marks to a finished `Utterance`.

An `Engine` only speaks the words it is given; `EngineSpeaker` around it does what must be alike everywhere: reading
quantities, loudness, times of the written words, a mouth that is shut whenever nothing sounds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from avatar.errors import TextTooLong
from avatar.model import language_of
from avatar.speech import loudness
from avatar.speech.ports import MAX_TEXT_CHARS, SAMPLE_RATE, Mouth, Utterance, Viseme, VoiceInfo, Word
from avatar.speech.script import Script, can_be_said, write_script
from avatar.speech.visemes import tidy

SILENT_S = 0.2
"""How long an utterance of nothing lasts."""
LONGEST_GAP_S = 0.27
"""Pauses inside a sentence are cut to this."""
LONGEST_STOP_S = 0.42
"""Pauses between sentences of one utterance."""
_LEAD_S, _TAIL_S = 0.03, 0.08
_STEP = SAMPLE_RATE // 100
_SHUT_AFTER_S = 0.07
"""Shorter dips are closures of consonants, where the visemes know better."""


class Mark(NamedTuple):
    """A word of the spoken text begins to sound."""

    at_s: float
    position: int
    """Index of its first character in the spoken text."""


@dataclass(frozen=True, eq=False)
class RawSpeech:
    """What an engine gives; times in seconds of ``sound``."""

    sound: NDArray[np.float32]
    """Full scale 1.0, mono."""
    rate: int
    marks: Sequence[Mark]
    mouths: Sequence[Mouth]
    is_formant: bool = False
    """Synthesised from formulas: buzzes, and is treated for it."""


class Engine(Protocol):
    """Speaks prepared text."""

    @property
    def info(self) -> VoiceInfo:
        """Which voice this is."""

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """Speak words without digits or symbols; ``lang`` as the caller gave it. Raises: SpeechUnavailable."""


class EngineSpeaker:
    """A `Speaker` made of an `Engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def info(self) -> VoiceInfo:
        """Which voice this is."""
        return self._engine.info

    async def say(self, text: str, lang: str) -> Utterance:
        """See `avatar.speech.ports.Speaker.say`."""
        if len(text) > MAX_TEXT_CHARS:
            raise TextTooLong(len(text), MAX_TEXT_CHARS)
        script = write_script(text, language_of(lang))
        if not can_be_said(script):
            return silence(text, lang, self.info.engine)
        raw = await self._engine.speak(script.spoken, lang)
        return await asyncio.to_thread(finished, text, lang, script, raw, self.info.engine)


def silence(text: str, lang: str, engine: str) -> Utterance:
    """What is said when there is nothing to say."""
    pcm = np.zeros(int(SILENT_S * SAMPLE_RATE), np.int16)
    return Utterance(text, lang, pcm, (), (Mouth(0.0, Viseme.SIL, 1.0),), engine)


def finished(text: str, lang: str, script: Script, raw: RawSpeech, engine: str) -> Utterance:
    """Trim, shorten pauses, bring to loudness, put the marks onto the written words, shut the mouth in silence."""
    sound = loudness.resample(raw.sound, raw.rate)
    quiet = _quiet_steps(sound)
    if quiet.all():
        return silence(text, lang, engine)
    stops = [mark.at_s for mark in raw.marks if _ends_sentence(script.spoken, mark.position)]
    keep = _kept_steps(quiet, stops)
    # Where each old step lies in the shortened sound; times in between go on linearly.
    places = np.concatenate([[0], np.cumsum(keep)]) * (_STEP / SAMPLE_RATE)

    def moved(at_s: float) -> float:
        return float(np.interp(at_s * SAMPLE_RATE / _STEP, np.arange(len(places)), places))

    steps = np.zeros(len(quiet) * _STEP, np.float32)
    steps[: len(sound)] = sound
    short = steps.reshape(-1, _STEP)[keep].reshape(-1)
    pcm = loudness.finish(short, SAMPLE_RATE, is_formant=raw.is_formant)
    seconds = len(pcm) / SAMPLE_RATE
    mouths = [Mouth(moved(mouth.at_s), mouth.viseme, mouth.weight) for mouth in raw.mouths]
    still = _quiet_steps(loudness.to_float(pcm))
    mouths = _shut_in_silence(mouths, still, seconds)
    marks = [Mark(moved(mark.at_s), mark.position) for mark in raw.marks]
    sounding = np.flatnonzero(~still).astype(np.float64) * (_STEP / SAMPLE_RATE)
    words = _words(script, marks, sounding, seconds)
    return Utterance(text, lang, pcm, words, tidy(mouths, seconds), engine)


def _quiet_steps(sound: NDArray[np.float32]) -> NDArray[np.bool_]:
    """For each 10 ms whether nothing is heard: 40 dB below the loudest, or next to digital silence."""
    count = -(-len(sound) // _STEP)
    padded = np.zeros(count * _STEP, np.float32)
    padded[: len(sound)] = sound
    rms = np.sqrt((padded.reshape(count, _STEP) ** 2).mean(axis=1))
    return np.asarray(rms < max(1e-4, float(rms.max(initial=0.0)) / 100))


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ends_sentence(spoken: str, position: int) -> bool:
    """Whether a sentence ends right before ``position``."""
    before = spoken[:position].rstrip(" \"'»”’)")
    return bool(before) and before[-1] in ".!?。！？؟…"


def _kept_steps(quiet: NDArray[np.bool_], stops: Sequence[float]) -> NDArray[np.bool_]:
    keep = np.ones(len(quiet), np.bool_)
    for start, end in _runs(quiet):
        if start == 0:
            keep[: max(end - round(_LEAD_S * 100), 0)] = False
        elif end == len(quiet):
            keep[start + round(_TAIL_S * 100) :] = False
        else:
            is_stop = any(start / 100 - 0.05 <= at_s <= end / 100 + 0.12 for at_s in stops)
            longest = round((LONGEST_STOP_S if is_stop else LONGEST_GAP_S) * 100)
            if end - start > longest:
                keep[start + longest // 2 : end - (longest - longest // 2)] = False
    return keep


def _shut_in_silence(mouths: list[Mouth], quiet: NDArray[np.bool_], seconds: float) -> list[Mouth]:
    """Where nothing is heard for a while the mouth is shut, whatever the engine's timing says."""
    kept = sorted(mouths, key=lambda mouth: mouth.at_s)
    for start, end in _runs(quiet):
        start_s, end_s = start / 100, min(end / 100, seconds)
        if end_s - start_s < _SHUT_AFTER_S:
            continue
        inside = [mouth for mouth in kept if start_s <= mouth.at_s < end_s]
        before = [mouth for mouth in kept if mouth.at_s < start_s]
        after = [mouth for mouth in kept if mouth.at_s >= end_s]
        reopening = inside[-1] if inside else before[-1] if before else None
        kept = [*before, Mouth(start_s, Viseme.SIL, 1.0)]
        if reopening and reopening.viseme is not Viseme.SIL and end_s < seconds:
            kept.append(reopening._replace(at_s=end_s))
        kept += after
    return kept


def _words(script: Script, marks: Sequence[Mark], sounding: NDArray[np.float64], seconds: float) -> tuple[Word, ...]:
    """Written words with their times; a word ends where the next begins or where its sound ends."""
    begins: dict[int, float] = {}
    for mark in sorted(marks):
        begins.setdefault(script.piece_at(mark.position), mark.at_s)
    order = sorted(begins)
    words: list[Word] = []
    for n, index in enumerate(order):
        start_s = max(begins[index], words[-1].end_s if words else 0.0)
        limit_s = max(begins[order[n + 1]] if n + 1 < len(order) else seconds, start_s)
        within = sounding[(sounding >= start_s) & (sounding < limit_s)]
        end_s = min(float(within[-1]) + 0.01, limit_s) if len(within) else limit_s
        first = 0 if n == 0 else index
        last = order[n + 1] if n + 1 < len(order) else len(script.pieces)
        # Signs that make no sound (an emoji, a dash) belong to the word before them.
        text = _joined(script, first, last)
        words.append(Word(start_s, max(end_s, start_s), text))
    return tuple(words)


def _joined(script: Script, first: int, last: int) -> str:
    text = ""
    for n in range(first, last):
        piece = script.pieces[n]
        gap = (
            n > first and script.spoken[piece.start - 1 : piece.start] == " " and script.pieces[n - 1].end < piece.start
        )
        text += (" " if gap else "") + piece.written
    return text
