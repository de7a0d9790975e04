"""Who translates: the project's own models in a worker process, behind the features' port."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from avatar.translation.glossary import Glossary
from avatar.translation.service import TranslationOptions, TranslationService
from avatar.translation.upgrades import Upgrade
from stream_server.config import Config
from stream_server.translation.model import Translated
from stream_server.translation.ports import Translator
from stream_server.translation.wordbook import Wordbook

_GLOSSARIES = 64
"""Glossaries at hand: each finds its words with a pattern that is costly to make."""


class ServiceTranslator:
    """`translation.ports.Translator` on the library's service."""

    def __init__(self, service: TranslationService) -> None:
        self._service = service
        self._glossaries: OrderedDict[str, Glossary] = OrderedDict()

    @property
    def targets(self) -> frozenset[str]:
        """See `Translator.targets`."""
        return self._service.targets

    def identify(self, text: str, hint: str | None = None) -> str:
        """See `Translator.identify`."""
        return self._service.identify(text, hint).language

    async def translate(
        self,
        lines: Sequence[str],
        source: str | None,
        target: str,
        words: Wordbook,
        *,
        is_urgent: bool = False,
        wait_s: float | None = None,
    ) -> list[Translated]:
        """See `Translator.translate`."""
        found = await self._service.translate(
            lines, source, target, self._glossary(words), is_urgent=is_urgent, wait_s=wait_s
        )
        return [Translated(each.text, each.source, each.target, each.trust.value) for each in found]

    def _glossary(self, words: Wordbook) -> Glossary:
        known = self._glossaries.get(words.fingerprint)
        if known is None:
            known = self._glossaries[words.fingerprint] = Glossary(words.terms, words.keep)
            if len(self._glossaries) > _GLOSSARIES:
                self._glossaries.popitem(last=False)
        return known


def translation_options(config: Config) -> TranslationOptions:
    """What the settings say. Raises: ValueError, TypeError for a model that is not described rightly."""
    upgrades = tuple(Upgrade.read(described) for described in config.translation_models)
    return TranslationOptions(folder=config.translation_folder, upgrades=upgrades)


@asynccontextmanager
async def open_translator(options: TranslationOptions | None = None) -> AsyncIterator[Translator]:
    """The translator of one process; leaving the block ends its worker."""
    async with TranslationService.open(options) as service:
        yield ServiceTranslator(service)
