"""What is translated keeps the seller's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from avatar.model import ProductFacts
from avatar.translation.glossary import Glossary
from avatar.translation.model import Translated, Trust
from avatar.translation.service import TranslationService
from stream_server.virtual_host.dub_words import ServiceTranslator, glossary_of

MUG = ProductFacts("mug", {"en": "Stoneware mug", "es": "Taza de gres", "zh-CN": "粗陶杯"}, brand="Lumen")


class OneLanguage:
    """Fake of the service: knows Spanish."""

    async def translate(
        self, lines: Sequence[str], source: str | None, target: str, glossary: Glossary | None = None
    ) -> list[Translated]:
        trust = Trust.MODEL if target == "es" else Trust.ORIGINAL
        return [Translated(f"{line} ({target})", source or "und", target, trust) for line in lines]


async def test_only_what_was_really_translated_is_spoken() -> None:
    translator = ServiceTranslator(cast(TranslationService, OneLanguage()), Glossary())
    assert await translator.translated("Hello", "en", "es") == "Hello (es)"
    assert await translator.translated("Hello", "en", "zh") is None


def test_products_are_called_what_the_seller_calls_them_in_each_language() -> None:
    glossary = glossary_of({"mug": MUG, "cup": ProductFacts("cup", {"en": "Cup"})}, "en")
    assert glossary.terms == {"Stoneware mug": {"es": "Taza de gres", "zh": "粗陶杯"}}
    assert glossary.keep == ("Lumen",)
