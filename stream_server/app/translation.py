"""Who translates: the project's own models in a worker process, behind the features' port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from avatar.translation.glossary import Glossary
from avatar.translation.service import TranslationService
from stream_server.translation.model import Translated
from stream_server.translation.ports import Translator
from stream_server.translation.wordbook import Wordbook


class ServiceTranslator:
    """`translation.ports.Translator` on the library's service."""

    def __init__(self, service: TranslationService) -> None:
        self._service = service

    @property
    def targets(self) -> frozenset[str]:
        """See `Translator.targets`."""
        return self._service.targets

    def identify(self, text: str, hint: str | None = None) -> str:
        """See `Translator.identify`."""
        return self._service.identify(text, hint).language

    async def translate(
        self, lines: Sequence[str], source: str | None, target: str, words: Wordbook
    ) -> list[Translated]:
        """See `Translator.translate`."""
        found = await self._service.translate(lines, source, target, Glossary(words.terms, words.keep))
        return [Translated(each.text, each.source, each.target, each.trust.value) for each in found]


@asynccontextmanager
async def open_translator() -> AsyncIterator[Translator]:
    """The translator of one process; leaving the block ends its worker."""
    async with TranslationService.open() as service:
        yield ServiceTranslator(service)
