"""Translation beside the event loop: one worker process, a bounded queue, bounded waits, originals when it fails."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from avatar.translation.engine import ModelInfo
from avatar.translation.glossary import Glossary
from avatar.translation.identify import Guess, identify
from avatar.translation.model import LANGUAGES, MAX_CHARS, Translated, Trust, primary
from avatar.translation.upgrades import Upgrade
from avatar.translation.worker import Setup
from avatar.translation.worker_process import WorkerFailed, WorkerProcess

_BATCH: Final = 16
_MOST_PAUSE_S: Final = 30.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TranslationOptions:
    """What translates, and how long it may take."""

    folder: Path | None = None
    """Weights; None: those that the project ships."""
    upgrades: tuple[Upgrade, ...] = ()
    """The operator's own models; they come before the shipped ones."""
    wait_s: float = 2.0
    """Longest time from asking to answer; then the lines stay as they are."""
    work_s: float = 8.0
    """Longest time for one batch; then the worker is replaced."""
    start_s: float = 20.0
    """Longest time for the worker to open its models."""
    max_waiting: int = 400
    """Lines in the queue; further ones stay as they are, at once."""
    memory_bytes: int = 1_500_000_000
    """Of the worker; larger for larger models."""
    command: tuple[str, ...] = field(default=(sys.executable, "-m", "avatar.translation.worker"), repr=False)


@dataclass(eq=False)
class _Ask:
    line: str
    source: str | None
    target: str
    glossary: Glossary | None
    answer: asyncio.Future[Translated]

    @property
    def kind(self) -> tuple[str | None, str, str]:
        return self.source, self.target, self.glossary.fingerprint if self.glossary else ""


