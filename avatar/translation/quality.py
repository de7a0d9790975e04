"""Whether a model's draft is good enough to be shown. Pure; what it refuses is shown in the original."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from avatar.translation.engine import Draft
from avatar.translation.masking import CLOSE, OPEN
from avatar.translation.opposites import contradicts

LEAST_SCORE: Final = -0.9
"""Mean log-probability per piece below which a draft is a guess.

Of the first trial weights' drafts on held-out sentences those below it had chrF 33 (es) and
13 (zh), those just above it 42 and 20, the surest 80 and 50.
"""
_SHORT_SCORE: Final = -1.2
"""For lines of a word or two, whose mean says less."""
_DENSE: Final = frozenset(("zh", "ja", "ko"))
_DENSITY: Final = 2.6
"""Letters of a European language that one Chinese, Japanese or Korean character stands for."""
_MOST_LONGER, _MOST_SHORTER = 2.6, 0.3
_SLACK: Final = 14
_AMOUNTS: Final = frozenset("$€£¥￥₩₹₽%％‰")
_HOLE = re.compile(rf"{OPEN}\d{CLOSE}")
_LETTER = re.compile(r"[^\W\d_]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def refusal(source: str, draft: Draft, source_language: str, target_language: str) -> str | None:
    """Why ``draft`` must not be shown, in a word or two; None when nothing speaks against it.

    Both texts are masked. The checks: amounts from nowhere, how sure the model was, lengths, saying a thing over and
    over, copying the source, being out of what there is, a script that is not the target's.
    """
    said, text = _HOLE.sub("", draft.text), _HOLE.sub("", source)
    letters, asked = len(_LETTER.findall(said)), len(_LETTER.findall(text))
    if not letters:
        return "empty"
    if "⁇" in said or "�" in said:
        return "unknown characters"
    if any(c.isdigit() or c in _AMOUNTS for c in said if c not in text):
        return "an amount of its own"
    words = len(text.split()) if source_language not in _DENSE else asked // 2
    if draft.score is not None and draft.score < (_SHORT_SCORE if words <= 2 else LEAST_SCORE):
        return "unsure"
    size = letters * (_DENSITY if target_language in _DENSE else 1)
    expected = asked * (_DENSITY if source_language in _DENSE else 1)
    if size > expected * _MOST_LONGER + _SLACK or size < expected * _MOST_SHORTER - _SLACK / 2:
        return "length"
    if _says_it_over_and_over(draft.text, source):
        return "repetition"
    if said.casefold().split() == text.casefold().split() and len(text.split()) > 2:
        return "copy"
    if contradicts(text, said, source_language, target_language):
        return "opposite"
    foreign = len(_CJK.findall(said))
    if target_language in _DENSE:
        return "script" if foreign == 0 and letters > 3 else None
    return "script" if foreign else None


def _says_it_over_and_over(said: str, source: str) -> bool:
    """A word or three in a row (characters where there are no spaces) that come far more often than in the source."""
    return _most_in_a_row(said) > max(2, _most_in_a_row(source))


def _most_in_a_row(text: str) -> int:
    """How often the same short stretch follows upon itself."""
    units = list(text) if _CJK.search(text) else text.casefold().split()
    most = 1
    for size in (1, 2, 3, 4):
        run = 1
        for at in range(size, len(units) - size + 1, size):
            run = run + 1 if units[at : at + size] == units[at - size : at] else 1
            most = max(most, run)
    counts = Counter(zip(units, units[1:], units[2:], strict=False))
    return max(most, *(counts.values())) if counts else most
