"""Ten thousand generated lines: not one price, size, name, code or emoji comes out altered."""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict

import pytest

from avatar.translation.embedded import SHIPPED
from avatar.translation.engine import Direction
from avatar.translation.glossary import Glossary
from avatar.translation.translator import Translator
from tests.unit.avatar.translation.lines import KEPT, generated, is_untouched
from tests.unit.avatar.translation.scripted import ScriptedEngine

WORDS = {"en": "some words to say it with", "es": "unas palabras para decirlo", "zh": "用这些话来说它"}


def damaged(translator: Translator, count: int, seed: int) -> tuple[list[str], int]:
    """Lines in which something was altered, and how many were translated."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, line, target in generated(count, seed):
        groups[source, target].append(line)
    altered: list[str] = []
    translated = 0
    for (source, target), lines in groups.items():
        results = translator.translate(lines, source, target, Glossary(keep=KEPT))
        translated += sum(result.is_translation for result in results)
        pairs = zip(lines, results, strict=True)
        altered += [f"{line} → {r.text}" for line, r in pairs if r.is_translation and not is_untouched(line, r.text)]
        altered += [line for line, r in zip(lines, results, strict=True) if not r.is_translation and r.text != line]
    return altered, translated


@pytest.mark.timeout(120)
def test_a_model_that_loses_doubles_swaps_and_invents_items_alters_none_that_is_shown() -> None:
    roll = random.Random(7)

    def careless(line: str, direction: Direction) -> str:
        holes = re.findall(r"⟦\d⟧", line)
        match roll.randrange(6):
            case 0 if holes:
                holes.pop()
            case 1 if holes:
                holes.append(holes[0])
            case 2:
                holes.append("⟦9⟧")
            case 3:
                roll.shuffle(holes)
            case 4:
                holes.append(roll.choice(("⟦", "$1", "⟦ 0 ⟧", "12", "⟦00⟧", "😍")))
        return " ".join((WORDS[direction[1]], *holes))

    altered, translated = damaged(Translator([ScriptedEngine(careless)]), 10_000, seed=1)
    assert altered == []
    assert translated > 2000


@pytest.mark.skipif(not (SHIPPED / "en2x" / "model.bin").is_file(), reason="no weights here")
@pytest.mark.timeout(900)
def test_the_shipped_models_alter_none() -> None:
    """``VITRINE_ALL_LINES=1``: all ten thousand lines, about twenty CPU seconds."""
    count = 10_000 if os.environ.get("VITRINE_ALL_LINES") else 3000
    altered, translated = damaged(Translator.open(), count, seed=2)
    assert altered == []
    assert translated > 0.1 * count
