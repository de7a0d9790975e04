"""Whatever people read speaks the languages of the pages, also where the server writes the words."""

from __future__ import annotations

import re
from pathlib import Path

from stream_server.commerce.terms import EXPRESS, STANDARD
from stream_server.web.payment_texts import PAYMENT_TEXTS

TEXTS = Path(__file__).parents[3] / "client_web" / "src" / "texts"
OFFERED = set(re.findall(r'tag: "([\w-]+)"', (TEXTS / "language.ts").read_text("utf-8")))


def test_every_language_that_is_offered_has_its_folder_and_no_other_has() -> None:
    assert {folder.name for folder in TEXTS.iterdir() if folder.is_dir()} == OFFERED


def test_the_server_speaks_them_too() -> None:
    assert set(PAYMENT_TEXTS) == OFFERED
    assert set(STANDARD.label) == set(EXPRESS.label) == OFFERED
