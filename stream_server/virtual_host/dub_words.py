"""Words for what the host has none of its own for in another language: answers, and what operators write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from avatar.model import ProductFacts, language_of
from avatar.translation.glossary import Glossary
from avatar.translation.service import TranslationService


def glossary_of(products: Mapping[str, ProductFacts], lang: str) -> Glossary:
    """The products' names as the seller wrote them in each language; brands stay as they are."""
    terms: dict[str, Mapping[str, str]] = {}
    for product in products.values():
        names = {language_of(tag): text for tag, text in product.name.items()}
        own = names.get(language_of(lang))
        if own is not None and len(names) > 1:
            terms[own] = {other: text for other, text in names.items() if other != language_of(lang)}
    return Glossary(terms, tuple(sorted({p.brand for p in products.values() if p.brand})))


class ServiceTranslator:
    """An `avatar.dubbing.dubber.LineTranslator` over the translation service."""

    def __init__(self, service: TranslationService, glossary: Glossary) -> None:
        self._service, self._glossary = service, glossary

    async def translated(self, text: str, source: str, target: str) -> str | None:
        """The text in another language; None where it stayed the original."""
        (found,) = await self._service.translate([text], source, target, self._glossary)
        return found.text if found.is_translation else None


@asynccontextmanager
async def open_translator(products: Mapping[str, ProductFacts], lang: str) -> AsyncIterator[ServiceTranslator]:
    """The translation service with the show's own words; the block owns its worker."""
    async with TranslationService.open() as service:
        yield ServiceTranslator(service, glossary_of(products, lang))
