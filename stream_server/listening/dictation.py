"""From words to lines: what is understood becomes utterances that grow, and end with a sentence or a pause. Pure.

Times are the sound's own, on the show clock: how long understanding took changes nothing about when a word was said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stream_server.captions.model import MAX_CAPTION_CHARS
from stream_server.plain_text import one_line

MOST_WORD_CHARS = 60
LONGEST_MS = 9000
"""An utterance of an engine without punctuation is over here, at the latest …"""
LONGEST_CHARS = 160
"""… or here."""
MOST_REPEATS = 3
"""The same word so often in a row is said; more often, it is a recogniser that got stuck."""
_ENDS = tuple(".!?…。！？؟")
_NO_SPACES = frozenset({"zh", "ja", "th"})


class SpokenWord(NamedTuple):
    """A word on the show clock."""

    start_ms: float
    end_ms: float
    text: str


@dataclass(frozen=True)
class HeardLine:
    """An utterance as far as it is known."""

    utterance_id: str
    text: str
    marks: tuple[tuple[int, int], ...]
    """Characters and the show clock at which they are spoken."""
    end_ms: int
    is_whole: bool


@dataclass
class _Open:
    utterance_id: str
    text: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)
    end_ms: int = 0

    def line(self, is_whole: bool) -> HeardLine:
        return HeardLine(self.utterance_id, self.text, tuple(self.marks), self.end_ms, is_whole)


class Dictation:
    """One show's."""

    def __init__(self, language: str, new_id: Callable[[], str]) -> None:
        """``language`` is a primary subtag."""
        self._joint = "" if language in _NO_SPACES else " "
        self._new_id = new_id
        self._open: _Open | None = None
        self._last, self._repeats = "", 0

    def take(self, words: Sequence[SpokenWord]) -> list[HeardLine]:
        """The next final words: lines that are whole now, and at the end what is known of one that goes on."""
        lines: list[HeardLine] = []
        grew = False
        for word in words:
            text = one_line(word.text)[:MOST_WORD_CHARS]
            if not text or self._is_stuck(text):
                continue
            self._add(text, word)
            grew = True
            assert self._open is not None
            if self._is_over(self._open):
                lines += self.pause()
                grew = False
        if grew and self._open is not None:
            lines.append(self._open.line(is_whole=False))
        return lines

    def pause(self) -> list[HeardLine]:
        """The speaker stopped: what is open is whole."""
        opened, self._open = self._open, None
        return [] if opened is None else [opened.line(is_whole=True)]

    def drop(self) -> None:
        """What is open was not for the viewers."""
        self._open = None

    def _add(self, text: str, word: SpokenWord) -> None:
        if self._open is None:
            self._open = _Open(self._new_id())
            # Engines that know no sentences write none with a capital either.
            text = text[:1].upper() + text[1:]
        opened = self._open
        joint = self._joint if opened.text else ""
        start_ms = max(round(word.start_ms), opened.marks[-1][1] if opened.marks else 0)
        # The space before a word is its own, as in captions from a script; the first mark is character 0.
        opened.marks.append((len(opened.text + joint), start_ms))
        opened.text += joint + text
        opened.end_ms = max(round(word.end_ms), start_ms)

    def _is_over(self, opened: _Open) -> bool:
        return (
            opened.text.endswith(_ENDS)
            or len(opened.text) > min(LONGEST_CHARS, MAX_CAPTION_CHARS - MOST_WORD_CHARS)
            or opened.end_ms - opened.marks[0][1] > LONGEST_MS
        )

    def _is_stuck(self, text: str) -> bool:
        plain = text.casefold()
        self._repeats = self._repeats + 1 if plain == self._last else 1
        self._last = plain
        return self._repeats > MOST_REPEATS
