"""Texts that last (products, titles) in the reader's language: translated once, kept by what they say.

Whoever asks gets at once what is known, and a moment later what is quickly made; the rest is made in the background
and is there at the next question. A seller's own translation always comes first: such a text is left out here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import structlog

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.translation.model import UNKNOWN, Translated, reading_language
from stream_server.translation.ports import TextStore, Translator
from stream_server.translation.wordbook import Wordbook

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TextOptions:
    """How much is kept and how long is waited."""

    patience_s: float = 1.5
    """How long a reader waits for texts that are new."""
    waiting: int = 3000
    """Texts waiting to be translated; further ones stay as they are until somebody asks again."""
    batch: int = 8
    """Translated together; small, so that a chat that is going on is not held up."""
    remembered: int = 20_000
    work_s: float = 30
    """How long a batch may take; the worker may only just be opening its models."""
    retry_s: float = 120
    """A text that could not be translated is not tried again before."""
    kept: int = 100_000
    """Translations in the store; the oldest go first and are made anew when somebody asks."""
    kept_days: float = 60
    """Older ones are forgotten: their product may be gone, and models get better."""
    trim_every_s: float = 3600


@dataclass(frozen=True)
class TranslatedTexts:
    """What was translated of some texts."""

    texts: Mapping[str, Translated]
    """Place → translation, without those that the seller wrote in the reader's language."""
    is_complete: bool
    """False when more will be there at the next question."""


@dataclass(frozen=True)
class _Job:
    key: str
    text: str
    source: str
    target: str
    words: Wordbook

    @property
    def kind(self) -> tuple[str, str, str]:
        return (self.source, self.target, self.words.fingerprint)


@dataclass
class _Waiting:
    job: _Job
    done: asyncio.Event = field(default_factory=asyncio.Event)


def original(texts: Mapping[str, str]) -> tuple[str, str]:
    """The text that is translated when the reader's is not there, and its language; empty for no text at all."""
    for tag in ("en", *texts):
        if texts.get(tag):
            return texts[tag], reading_language(tag)
    return "", UNKNOWN


def has_own(texts: Mapping[str, str], language: str) -> bool:
    """Whether the seller wrote the text in this language (a primary subtag)."""
    return any(text and reading_language(tag) == language for tag, text in texts.items())


