"""Captions of the AI host, from its script: the text before it is heard, then each word's moment on the show clock.

The player's thread gives each 20 ms of the performance to the encoder; the relay stamps what arrives with the show
clock, whose reading this process hears once a second. The difference of the two is the same for the whole session, so
the middle of the newest differences is far steadier than any one of them.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
from collections import OrderedDict, deque
from typing import Protocol

from avatar.direction.ports import Said, SpeechLog
from avatar.performance import Ended, Spoken, Step
from avatar.speech.ports import SAMPLE_RATE, Utterance
from stream_server.captions.model import MAX_CAPTION_CHARS, MAX_MARKS
from stream_server.ids import new_id
from stream_server.signaling.messages import PrepareCaption, StopCaption, TellCaption
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.wire import Wire

READINGS = 100
"""Two seconds of steps."""
REMEMBERED = 16
"""Lines that were decided and not said yet; more than the performance keeps waiting."""


class ShowTime(Protocol):
    """Tells the show clock."""

    def show_ms(self) -> int:
        """Now, on the show clock."""


class SampleTimes:
    """The show clock of the performance's samples. `note` and `show_ms` may be called from different threads."""

    def __init__(self, clock: ShowTime) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ahead_ms: deque[float] = deque(maxlen=READINGS)

    def note(self, sample: int) -> None:
        """This sample goes to the encoder now."""
        with self._lock:
            self._ahead_ms.append(self._clock.show_ms() - sample * 1000 / SAMPLE_RATE)

    def show_ms(self, sample: int) -> int:
        """When the sample is heard, as a viewer's picture counts time."""
        with self._lock:
            ahead_ms = statistics.median(self._ahead_ms) if self._ahead_ms else 0.0
        return max(0, round(sample * 1000 / SAMPLE_RATE + ahead_ms))


def marks_of(utterance: Utterance, began_ms: int) -> list[list[int]]:
    """Pairs of a character of the utterance's text and the show clock at which it is spoken; the first is character 0.

    Words that are not found in the text as they were spoken are left out; so is every other one beyond `MAX_MARKS`.
    """
    marks: list[list[int]] = []
    text, at = utterance.text[:MAX_CAPTION_CHARS], 0
    for word in utterance.words:
        found = text.find(word.text, at)
        if not word.text or found < 0:
            continue
        at = found + len(word.text)
        ms = began_ms + round(word.start_s * 1000)
        marks.append([found if marks else 0, max(ms, marks[-1][1] if marks else 0)])
    while len(marks) > MAX_MARKS:
        marks = marks[::2]
    return marks or [[0, began_ms]]


class Captioner:
    """One session's. `on_step` comes from the player's thread, all else from the loop it was made in."""

    def __init__(self, wire: Wire, clock: ShowClock) -> None:
        self._wire = wire
        self._times = SampleTimes(clock)
        self._loop = asyncio.get_running_loop()
        self._decided: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._ids: OrderedDict[int, str] = OrderedDict()

    def decided(self, said: Said) -> None:
        """A line will be said: its text and what the script calls it in other languages go ahead of the voice."""
        line = said.line
        if said.held_back or not line.text:
            return
        utterance_id = self._decided[line.lang, line.text] = new_id("utt")
        if len(self._decided) > REMEMBERED:
            self._decided.popitem(last=False)
        translations = {lang[:20]: text[:MAX_CAPTION_CHARS] for lang, text in list(line.translations.items())[:12]}
        self._wire.send(
            lambda ref: PrepareCaption(
                ref=ref,
                utterance_id=utterance_id,
                language=line.lang[:20],
                text=line.text[:MAX_CAPTION_CHARS],
                translations=translations,
            )
        )

    def on_step(self, step: Step) -> None:
        """The next 20 ms were handed to the encoder."""
        self._times.note(step.first_sample)
        if step.ended is not None and step.ended.interrupted:
            self._loop.call_soon_threadsafe(self._cut, step.ended)
        if step.started is not None:
            began_ms = self._times.show_ms(step.first_sample)
            self._loop.call_soon_threadsafe(self._began, step.started, began_ms)

    def _began(self, spoken: Spoken, began_ms: int) -> None:
        utterance = spoken.utterance
        if not utterance.words:
            return  # nothing to read
        utterance_id = self._decided.pop((utterance.lang, utterance.text), None) or new_id("utt")
        self._ids[spoken.key] = utterance_id
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        marks = marks_of(utterance, began_ms)
        end_ms = max(began_ms + round(utterance.words[-1].end_s * 1000), marks[-1][1])
        self._wire.send(
            lambda ref: TellCaption(
                ref=ref,
                utterance_id=utterance_id,
                language=utterance.lang[:20],
                text=utterance.text[:MAX_CAPTION_CHARS],
                marks=marks,
                end_ms=end_ms,
            )
        )

    def _cut(self, ended: Ended) -> None:
        utterance_id = self._ids.get(ended.spoken.key)
        if utterance_id is None:
            return
        until_ms = self._times.show_ms(round((ended.began_s + ended.heard_s) * SAMPLE_RATE))
        self._wire.send(lambda ref: StopCaption(ref=ref, utterance_id=utterance_id, until_ms=until_ms))


class CaptionedLog:
    """A `SpeechLog` that lets the captioner read along."""

    def __init__(self, log: SpeechLog, captioner: Captioner) -> None:
        self._log, self._captioner = log, captioner

    def write(self, entry: Said) -> None:
        """See `SpeechLog.write`."""
        self._log.write(entry)
        self._captioner.decided(entry)
