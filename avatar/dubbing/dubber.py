"""Makes the dubs: every line of the host once per language that somebody listens to, whoever and however many.

The words are the host's own in the other language (`Line.translations`, rendered from the same facts); what has none,
an operator's sentence or an answer, is translated where a translator is there, and heard in the original otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from avatar.dubbing.pacing import Pace
from avatar.dubbing.tempo import at_tempo
from avatar.dubbing.track import DubTrack
from avatar.errors import AvatarError
from avatar.model import Line, language_of
from avatar.speech.ports import Speaker, Utterance

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 2
"""Languages that are spoken at the same time; the most wanted. Each costs about what the original's voice costs."""
MAX_WAITING = 8
MAX_LINES = 32


class LineTranslator(Protocol):
    """Translates what the host has no words of its own for."""

    async def translated(self, text: str, source: str, target: str) -> str | None:
        """The text in another language; None when it cannot be had. Never raises, never waits long."""


class NoTranslator:
    """Has no other words for anything."""

    async def translated(self, text: str, source: str, target: str) -> str | None:
        """None."""
        return None


@dataclass
class _Dub:
    track: DubTrack
    pace: Pace = field(default_factory=Pace)
    original_line: Line | None = None
    """The last one that was left to the original."""
    interruptions: int = 0


@dataclass(frozen=True, eq=False)
class _Job:
    line: Line
    original: Utterance
    is_rest: bool
    """A later sentence of a line whose dub began with the first one."""


class Dubber:
    """``written`` and ``spoken`` come from the host's mind, in one event loop; tracks are read by its player."""

    def __init__(self, speaker: Speaker, translator: LineTranslator | None = None) -> None:
        """``speaker`` is the dubs' own, beside the one that speaks the original; both stay their owner's."""
        self._speaker = speaker
        self._translator = translator or NoTranslator()
        self._dubs: dict[str, _Dub] = {}
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(MAX_WAITING)
        self.made = 0
        """Lines that were spoken in another language."""
        self.left_out = 0
        """Lines that were heard in the original instead."""

    def want(self, languages: Sequence[str]) -> None:
        """The languages somebody listens to, the most wanted first; others are not spoken any more."""
        chosen = list(dict.fromkeys(map(language_of, languages)))[:MAX_AT_ONCE]
        self._dubs = {lang: self._dubs.get(lang) or _Dub(DubTrack(lang)) for lang in chosen}

    @property
    def tracks(self) -> dict[str, DubTrack]:
        """By language."""
        return {lang: dub.track for lang, dub in self._dubs.items()}

    def written(self, line: Line) -> None:
        """The mind has decided on a line."""
        self._lines[line.text] = line
        self._lines.move_to_end(line.text)
        while len(self._lines) > MAX_LINES:
            self._lines.popitem(last=False)

    def spoken(self, original: Utterance) -> None:
        """The original's sound of a line, or of one of its sentences, is ready, and will be played soon."""
        line = self._lines.get(original.text) or next(
            (line for line in reversed(self._lines.values()) if original.text in line.text), None
        )
        dubs = [dub for lang, dub in self._dubs.items() if lang != language_of(original.lang)]
        if line is None or not dubs:
            return
        if self._jobs.full():
            self._left_out(self._jobs.get_nowait())
        for dub in dubs:
            dub.track.expect(original.text)
        self._jobs.put_nowait(_Job(line, original, not line.text.startswith(original.text)))

    async def run(self) -> None:
        """Speak what waits, one line after the other, until cancelled."""
        while True:
            job = await self._jobs.get()
            for lang, dub in list(self._dubs.items()):
                if lang != language_of(job.original.lang):
                    await self._make(job, lang, dub)

    async def _make(self, job: _Job, lang: str, dub: _Dub) -> None:
        """One line in one language; all of it with its first sentence."""
        text = job.original.text
        if job.is_rest:
            if dub.original_line is job.line:
                dub.track.leave_out(text)
            else:
                dub.track.offer(text, replace(job.original, pcm=job.original.pcm[:0], words=()))
            return
        try:
            words = await self._words(job.line, lang)
            said = None if words is None else await self._speaker.say(words, lang)
        except AvatarError as error:
            logger.warning("a line was not dubbed into %s: %s", lang, error)
            said = None
        except Exception:  # one line is a fault boundary
            logger.exception("a line was not dubbed into %s", lang)
            said = None
        if dub.track.is_quiet or dub.track.interruptions != dub.interruptions:
            dub.interruptions = dub.track.interruptions
            dub.pace.reset()
        whole_s = job.original.seconds * len(job.line.text) / max(len(text), 1)
        slot_s = whole_s + job.line.pause_after_s
        fit = None if said is None else dub.pace.fit(said.seconds, slot_s)
        if said is None or fit is None:
            self.left_out += 1
            dub.original_line = job.line
            dub.track.leave_out(text)
            return
        dub.track.offer(text, await asyncio.to_thread(at_tempo, said, fit.tempo))
        self.made += 1
        logger.info("[%s] %.1f s at tempo %.2f, %.1f s late: %s", lang, said.seconds, fit.tempo, fit.lag_s, said.text)

    async def _words(self, line: Line, lang: str) -> str | None:
        own = line.translations.get(lang)
        return own if own is not None else await self._translator.translated(line.text, line.lang, lang)

    def _left_out(self, job: _Job) -> None:
        for dub in self._dubs.values():
            self.left_out += 1
            dub.track.leave_out(job.original.text)
