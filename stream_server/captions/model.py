"""What captions are: a text with the moments at which its words are spoken, cut into cues on the show clock. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from stream_server.errors import Invalid
from stream_server.translation.model import Trust

MAX_CAPTION_CHARS = 1000
MAX_MARKS = 400
MAX_SPOKEN_MS = 180_000
"""No utterance is longer; marks beyond it are a mistake of the sender."""
MAX_AHEAD_MS = 30_000
"""So far from the show clock an utterance may begin."""
MAX_TRANSLATIONS = 12


@dataclass(eq=False)
class BadCaption(Invalid):
    """What was told cannot be a caption."""

    code: ClassVar[str] = "bad_caption"
    reason: str

    def __str__(self) -> str:
        return f"The caption cannot be used: {self.reason}."


class Mark(NamedTuple):
    """From ``offset`` (characters) of the text on, it is spoken from ``ms`` on."""

    offset: int
    ms: int


@dataclass(frozen=True)
class Script:
    """What is about to be said, known before it is heard."""

    utterance_id: str
    language: str
    """BCP 47."""
    text: str
    translations: Mapping[str, str] = field(default_factory=dict)
    """Primary subtag → the whole text, where whoever speaks knows it better than any translation (templates)."""


@dataclass(frozen=True)
class Spoken:
    """An utterance that began: its words and when each is heard, on the show clock."""

    script: Script
    marks: tuple[Mark, ...]
    """Rising in both; the first at offset 0."""
    end_ms: int
    is_heard: bool = False
    """Recognised from a voice, so it is told when its words are over already."""

    def checked(self, now_ms: int) -> Spoken:
        """Itself. Raises: BadCaption when times or offsets cannot be true."""
        if not self.script.text.strip():
            raise BadCaption("it has no text")
        if not self.marks or self.marks[0].offset != 0:
            raise BadCaption("the first mark is not at the begin of the text")
        for before, after in zip(self.marks, self.marks[1:], strict=False):
            if after.offset <= before.offset or after.ms < before.ms:
                raise BadCaption("marks do not rise")
        if self.marks[-1].offset >= len(self.script.text):
            raise BadCaption("a mark is behind the text")
        if not self.marks[-1].ms <= self.end_ms <= self.marks[0].ms + MAX_SPOKEN_MS:
            raise BadCaption("the end does not fit")
        if abs(self.marks[0].ms - now_ms) > MAX_AHEAD_MS:
            raise BadCaption("it is not about now")
        return self


@dataclass(frozen=True)
class Cue:
    """What is shown for a while."""

    start_ms: int
    end_ms: int
    text: str
    marks: tuple[Mark, ...]
    """When its parts are spoken, in ms from ``start_ms``: as much of the text may stand out already."""

    def as_payload(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "text": self.text,
            "marks": [[mark.offset, mark.ms] for mark in self.marks],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Cue:
        """What `as_payload` made."""
        marks = tuple(Mark(offset, ms) for offset, ms in payload["marks"])
        return cls(payload["start_ms"], payload["end_ms"], payload["text"], marks)


@dataclass(frozen=True)
class CaptionLine:
    """One utterance in one language, as it is kept and sent."""

    utterance_id: str
    language: str
    """Primary subtag of the language it is in."""
    is_spoken: bool
    """In the language that is heard."""
    trust: Trust
    cues: tuple[Cue, ...]
    is_heard: bool = False
    """Recognised from a voice: told after its words, and not without mistakes."""

    def as_payload(self) -> dict[str, Any]:
        """The fields of the live channel's ``caption``."""
        return {
            "utterance_id": self.utterance_id,
            "language": self.language,
            "is_spoken": self.is_spoken,
            "trust": self.trust,
            "is_heard": self.is_heard,
            "cues": [cue.as_payload() for cue in self.cues],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> CaptionLine:
        """What `as_payload` made."""
        cues = tuple(Cue.from_payload(cue) for cue in payload["cues"])
        return cls(
            payload["utterance_id"],
            payload["language"],
            payload["is_spoken"],
            payload["trust"],
            cues,
            payload.get("is_heard", False),  # rows from before there were any
        )
