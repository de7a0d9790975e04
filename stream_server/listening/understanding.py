"""Makes lines and commands of speech, with a recogniser that may take its time. For one thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from avatar.listening.ports import SAMPLE_RATE, CommandHearer, HeardWord, Recogniser, Sound
from avatar.listening.voice_activity import Stretch
from avatar.listening.voice_commands import LONGEST_S, SHORTEST_S, WAKE, VoiceCommand
from stream_server.listening.dictation import Dictation, HeardLine, SpokenWord

_TOUCH_MS = 1.0
_AROUND_S = 0.75
"""Of a stretch: what it has from before and after the words."""


class Understanding:
    """One show's."""

    def __init__(
        self, recogniser: Recogniser, commands: CommandHearer | None, language: str, new_id: Callable[[], str]
    ) -> None:
        """``language`` is a primary subtag."""
        self._recogniser, self._commands = recogniser, commands
        self._dictation = Dictation(language, new_id)
        self._is_open = False
        self._begin_ms = self._end_ms = 0.0
        self._sentence: list[Sound] | None = None
        """The sound from one pause to the next; None when it is too long for a command, or not whole."""

    def hear(self, stretch: Stretch) -> list[HeardLine | VoiceCommand]:
        """What follows from some more speech. Raises: ListeningUnavailable."""
        found: list[HeardLine | VoiceCommand] = []
        if self._is_open and (stretch.is_first or abs(stretch.at_ms - self._end_ms) > _TOUCH_MS):
            found += self._finish()  # what lay between was left out
        if not self._is_open:
            self._is_open = True
            self._begin_ms = stretch.at_ms
            self._sentence = [] if stretch.is_first else None
        self._end_ms = stretch.end_ms
        if len(stretch.sound):
            heard = self._recogniser.hear(stretch.sound)
            found += [line for line in self._lines(heard.final) if line.is_whole or self._may_grow(line, stretch)]
        self._keep(stretch.sound)
        if stretch.is_last:
            command = self._command()
            if command is None:
                found += self._finish()
            else:
                self._recogniser.finish()
                self._dictation.drop()
                self._is_open = False
                found.append(command)
        return found

    def _finish(self) -> list[HeardLine]:
        self._is_open = False
        lines = [line for line in self._lines(self._recogniser.finish().final) if line.is_whole]
        return lines + self._dictation.pause()

    def _lines(self, words: Sequence[HeardWord]) -> list[HeardLine]:
        begin_ms = self._begin_ms
        return self._dictation.take(
            [SpokenWord(begin_ms + w.start_s * 1000, begin_ms + w.end_s * 1000, w.text) for w in words]
        )

    def _may_grow(self, line: HeardLine, stretch: Stretch) -> bool:
        """Not what is whole in a moment, nor what may yet turn out to be said to the studio."""
        is_to_studio = self._commands is not None and line.text.casefold().startswith(WAKE)
        return not stretch.is_last and not is_to_studio

    def _keep(self, sound: Sound) -> None:
        if self._commands is None or self._sentence is None:
            return
        self._sentence.append(sound)
        if sum(map(len, self._sentence)) > (LONGEST_S + _AROUND_S) * SAMPLE_RATE:
            self._sentence = None

    def _command(self) -> VoiceCommand | None:
        if self._commands is None or not self._sentence:
            return None
        sound = np.concatenate(self._sentence)
        if len(sound) < (SHORTEST_S + _AROUND_S) * SAMPLE_RATE:
            return None
        return self._commands.command(sound)
