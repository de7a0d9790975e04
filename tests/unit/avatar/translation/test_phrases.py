"""The tables are sound, and a phrase is found by what was meant and by nothing else."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from avatar.translation.model import LANGUAGES, Trust
from avatar.translation.phrases import PhraseMemory
from scripts.translation_data import OUT, pattern_rows

MEMORY = PhraseMemory.shipped()


def rows(name: str) -> list[list[str]]:
    text = files("avatar.translation").joinpath("data", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_every_phrase_is_there_in_every_language_and_forms_fill_the_slots_of_what_is_said() -> None:
    for row in rows("phrases.tsv"):
        assert len(row) == len(LANGUAGES)
        slots = {tuple(sorted(re.findall(r"\{\d\}", cell.split(" | ")[0]))) for cell in row}
        assert all(cell.strip() for cell in row)
        assert len(slots) <= 2, row[0]


def test_patterns_are_those_of_the_grammar() -> None:
    assert [("\t".join(row)) for row in rows("patterns.tsv")] == pattern_rows()
    assert (OUT / "patterns.tsv").is_file()


@pytest.mark.parametrize(
    ("line", "source", "target", "text", "trust"),
    [
        ("HOW MUCH IS IT???", "en", "fr", "ça coûte combien ?", Trust.TEMPLATE),
        ("it costs ⟦3⟧.", "en", "ja", "⟦3⟧です。", Trust.TEMPLATE),
        ("now ⟦0⟧ instead of ⟦1⟧", "en", "ko", "⟦1⟧ 대신 ⟦0⟧", Trust.TEMPLATE),
        ("graciaaas", "es", "de", "Danke!", Trust.TEMPLATE),
        ("grcias", "es", "de", "Danke!", Trust.PHRASE),
        ("いくらですか", "ja", "zh", "多少钱？", Trust.TEMPLATE),
        ("얼마에요?", "ko", "en", "how much is it?", Trust.TEMPLATE),
    ],
)
def test_phrases_are_found(line: str, source: str, target: str, text: str, trust: Trust) -> None:
    found = MEMORY.find(line, source, target)
    assert found is not None
    assert (found.text, found.trust) == (text, trust)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("how much is he", "en"),
        ("is it not waterproof", "en"),
        ("no hay stock", "es"),
        ("it costs", "en"),
        ("it costs ⟦0⟧ ⟦1⟧", "en"),
        ("不包邮", "zh"),
        ("没有货了吗", "zh"),
        ("x" * 500, "en"),
        ("", "en"),
        ("⟦0⟧", "en"),
    ],
)
def test_what_is_only_near_a_phrase_is_none(line: str, source: str) -> None:
    assert MEMORY.find(line, source, "de") is None


def test_rows_can_be_left_out() -> None:
    without = PhraseMemory.shipped(leave_out=lambda english: english.startswith("how much"))
    assert without.find("how much is it?", "en", "es") is None
    assert without.find("sold out", "en", "es") is not None
