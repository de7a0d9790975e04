"""Errors the AI host raises on purpose: one tree, one class per decision a caller can make.

AvatarError
├── BadRundown                 the rundown or the facts cannot be read; fix the file
├── UnknownBeat                the operator named a line that is no longer in the queue
└── LanguageModelUnavailable   no usable answer from the model; the templates take over
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
