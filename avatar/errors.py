"""Errors the AI host raises on purpose: one tree, one class per decision a caller can make.

AvatarError
├── BadRundown                 the rundown or the facts cannot be read; fix the file
├── UnknownBeat                the operator named a line that is no longer in the queue
├── LanguageModelUnavailable   no usable answer from the model; the templates take over
├── SpeechUnavailable          this voice cannot speak (now, or this language); take another or show the text alone
├── ListeningUnavailable       this recogniser cannot listen (now, or here); take another or go without
├── TextTooLong                split the text into sentences first
├── ScriptQueueFull            too much waits to be said; say it later or interrupt
├── StageUnavailable           the host cannot be drawn here; the message says what is missing
└── OutputFailed               file or network took no more; open the output again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class AvatarError(Exception):
    """Base of every error this library raises on purpose."""

    code: ClassVar[str] = "avatar_error"


@dataclass(eq=False)
class BadRundown(AvatarError):
    """What was handed in as a rundown or as facts is none."""

    code: ClassVar[str] = "bad_rundown"
    reason: str

    def __str__(self) -> str:
        return f"The rundown cannot be used: {self.reason}."


@dataclass(eq=False)
class UnknownBeat(AvatarError):
    """The line was said, skipped or never planned."""

    code: ClassVar[str] = "unknown_beat"
    beat_id: int

    def __str__(self) -> str:
        return f"Line {self.beat_id} is not in the queue any more."


@dataclass(eq=False)
class LanguageModelUnavailable(AvatarError):
    """The model is absent, down, slow, or answers nonsense; say something else."""

    code: ClassVar[str] = "language_model_unavailable"
    reason: str

    def __str__(self) -> str:
        return f"The language model gave no usable answer: {self.reason}."


@dataclass(eq=False)
class SpeechUnavailable(AvatarError):
    """This voice cannot speak now, or not this language."""

    code: ClassVar[str] = "speech_unavailable"
    engine: str
    reason: str

    def __str__(self) -> str:
        return f"The voice {self.engine} cannot speak: {self.reason}."


@dataclass(eq=False)
class ListeningUnavailable(AvatarError):
    """This recogniser cannot listen: not installed, no model, broken."""

    code: ClassVar[str] = "listening_unavailable"
    reason: str

    def __str__(self) -> str:
        return f"Speech is not recognised: {self.reason}."


@dataclass(eq=False)
class TextTooLong(AvatarError):
    """More text than one utterance takes."""

    code: ClassVar[str] = "text_too_long"
    chars: int
    limit: int

    def __str__(self) -> str:
        return f"{self.chars} characters are too many for one utterance; the limit is {self.limit}."


@dataclass(eq=False)
class ScriptQueueFull(AvatarError):
    """As much waits to be said as may wait."""

    code: ClassVar[str] = "script_queue_full"
    limit: int

    def __str__(self) -> str:
        return f"{self.limit} lines already wait to be said."


@dataclass(eq=False)
class StageUnavailable(AvatarError):
    """The host cannot be drawn on this machine."""

    code: ClassVar[str] = "stage_unavailable"
    reason: str

    def __str__(self) -> str:
        return f"The host cannot be drawn: {self.reason}."


@dataclass(eq=False)
class OutputFailed(AvatarError):
    """What was spoken and drawn could not be written or sent."""

    code: ClassVar[str] = "output_failed"
    target: str
    reason: str

    def __str__(self) -> str:
        return f"{self.target} takes nothing more: {self.reason}."
