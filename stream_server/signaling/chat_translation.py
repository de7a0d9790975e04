"""Chat in every reader's language: each line once per language that is read, however many read it.

A line goes out at once as it was written; its translations follow as events of the show's log (`chat_translated`),
so that other processes, late joiners and replays have them too. The process that took a line translates it: with
several web processes nothing is done twice. Translating is slower than a crowd types, so each show has a short line
of its own to wait in, shows take turns, and under a flood the oldest lines lose their translation: never their place
in the chat. A translation with a word that the shop does not show takes the line away.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import structlog

from stream_server.audience.readers import Readers
from stream_server.chat.model import UNKNOWN_LANGUAGE, Line, LineTranslation
from stream_server.chat.service import ChatService
from stream_server.errors import Unavailable, VitrineError
from stream_server.ids import MessageId, ShowId
from stream_server.shows.service import ShowService
from stream_server.signaling.line_memory import LineMemory
from stream_server.translation.model import Translated
from stream_server.translation.ports import Translator
from stream_server.translation.wordbook import Wordbook
from stream_server.translation.wordbook_service import Wordbooks

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ChatTranslationOptions:
    """How much may wait, and for how long."""

    waiting_lines: int = 64
    """Of one show; beyond it the oldest go untranslated. With what a core translates, this is the lag's bound."""
    waiting_staff_lines: int = 16
    """Lines of host and moderators wait apart and go first: a crowd does not drown them."""
    lag_ms: int = 5_000
    """By the show clock, to the moment at which it is told: a line that took longer has scrolled away, and is left
    untranslated."""
    batch_lines: int = 16
    """Lines of one language that are translated together."""
    shows: int = 500
    """Shows with waiting lines; beyond it lines of further shows go untranslated."""
    past_lines: int = 20
    """The last lines that somebody gets translated who comes with a language that nobody read before."""
    settling_ticks: int = 3
    """For so many seconds after a new language, lines are looked for that others took without knowing of it."""
    remembered: int = 5_000
    """Lines whose translation is remembered: people say the same things."""


@dataclass(frozen=True)
class _Waiting:
    message_id: MessageId
    since_ms: int
    """Show clock."""


class _ShowQueue:
    """The lines of one show that wait, each once."""

    def __init__(self) -> None:
        self.staff: deque[_Waiting] = deque()
        self.crowd: deque[_Waiting] = deque()
        self.ids: set[MessageId] = set()

    def __len__(self) -> int:
        return len(self.ids)


