from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_server.plain_text import one_line


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  two   words\n\there ", "two words here"),
        ("e\u0301", "é"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("\ufeffhi\u200b\u2060", "hi"),
        ("\ud800x\ue000\U000e0fff", "x"),
        ("z" + "\u0351" * 30, "z" + "\u0351" * 4),
        ("z" + ("\u0351" * 4 + "\u200d") * 5, "z" + "\u0351" * 4 + "\u200d" * 5),
        ("\u0351 \u0351a", "a"),
        ("👩\u200d🚀 \u200d", "👩\u200d🚀"),
        ("❤\ufe0f", "❤\ufe0f"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("你好，世界", "你好，世界"),
        ("Người", "Người"),
    ],
)
def test_text_keeps_what_is_meant_and_loses_what_is_hidden(text: str, clean: str) -> None:
    assert one_line(text) in (clean, clean.rstrip("\u200d"))


@given(st.text(max_size=300))
def test_result_is_one_clean_line(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert line == line.strip()
    assert len(line) <= 4 * len(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl", "Zp") for character in line)
