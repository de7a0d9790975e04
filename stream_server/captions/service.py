"""Captions of live shows: in the spoken language at once, in each reader's language as soon as it is translated.

Whoever speaks tells the text before it is heard where that is known (`prepare`), so that translating has a head start;
and, when it begins, the moments of its words on the show clock (`said`). Everything that is shown becomes rows of the
show's log, one per utterance and language, which is also what the files are made of.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import structlog

from stream_server.captions.cutting import cut, overlaid, sentences, times_of
from stream_server.captions.listening import ListeningWish
from stream_server.captions.model import CaptionLine, Cue, Script, Spoken
from stream_server.captions.ports import CaptionReaders, Interpreter
from stream_server.captions.tracks import ShowCaptionTracks
from stream_server.errors import VitrineError
from stream_server.ids import ShowId
from stream_server.shows.events import ALL, STAFF, Aside, Change
from stream_server.shows.log import EventLog
from stream_server.shows.states import ShowStates
from stream_server.translation.model import KEPT_LANGUAGES, Trust, reading_language

log = structlog.get_logger(__name__)

_NO_SPACES = frozenset({"zh", "ja", "th"})


@dataclass(frozen=True)
class CaptionOptions:
    """Limits of captions in one process."""

    workers: int = 2
    waiting: int = 200
    """Translations that wait; beyond it the oldest is left out: its moment is over."""
    remembered: int = 200
    """Utterances whose words are kept for translations that still come."""
    also_in: tuple[str, ...] = ()
    """Languages that are always written, whoever reads."""


@dataclass
class _Utterance:
    script: Script
    spans: list[tuple[int, int]]
    spoken: Spoken | None = None
    until_ms: int | None = None
    asked: set[str] = field(default_factory=set)
    translated: dict[str, tuple[list[str], Trust]] = field(default_factory=dict)
    """Language → its sentences; of a whole text that was given, that text alone."""


class CaptionService:
    """The captions of all shows. Translating works inside ``async with captions.run()``."""

    def __init__(
        self,
        event_log: EventLog,
        states: ShowStates,
        tracks: ShowCaptionTracks,
        interpreter: Interpreter,
        readers: CaptionReaders,
        options: CaptionOptions | None = None,
    ) -> None:
        """``tracks`` and ``states`` are projections of ``event_log``."""
        self._log = event_log
        self._states = states
        self._tracks = tracks
        self._interpreter = interpreter
        self._readers = readers
        self._options = options or CaptionOptions()
        self._utterances: OrderedDict[tuple[ShowId, str], _Utterance] = OrderedDict()
        self._waiting: asyncio.Queue[tuple[ShowId, str, str]] = asyncio.Queue(self._options.waiting)
        self.left_out = 0
        """Translations that nobody had time for."""

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Translate for as long as the block lasts."""
        async with asyncio.TaskGroup() as group:
            workers = [
                group.create_task(self._work(), name=f"captions {number}") for number in range(self._options.workers)
            ]
            try:
                yield self
            finally:
                for worker in workers:
                    worker.cancel()

    def prepare(self, show_id: ShowId, script: Script) -> None:
        """This will be said soon: translate it for those who read along."""
        self._want_all(show_id, self._remember(show_id, script))

    async def said(self, show_id: ShowId, spoken: Spoken) -> None:
        """This is being said from now on. Raises: BadCaption, UnknownShow, Unavailable."""
        await self._log.open(show_id)
        spoken.checked(self._states.position_ms(show_id))
        utterance = self._remember(show_id, spoken.script)
        utterance.spoken = spoken
        script = spoken.script
        cues = tuple(cut(script.text, spoken.marks, spoken.end_ms))
        line = CaptionLine(
            script.utterance_id, reading_language(script.language), True, "original", cues, spoken.is_heard
        )
        await self._write(show_id, line)
        for language in list(utterance.translated):
            await self._write_translation(show_id, utterance, language)
        self._want_all(show_id, utterance)

    async def growing(self, show_id: ShowId, spoken: Spoken) -> None:
        """So much was said so far of something that goes on: read at once, kept when it is whole (`said`).

        Raises: BadCaption, UnknownShow, Unavailable.
        """
        await self._log.open(show_id)
        spoken.checked(self._states.position_ms(show_id))
        script = spoken.script
        cues = tuple(cut(script.text, spoken.marks, spoken.end_ms))
        line = CaptionLine(script.utterance_id, reading_language(script.language), True, "original", cues, True)
        self._log.post(Aside(show_id, "caption_growing", ALL, line.as_payload()))

    async def wish(self, show_id: ShowId, wish: ListeningWish) -> None:
        """The host wants to be listened to, or not. Raises: UnknownShow, Unavailable."""
        await self._log.open(show_id)
        known = self._tracks[show_id].wish
        change = Change("listening", wish.as_payload(), STAFF)
        await self._log.write(show_id, lambda _: [change] if wish != known else [])

    def tell_staff(self, show_id: ShowId, kind: str, payload: Mapping[str, Any]) -> None:
        """Tell those who run the show how it is listened to, soon; may be lost, is never kept."""
        self._log.post(Aside(show_id, kind, STAFF, payload))

    async def stopped(self, show_id: ShowId, utterance_id: str, until_ms: int) -> None:
        """The speaker was interrupted: what comes after ``until_ms`` was never heard. Raises: Unavailable."""
        await self._log.open(show_id)
        utterance = self._utterances.get((show_id, utterance_id))
        if utterance is not None:
            utterance.until_ms = until_ms
        known = utterance_id in self._tracks[show_id].done
        payload = {"utterance_id": utterance_id, "until_ms": until_ms}
        await self._log.write(show_id, lambda _: [Change("caption_cut", payload)] if known else [])

    # ---- translating

    def _remember(self, show_id: ShowId, script: Script) -> _Utterance:
        key = (show_id, script.utterance_id)
        known = self._utterances.get(key)
        if known is not None and known.script.text == script.text:
            return known
        utterance = self._utterances[key] = _Utterance(script, sentences(script.text))
        self._utterances.move_to_end(key)
        if len(self._utterances) > self._options.remembered:
            self._utterances.popitem(last=False)
        return utterance

    def _want_all(self, show_id: ShowId, utterance: _Utterance) -> None:
        source = reading_language(utterance.script.language)
        # What the speaker's script has in other languages costs only its row.
        free = KEPT_LANGUAGES & utterance.script.translations.keys()
        wanted = {*free, *self._options.also_in, *self._readers.languages(show_id)} - {source, *utterance.asked}
        for language in sorted(wanted):
            utterance.asked.add(language)
            if self._waiting.full():
                self._waiting.get_nowait()
                self.left_out += 1
            self._waiting.put_nowait((show_id, utterance.script.utterance_id, language))

    async def _work(self) -> None:
        while True:
            show_id, utterance_id, language = await self._waiting.get()
            utterance = self._utterances.get((show_id, utterance_id))
            if utterance is None:
                continue
            try:
                await self._translate(show_id, utterance, language)
            except VitrineError as error:
                log.warning("caption not translated", show_id=show_id, language=language, error=str(error))
            except Exception:  # one utterance is a fault boundary
                log.exception("caption not translated", show_id=show_id, language=language)

    async def _translate(self, show_id: ShowId, utterance: _Utterance, language: str) -> None:
        script = utterance.script
        given = script.translations.get(language, "").strip()
        if given:
            utterance.translated[language] = [given], "template"
        else:
            lines = [script.text[begin:end].strip() for begin, end in utterance.spans]
            found = await self._interpreter.interpret(show_id, lines, reading_language(script.language), language)
            if not any(line.is_translation for line in found):
                return  # the reader has the original already
            worst: Trust = min((line.trust for line in found), key=_rank)
            utterance.translated[language] = [line.text for line in found], worst
        if utterance.spoken is not None:
            await self._write_translation(show_id, utterance, language)

    async def _write_translation(self, show_id: ShowId, utterance: _Utterance, language: str) -> None:
        assert utterance.spoken is not None
        spoken, (lines, trust) = utterance.spoken, utterance.translated[language]
        cues = _cues_over(spoken, utterance.spans, lines, language)
        if cues:
            line = CaptionLine(spoken.script.utterance_id, language, False, trust, cues, spoken.is_heard)
            await self._write(show_id, line)

    async def _write(self, show_id: ShowId, line: CaptionLine) -> None:
        # Readers of other languages have no use for a translation; what is heard is everybody's.
        audience = "all" if line.is_spoken else f"language:{line.language}"

        def decide(_: int) -> Sequence[Change]:
            if self._states[show_id].status == "ended" or self._tracks[show_id].has(line.utterance_id, line.language):
                return []
            return [Change("caption", line.as_payload(), audience)]

        await self._log.write(show_id, decide)


def _cues_over(
    spoken: Spoken, spans: Sequence[tuple[int, int]], lines: Sequence[str], language: str
) -> tuple[Cue, ...]:
    """Cues of a translation; sentence over sentence, where there are as many as in the original."""
    if len(lines) != len(spans):
        whole = " ".join(lines)
        parts = [whole[begin:end] for begin, end in sentences(whole)]
        lines = parts if len(parts) == len(spans) else [whole]
    if len(lines) == len(spans):
        times = times_of(spans, spoken.marks, spoken.end_ms)
    else:
        times = [(spoken.marks[0].ms, spoken.end_ms)]
    text, marks = overlaid(lines, times, "" if language in _NO_SPACES else " ")
    return tuple(cut(text, marks, spoken.end_ms)) if marks else ()


_TRUSTS: tuple[Trust, ...] = ("original", "model", "phrase", "template", "seller")


def _rank(trust: Trust) -> int:
    return _TRUSTS.index(trust)
