"""What a host can say to the studio: "next product", "show the price". Pure; engines may get the grammar as well."""

from __future__ import annotations

import re
from typing import Literal

VoiceCommand = Literal["next_product", "previous_product", "show_price", "pin", "unpin", "sold_out", "try_on"]

_PHRASES: dict[VoiceCommand, tuple[str, ...]] = {
    "next_product": ("next product", "next item", "show the next one"),
    "previous_product": ("previous product", "previous item", "back to the last one"),
    "show_price": ("show price", "show the price"),
    "pin": ("pin this", "pin the product"),
    "unpin": ("take it down", "remove the pin"),
    "sold_out": ("mark sold out", "this is sold out"),
    "try_on": ("everyone try this", "everybody try this on"),
}
WAKE = ("studio", "hey studio")
"""A command begins with one of these: hosts say "next product" to their viewers all the time."""


def phrases() -> dict[str, VoiceCommand]:
    """Every sentence that is a command → the command."""
    return {f"{wake} {text}": command for wake in WAKE for command, texts in _PHRASES.items() for text in texts}


def grammar() -> str:
    """The sentences as a JSGF grammar (https://www.w3.org/TR/jsgf/), for recognisers that take one."""
    said = " | ".join(text for texts in _PHRASES.values() for text in texts)
    return f"#JSGF V1.0;\ngrammar studio;\npublic <command> = ({' | '.join(WAKE)}) ({said});\n"


def command_in(text: str) -> VoiceCommand | None:
    """The command that a recognised text ends with, if it is one."""
    plain = " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
    for sentence, command in phrases().items():
        if plain == sentence or plain.endswith(f" {sentence}"):
            return command
    return None
