"""Sentences that are commands, and those that are not."""

from __future__ import annotations

import pytest

from avatar.listening.voice_commands import command_in, grammar, phrases


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Studio, next product!", "next_product"),
        ("so that was it hey studio show the price", "show_price"),
        ("studio everyone try this", "try_on"),
        ("next product", None),
        ("the studio is warm and the next product is blue", None),
        ("", None),
    ],
)
def test_only_what_is_said_to_the_studio_is_a_command(text: str, command: str | None) -> None:
    assert command_in(text) == command


def test_the_grammar_has_every_phrase() -> None:
    for sentence in phrases():
        wake, text = sentence.split("studio ", 1)
        assert text in grammar()
        assert f"{wake}studio".strip() in grammar()
