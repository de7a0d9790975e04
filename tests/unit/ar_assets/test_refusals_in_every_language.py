"""What the gate refuses is said in every language of the console (in English it is the gate's own sentence)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ar_assets.gate.refusals import Reason

TEXTS = Path(__file__).parents[3] / "client_web" / "src" / "texts"


@pytest.mark.parametrize("language", ["es", "zh-CN"])
def test_every_reason_has_its_sentence(language: str) -> None:
    text = (TEXTS / f"models.{language}.ts").read_text("utf-8")
    told = set(re.findall(r"^ {4}([a-z_]+): \"", text.partition("problems: {")[2], re.MULTILINE))
    assert {reason.value for reason in Reason} - told == set()
