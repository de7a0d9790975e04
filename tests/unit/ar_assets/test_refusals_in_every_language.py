"""What the gate refuses is said in every language of the console (in English it is the gate's own sentence)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ar_assets.gate.refusals import Reason

TEXTS = Path(__file__).parents[3] / "client_web" / "src" / "texts"
LANGUAGES = sorted(folder.name for folder in TEXTS.iterdir() if folder.is_dir() and folder.name != "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_sentence(language: str) -> None:
    text = "".join(path.read_text("utf-8") for path in (TEXTS / language).glob("*.ts"))
    told = set(re.findall(r"^ {4}([a-z_]+):\s+\"", text.partition("problems: {")[2], re.MULTILINE))
    assert {reason.value for reason in Reason} - told == set()
