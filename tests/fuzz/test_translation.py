"""Whatever people type and models say: a line comes back, whole, and nothing that was masked is altered."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avatar.translation.cleaning import calm, clean
from avatar.translation.engine import Direction
from avatar.translation.glossary import Glossary
from avatar.translation.identify import identify
from avatar.translation.masking import mask
from avatar.translation.model import MAX_CHARS
from avatar.translation.phrases import PhraseMemory
from avatar.translation.segments import chunks, renumbered, sentences, without_edges
from avatar.translation.translator import Translator
from tests.unit.avatar.translation.lines import KEPT, is_untouched
from tests.unit.avatar.translation.scripted import ScriptedEngine

pieces = st.sampled_from(
    [
        *(
            "how much",
            "cuesta",
            "多少钱",
            "いくら",
            "얼마",
            "mug",
            "the",
            "no",
            "TideWorks",
            "山河",
            ".",
            "!",
            "？",
            ",",
            "\n",
        ),
        *(
            "$19.99",
            "€",
            "19",
            "99",
            "SKU-1",
            "XL",
            "@ana",
            "#1",
            "%",
            "30 cm",
            "10:30",
            "https://a.b/c",
            "x",
            "M",
            "'s",
        ),
        *(
            "⟦0⟧",
            "⟦",
            "⟧",
            "⟦12⟧",
            "[0]",
            "\u200b",
            "\u202e",
            "\u200d",
            "👩‍👩‍👧",
            "❤️",
            "🇪🇸",
            "\ufe0f",
            "\ud800",
            "\x00",
        ),
        *("a" * 60, "ha", "ha ha", "①", "١٢", "１９", "½", "²", "İ", "ß", "e\u0301", " ", "  "),
    ]
)
lines = st.lists(st.one_of(pieces, st.text(max_size=4)), max_size=40).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts))
)
languages = st.sampled_from(["en", "es", "zh", "ja", "und", "zh-CN", "", "xx"])
MEMORY = PhraseMemory.shipped()
GLOSSARY = Glossary({"mug": {"es": "taza", "zh": "杯子"}}, KEPT)


@pytest.mark.timeout(90)
@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=4), st.one_of(st.none(), languages), languages, st.lists(lines, min_size=1, max_size=5))
@example(["⟦0⟧" * 400], "en", "es", [""])
@example(["19 " * 600], None, "zh", ["⟦0⟧"])
def test_every_line_comes_back_and_no_item_is_altered(
    typed: list[str], source: str | None, target: str, drafts: list[str]
) -> None:
    def says(line: str, direction: Direction) -> str:
        del direction
        return drafts[len(line) % len(drafts)]

    translator = Translator([ScriptedEngine(says)], MEMORY)
    for glossary in (None, Glossary(keep=KEPT)):
        results = translator.translate(typed, source, target, glossary)
        assert len(results) == len(typed)
        for line, result in zip(typed, results, strict=True):
            if not result.is_translation:
                assert result.text == line
            elif glossary is not None:
                assert is_untouched(line, result.text)
    assert len(translator.translate(typed, source, target, GLOSSARY)) == len(typed)


@pytest.mark.timeout(90)
@settings(max_examples=150, deadline=None)
@given(lines)
def test_taking_a_line_apart_loses_nothing(line: str) -> None:
    masked = mask(clean(line[:MAX_CHARS]))
    edged = without_edges(masked)
    assert edged.before + edged.text + edged.after == masked.text
    assert "".join(sentences(masked.text)) == masked.text
    parts = chunks(masked.text)
    if parts is not None:
        assert "".join(parts) == masked.text
        for part in parts:
            text, numbers = renumbered(part)
            assert len(numbers) == len(set(numbers)) <= 10
            assert calm(text).count("⟦") == text.count("⟦")


@pytest.mark.timeout(90)
@settings(max_examples=100, deadline=None)
@given(st.text(max_size=3000), st.one_of(st.none(), languages))
def test_any_text_has_a_language_or_none(text: str, hint: str | None) -> None:
    guess = identify(text, hint)
    assert guess.language
    assert 0 <= guess.confidence <= 1