class TranslationService:
    """Owns the worker. Open with `open`; `translate` never raises for a text and never waits without end."""

    def __init__(self, options: TranslationOptions) -> None:
        self._options = options
        self._queue: deque[_Ask] = deque()
        self._urgent: deque[_Ask] = deque()
        self._something = asyncio.Event()
        self._is_open = False
        self.problems: Mapping[str, str] = {}
        """Direction → why no model translates it, as the worker said last."""
        self.models: Mapping[str, ModelInfo] = {}
        """Direction → the model that translates it, with its licence."""
        self.dropped = 0
        """Lines that came back untranslated because the queue was full or the worker late or dead."""

    @classmethod
    @asynccontextmanager
    async def open(cls, options: TranslationOptions | None = None) -> AsyncIterator[Self]:
        """Start the worker, without waiting for it; leaving the block ends it."""
        service = cls(options or TranslationOptions())
        async with asyncio.TaskGroup() as group:
            work = group.create_task(service._work(), name="translation")
            service._is_open = True
            try:
                yield service
            finally:
                service._is_open = False
                work.cancel()
                for ask in (*service._queue, *service._urgent):
                    ask.answer.cancel()

    @property
    def targets(self) -> frozenset[str]:
        """Languages that lines can be translated into."""
        return frozenset(LANGUAGES)

    def identify(self, text: str, hint: str | None = None) -> Guess:
        """See `identify.identify`; at once, in this process."""
        return identify(text, hint)

    async def translate(
        self,
        lines: Sequence[str],
        source: str | None,
        target: str,
        glossary: Glossary | None = None,
        *,
        is_urgent: bool = False,
        wait_s: float | None = None,
    ) -> list[Translated]:
        """See `Translator.translate`; `Trust.ORIGINAL` also when the queue is full, the worker late or dead.

        Args:
            lines: As for the translator.
            source: Language tag, or None.
            target: Language tag.
            glossary: The shop's own words.
            is_urgent: Captions and voices: before all chat.
            wait_s: Instead of the options' own, for texts that may take their time.
        """
        asks = [self._ask(line, source, target, glossary, is_urgent) for line in lines]
        waiting = [ask.answer for ask in asks if not ask.answer.done()]
        if waiting:
            await asyncio.wait(waiting, timeout=self._options.wait_s if wait_s is None else wait_s)
        return [self._result(ask) for ask in asks]

    def _ask(self, line: str, source: str | None, target: str, glossary: Glossary | None, is_urgent: bool) -> _Ask:
        answer: asyncio.Future[Translated] = asyncio.get_running_loop().create_future()
        ask = _Ask(line, primary(source) if source else None, primary(target), glossary, answer)
        is_full = len(self._queue) + len(self._urgent) >= self._options.max_waiting
        if not line.strip() or len(line) > MAX_CHARS or ask.source == ask.target:
            answer.set_result(_original(ask))
        elif is_full or not self._is_open:
            answer.cancel()
        else:
            (self._urgent if is_urgent else self._queue).append(ask)
            self._something.set()
        return ask

    def _result(self, ask: _Ask) -> Translated:
        if ask.answer.done() and not ask.answer.cancelled():
            return ask.answer.result()
        ask.answer.cancel()  # whoever comes to it later sees that nobody waits
        self.dropped += 1
        return _original(ask)

    async def _work(self) -> None:
        """Keep a worker and give it batches until cancelled."""
        failures = 0
        while True:
            setup = Setup(
                str(self._options.folder) if self._options.folder else None,
                self._options.upgrades,
                self._options.memory_bytes,
            )
            try:
                async with WorkerProcess.open(self._options.command, setup, self._options.start_s) as worker:
                    self._heard_hello(worker.hello)
                    while True:
                        await self._one_batch(worker)
                        failures = 0
            except WorkerFailed as error:
                failures += 1
                logger.warning("the translation worker is started again: %s", error)
            await asyncio.sleep(min(_MOST_PAUSE_S, 0.1 * 4 ** (failures - 1)))

    def _heard_hello(self, hello: Mapping[str, Any]) -> None:
        self.problems = dict(hello.get("problems", {}))
        self.models = {way: ModelInfo(name, licence) for way, (name, licence) in hello.get("models", {}).items()}
        for direction, reason in self.problems.items():
            logger.warning("no model for %s: %s", direction, reason)

    async def _one_batch(self, worker: WorkerProcess) -> None:
        """Wait for asks and answer those of one kind. Raises: WorkerFailed; its asks are given up first."""
        while not (batch := self._next_batch()):
            self._something.clear()
            await self._something.wait()
        first = batch[0]
        request: dict[str, Any] = {
            "lines": [ask.line for ask in batch],
            "source": first.source,
            "target": first.target,
            "glossary": None,
        }
        if first.glossary is not None:
            request["glossary"] = first.glossary.fingerprint
            if worker.is_news(first.glossary.fingerprint):
                terms = {term: dict(said) for term, said in first.glossary.terms.items()}
                request["words"] = {"terms": terms, "keep": list(first.glossary.keep)}
        try:
            results = await worker.ask(request, self._options.work_s)
            for ask, (text, source, trust) in zip(batch, results, strict=True):
                if not ask.answer.done():
                    ask.answer.set_result(Translated(text, source, ask.target, Trust(trust)))
        except (ValueError, TypeError) as error:
            raise WorkerFailed("it talks nonsense") from error
        finally:
            for ask in batch:
                ask.answer.cancel()

    def _next_batch(self) -> list[_Ask]:
        """The first ask that somebody waits for, and others of its kind from the front of the queue."""
        for queue in (self._urgent, self._queue):
            while queue and queue[0].answer.done():
                queue.popleft()
            if not queue:
                continue
            kind = queue[0].kind
            batch: list[_Ask] = []
            others: list[_Ask] = []
            while queue and len(batch) < _BATCH:
                ask = queue.popleft()
                if not ask.answer.done():
                    (batch if ask.kind == kind else others).append(ask)
            queue.extendleft(reversed(others))
            return batch
        return []


def _original(ask: _Ask) -> Translated:
    source = ask.source or identify(ask.line).language
    return Translated(ask.line, source, ask.target, Trust.ORIGINAL)