class ChatTranslator:
    """Owner of the translating; works inside ``async with translator.run()``. Outside of it nothing is translated."""

    def __init__(
        self,
        chat: ChatService,
        shows: ShowService,
        readers: Readers,
        translator: Translator,
        wordbooks: Wordbooks,
        options: ChatTranslationOptions | None = None,
    ) -> None:
        self._chat = chat
        self._shows = shows
        self._readers = readers
        self._translator = translator
        self._wordbooks = wordbooks
        self._options = options or ChatTranslationOptions()
        self._queues: OrderedDict[ShowId, _ShowQueue] = OrderedDict()
        self._read_here: dict[ShowId, set[str]] = {}
        self._read: dict[ShowId, frozenset[str]] = {}
        self._settling: dict[tuple[ShowId, str], int] = {}
        self._memory = LineMemory(self._options.remembered)
        self._awake = asyncio.Event()
        self.figures: Counter[str] = Counter()
        """Lines: ``said``, ``dropped``, ``hidden``; results: ``translated``, ``remembered``, ``original``, ``late``."""

    @property
    def waiting(self) -> int:
        """Lines that wait, of all shows."""
        return sum(map(len, self._queues.values()))

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Translate for as long as the block lasts; what waits when leaving stays untranslated."""
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._work(), name="chat translation")
            try:
                yield self
            finally:
                working.cancel()

    # ---- who reads what

    def languages(self, show_id: ShowId) -> frozenset[str]:
        """The languages that are read in a show and can be translated into."""
        return (self._read.get(show_id, frozenset()) | self._read_here.get(show_id, set())) & self._translator.targets

    def reads(self, show_id: ShowId, language: str) -> None:
        """Somebody in this process reads the show in ``language`` from now on."""
        if language not in self._translator.targets:
            return
        here = self._read_here.setdefault(show_id, set())
        if language in here:
            return
        here.add(language)
        self._settling[show_id, language] = self._options.settling_ticks
        self._catch_up(show_id, language)

    async def count(self, show_id: ShowId, languages: Collection[str]) -> None:
        """Once a second: these languages are read here; learn what is read elsewhere. None: the room is empty."""
        here = set(languages) & self._translator.targets
        if here:
            self._read_here[show_id] = here
        else:
            self._read_here.pop(show_id, None)
            self._read.pop(show_id, None)
        if not self._translator.targets:
            return
        try:
            everywhere = await self._readers.report(show_id, here)
        except Unavailable as error:
            log.warning("readers not counted", show_id=show_id, error=str(error))
            return
        if here:
            self._read[show_id] = everywhere
        for language in here:
            left = self._settling.pop((show_id, language), 0)
            if left:
                self._catch_up(show_id, language)
                self._settling[show_id, language] = left - 1

    def _catch_up(self, show_id: ShowId, language: str) -> None:
        """Have the last lines translated that a new reader has in front of them."""
        room = self._chat.current(show_id)
        for line in room.shown()[-self._options.past_lines :]:
            if line.language != language and room.translation(line.message_id, language) is None:
                self._enqueue(show_id, line, is_late=True)

    # ---- what waits

    def said(self, show_id: ShowId, message_id: MessageId) -> None:
        """This process took a line: have it translated for all who do not read its language. Never waits."""
        line = self._chat.current(show_id).lines.get(message_id)
        if line is None:
            return
        self.figures["said"] += 1
        if any(map(str.isalpha, line.text)) and self.languages(show_id) - {line.language}:
            self._enqueue(show_id, line)

    def _enqueue(self, show_id: ShowId, line: Line, *, is_late: bool = False) -> None:
        options = self._options
        queue = self._queues.get(show_id)
        if queue is None:
            if len(self._queues) >= options.shows:
                self.figures["dropped"] += 1
                return
            queue = self._queues[show_id] = _ShowQueue()
        if line.message_id in queue.ids:
            return
        lane, most = (
            (queue.staff, options.waiting_staff_lines) if line.is_staff else (queue.crowd, options.waiting_lines)
        )
        if len(lane) >= most:
            if is_late:  # what is said now matters more than what was said
                return
            queue.ids.discard(lane.popleft().message_id)
            self.figures["dropped"] += 1
        lane.append(_Waiting(line.message_id, self._now_ms(show_id)))
        queue.ids.add(line.message_id)
        self._awake.set()

    def _next(self) -> tuple[ShowId, list[Line], dict[MessageId, int]] | None:
        """Lines of one language of the show whose turn it is; the oldest of its lines decides the language."""
        while self._queues:
            show_id, queue = self._queues.popitem(last=False)
            if not self._read_here.get(show_id) and not self._read.get(show_id):
                continue  # everybody has left
            lines, until_ms = self._take(show_id, queue)
            if len(queue):
                self._queues[show_id] = queue  # behind the others
            if lines:
                return show_id, lines, until_ms
        return None

    def _take(self, show_id: ShowId, queue: _ShowQueue) -> tuple[list[Line], dict[MessageId, int]]:
        """Lines of one language, and until when each is worth telling."""
        there, now_ms = self._chat.current(show_id).lines, self._now_ms(show_id)
        taken: list[Line] = []
        until_ms: dict[MessageId, int] = {}
        for lane in (queue.staff, queue.crowd):
            kept: list[_Waiting] = []
            while lane and len(taken) < self._options.batch_lines:
                waiting = lane.popleft()
                line = there.get(waiting.message_id)
                if line is None or now_ms - waiting.since_ms > self._options.lag_ms:
                    queue.ids.discard(waiting.message_id)
                    self.figures["dropped"] += line is not None
                elif taken and line.language != taken[0].language:
                    kept.append(waiting)
                else:
                    queue.ids.discard(waiting.message_id)
                    taken.append(line)
                    until_ms[line.message_id] = waiting.since_ms + self._options.lag_ms
            lane.extendleft(reversed(kept))
        return taken, until_ms

    def _now_ms(self, show_id: ShowId) -> int:
        return self._shows.current(show_id)[1]

    # ---- the work

    async def _work(self) -> None:
        while True:
            await self._awake.wait()
            found = self._next()
            if found is None:
                self._awake.clear()
                continue
            show_id, lines, until_ms = found
            try:
                await self._translate_all(show_id, lines, until_ms)
            except VitrineError as error:
                log.warning("chat not translated", show_id=show_id, lines=len(lines), error=str(error))
            except Exception:  # one batch is a fault boundary: the chat goes on
                log.exception("chat not translated", show_id=show_id, lines=len(lines))

    async def _translate_all(self, show_id: ShowId, lines: Sequence[Line], until_ms: Mapping[MessageId, int]) -> None:
        words = await self._wordbooks.of_show(show_id)
        for language in sorted(self.languages(show_id) - {lines[0].language}):
            room, now_ms = self._chat.current(show_id), self._now_ms(show_id)
            todo = [
                line
                for line in lines
                if now_ms <= until_ms[line.message_id]
                and line.message_id in room.lines
                and room.translation(line.message_id, language) is None
            ]
            if todo:
                await self._translate(show_id, todo, language, words, until_ms)

    async def _translate(
        self,
        show_id: ShowId,
        lines: Sequence[Line],
        language: str,
        words: Wordbook,
        until_ms: Mapping[MessageId, int],
    ) -> None:
        results = await self._results(lines, language, words)
        hidden, translations = [], []
        for line, result in zip(lines, results, strict=True):
            if not result.is_translation:
                self.figures["original"] += 1
            elif words.blocks(result.text) and not line.is_staff:
                hidden.append(line.message_id)
            else:
                translations.append(LineTranslation(line.message_id, result.text, result.trust))
        if hidden:
            await self._chat.hide(show_id, hidden)
            self.figures["hidden"] += len(hidden)
        if translations:
            told = await self._chat.translated(show_id, language, translations, until_ms)
            self.figures["translated"] += told
            self.figures["late"] += len(translations) - told

    async def _results(self, lines: Sequence[Line], language: str, words: Wordbook) -> list[Translated]:
        """The translations of lines of one language, from memory where the same was said before."""
        source = lines[0].language
        texts = dict.fromkeys(line.text for line in lines)
        found = {text: self._memory.get(text, source, language, words.fingerprint) for text in texts}
        known = {text: translated for text, translated in found.items() if translated is not None}
        unknown = [text for text in texts if text not in known]
        if unknown:
            told = None if source == UNKNOWN_LANGUAGE else source
            for text, translated in zip(
                unknown, await self._translator.translate(unknown, told, language, words), strict=True
            ):
                known[text] = translated
                if translated.is_translation:
                    self._memory.put(text, source, language, words.fingerprint, translated)
        self.figures["remembered"] += len(lines) - len(unknown)
        return [known[line.text] for line in lines]