class TextTranslator:
    """Owner of the translating in the background; works inside ``async with texts.run()``."""

    def __init__(
        self, store: TextStore, translator: Translator, clock: Clock, options: TextOptions | None = None
    ) -> None:
        self._store = store
        self._translator = translator
        self._clock = clock
        self._options = options or TextOptions()
        self._known: OrderedDict[str, Translated] = OrderedDict()
        self._failed: OrderedDict[str, float] = OrderedDict()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._awake = asyncio.Event()
        self._trimmed_at_s = float("-inf")

    @property
    def targets(self) -> frozenset[str]:
        """The languages that texts can be read in."""
        return self._translator.targets

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Translate for as long as the block lasts."""
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._work(), name="text translation")
            try:
                yield self
            finally:
                working.cancel()

    async def read(
        self,
        places: Mapping[str, Mapping[str, str]],
        language: str,
        words: Wordbook,
        *,
        patience_s: float | None = None,
    ) -> TranslatedTexts:
        """Texts (place → language tag → text) for a reader of ``language`` (a primary subtag).

        Waits ``patience_s`` (default: as the options say) for those that are new. Never raises: without a store or a
        translator the originals are read.
        """
        if language not in self._translator.targets:
            return TranslatedTexts({}, is_complete=True)
        jobs = {place: job for place, texts in places.items() if (job := self._job(texts, language, words)) is not None}
        await self._recall({job.key for job in jobs.values()})
        waiting = [found for job in jobs.values() if (found := self._ask(job)) is not None]
        if waiting:
            patience = self._options.patience_s if patience_s is None else patience_s
            try:
                async with asyncio.timeout(patience):
                    for each in waiting:
                        await each.done.wait()
            except TimeoutError:
                pass  # the next one who asks finds them
        texts = {place: self._known[job.key] for place, job in jobs.items() if job.key in self._known}
        return TranslatedTexts(texts, is_complete=not any(job.key in self._waiting for job in jobs.values()))

    async def known(self, texts: Iterable[Mapping[str, str]], words: Wordbook) -> list[str]:
        """Everything that texts read like in languages they were translated into before. For searching."""
        jobs = [
            job
            for each in texts
            for language in self._translator.targets
            if (job := self._job(each, language, words)) is not None
        ]
        await self._recall({job.key for job in jobs})
        return [self._known[job.key].text for job in jobs if job.key in self._known]

    def _job(self, texts: Mapping[str, str], language: str, words: Wordbook) -> _Job | None:
        if has_own(texts, language):
            return None
        text, source = original(texts)
        if not text.strip() or not any(map(str.isalpha, text)):
            return None
        said = json.dumps([source, language, words.fingerprint, text], ensure_ascii=False)
        return _Job(hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest(), text, source, language, words)

    async def _recall(self, keys: set[str]) -> None:
        unknown = [key for key in keys if key not in self._known]
        if not unknown:
            return
        try:
            for key, translated in (await self._store.load(unknown)).items():
                self._remember(key, translated)
        except Unavailable as error:
            log.warning("translated texts not read", error=str(error))

    def _ask(self, job: _Job) -> _Waiting | None:
        if job.key in self._known or self._clock.monotonic_s() < self._failed.get(job.key, float("-inf")):
            return None
        found = self._waiting.get(job.key)
        if found is None:
            if len(self._waiting) >= self._options.waiting:
                return None
            found = self._waiting[job.key] = _Waiting(job)
            self._awake.set()
        return found

    def _remember(self, key: str, translated: Translated) -> None:
        self._known[key] = translated
        self._known.move_to_end(key)
        while len(self._known) > self._options.remembered:
            self._known.popitem(last=False)

    async def _work(self) -> None:
        while True:
            await self._awake.wait()
            if not self._waiting:
                self._awake.clear()
                continue
            kind = next(iter(self._waiting.values())).job.kind
            same = [each for each in self._waiting.values() if each.job.kind == kind][: self._options.batch]
            try:
                await self._translate([each.job for each in same])
            except Unavailable as error:
                log.warning("translated texts not kept", error=str(error))
            except Exception:  # one batch is a fault boundary
                log.exception("texts not translated", texts=len(same))
                self._give_up([each.job.key for each in same])
            for each in same:
                self._waiting.pop(each.job.key, None)
                each.done.set()

    async def _translate(self, jobs: list[_Job]) -> None:
        first = jobs[0]
        source = None if first.source == UNKNOWN else first.source
        results = await self._translator.translate(
            [job.text for job in jobs], source, first.target, first.words, wait_s=self._options.work_s
        )
        made = {
            job.key: translated
            for job, translated in zip(jobs, results, strict=True)
            if translated.is_translation and _asks(job.text) == _asks(translated.text)
        }
        for key, translated in made.items():
            self._remember(key, translated)
        self._give_up([job.key for job in jobs if job.key not in made])
        await self._store.save(made, self._clock.now())
        await self._trim()

    async def _trim(self) -> None:
        """Only what is saved makes the store grow, so nothing but saving needs to look after it."""
        now_s = self._clock.monotonic_s()
        if now_s - self._trimmed_at_s >= self._options.trim_every_s:
            self._trimmed_at_s = now_s
            before = self._clock.now() - timedelta(days=self._options.kept_days)
            await self._store.trim(before, self._options.kept)

    def _give_up(self, keys: list[str]) -> None:
        until_s = self._clock.monotonic_s() + self._options.retry_s
        for key in keys:
            self._failed[key] = until_s
        while len(self._failed) > self._options.remembered:
            self._failed.popitem(last=False)


def _asks(text: str) -> bool:
    """Whether it is a question: "Weight" on a product must not become the "How heavy is it?" of a chat's phrases."""
    return text.rstrip().endswith(("?", "？"))
