"""Masked lines through one model or two (by way of English), each draft judged, every placeholder accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from avatar.translation.engine import Direction, Draft, Engine
from avatar.translation.masking import mask
from avatar.translation.quality import refusal
from avatar.translation.segments import chunks, filled, numbered_back, renumbered, sentences

PIVOT: Final = "en"
_BATCH: Final = 32
"""Lines a model gets at once: more only makes the first wait for the last."""


@dataclass(frozen=True)
class Work:
    """A masked text for the models, and what its placeholders stand for in the target language."""

    text: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """A part of a work on its way; its placeholders have the numbers of the whole."""

    text: str | None
    """None once a model has failed on it."""
    owner: int


def route(engines: Mapping[Direction, Engine], source: str, target: str) -> list[Direction]:
    """The directions to take; empty when there is no way."""
    if (source, target) in engines:
        return [(source, target)]
    legs = [(source, PIVOT), (PIVOT, target)]
    return legs if all(leg in engines for leg in legs) and PIVOT not in (source, target) else []


def by_models(engines: Mapping[Direction, Engine], works: Sequence[Work], source: str, target: str) -> list[str | None]:
    """As many translations as works, their placeholders as in the works; None where no draft may be shown."""
    legs = route(engines, source, target)
    said = _attempt(engines, works, legs, by_sentence=False)
    # what went wrong as a whole may go well sentence by sentence
    again = [n for n, text in enumerate(said) if text is None and len(sentences(works[n].text)) > 1]
    second = _attempt(engines, [works[n] for n in again], legs, by_sentence=True)
    for n, text in zip(again, second, strict=True):
        said[n] = text
    return said


def _attempt(
    engines: Mapping[Direction, Engine], works: Sequence[Work], legs: Sequence[Direction], *, by_sentence: bool
) -> list[str | None]:
    pieces: list[_Piece] = []
    for n, work in enumerate(works):
        parts = chunks(_without_shouting(work.text), by_sentence=by_sentence)
        pieces += [_Piece(part, n) for part in parts] if parts else [_Piece(None, n)]
    for leg in legs:
        pieces = _through(engines[leg], pieces, works, leg)
    said: list[str | None] = [""] * len(works)
    for piece in pieces:
        before = said[piece.owner]
        between = " " if before and legs[-1][1] not in ("zh", "ja") and not before.endswith(" ") else ""
        said[piece.owner] = None if before is None or piece.text is None else before + between + piece.text.strip()
    return said


def _through(engine: Engine, pieces: list[_Piece], works: Sequence[Work], leg: Direction) -> list[_Piece]:
    """All pieces over one leg."""
    done = list(pieces)
    alive = [n for n, piece in enumerate(pieces) if piece.text is not None]
    # alike in length together: a batch takes as long as its longest line
    alive.sort(key=lambda n: len(pieces[n].text or ""))
    for start in range(0, len(alive), _BATCH):
        batch = alive[start : start + _BATCH]
        asked = [renumbered((pieces[n].text or "").strip()) for n in batch]
        items = [
            tuple(works[pieces[n].owner].items[k] for k in numbers)
            for n, (_, numbers) in zip(batch, asked, strict=True)
        ]
        plain = [
            text if engine.keeps_placeholders else filled(text, own)
            for (text, _), own in zip(asked, items, strict=True)
        ]
        drafts = engine.translate(plain, leg, items)
        for n, (text, numbers), own, draft in zip(batch, asked, items, drafts, strict=True):
            done[n] = replace(pieces[n], text=_accepted(engine, text, numbers, own, draft, leg))
    return done


def _accepted(
    engine: Engine, text: str, numbers: tuple[int, ...], items: tuple[str, ...], draft: Draft | None, leg: Direction
) -> str | None:
    """What the model said, with the numbers of the whole; None when it may not be shown."""
    if draft is None:
        return None
    if not engine.keeps_placeholders:
        draft = _masked_again(draft, items)
        if draft is None:
            return None
    if refusal(text, draft, *leg) is not None:
        return None
    return numbered_back(draft.text, numbers)


def _masked_again(draft: Draft, items: tuple[str, ...]) -> Draft | None:
    """A draft on plain text with its items taken out; None unless all of them are there and no others."""
    again = mask(draft.text, [item for item in items if item])
    left = list(items)
    text = again.text
    for n, item in enumerate(again.items):
        if item not in left:
            return None
        place = items.index(item) if left.count(item) == items.count(item) else _next(items, item, left)
        left.remove(item)
        text = text.replace(f"⟦{n}⟧", f"\x00{place}\x01", 1)
    return None if left else replace(draft, text=text.replace("\x00", "⟦").replace("\x01", "⟧"))


def _next(items: tuple[str, ...], item: str, left: list[str]) -> int:
    """The place of the next of several equal items."""
    used = items.count(item) - left.count(item)
    return [n for n, other in enumerate(items) if other == item][used]


def _without_shouting(text: str) -> str:
    """A line in capitals as a line: models know few of them."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return text.lower() if len(letters) > 5 and capitals > 0.7 * len(letters) else text
