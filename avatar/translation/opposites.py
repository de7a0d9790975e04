"""Whether a draft says that there is none of what there is, or the other way round. Pure.

The model's own certainty does not tell: "有货，还有 59 件" became "It is out, 59 pieces" with a good score. Such a line
is worth a sale or an angry buyer, so both sides must agree on whether something is gone.
"""

from __future__ import annotations

import re
from typing import Final

_GONE: Final = {
    "en": r"sold out|out of stock|\b(?:is|are|was|were|'s|'re) (?:all )?(?:out|gone)\b|ran out|run out|unavailable"
    r"|(?:not|n't|no longer) (?:be )?(?:available|in stock)|(?:not|n't) have (?:it|any|this|that|them)|none left"
    r"|no (?:more )?(?:left|stock)|(?:isn't|aren't|not|no) any(?:more| more| left)?\b",
    "es": r"agotad|\bya no (?:hay|queda|tenemos|tienen|est[áa])|\bno (?:nos )?queda|\bno (?:est[áa]n? )?disponible"
    r"|\bno (?:hay|tenemos|tienen)(?: m[áa]s| stock| existencias|[.!?]*$)|sin (?:existencias|stock)"
    r"|se (?:ha|han) acabado",
    "zh": r"没(?:有)?(?:现)?货|[无缺断]货|售罄|[卖售抢][完光]|没有?(?:了|库存|剩)|不(?:再)?(?:有货|供应)|下架",
}
_THERE: Final = {
    "en": r"\bin stock\b|\bavailable\b|\bleft\b",
    "es": r"en (?:existencias|stock)|\bdisponible|\bquedan?\b",
    "zh": r"有(?:现)?货|现货|库存|还有|还剩|剩",
}
_GONE_RE: Final = {language: re.compile(words, re.IGNORECASE) for language, words in _GONE.items()}
_THERE_RE: Final = {language: re.compile(words, re.IGNORECASE) for language, words in _THERE.items()}


def contradicts(source: str, said: str, source_language: str, target_language: str) -> bool:
    """Whether the two disagree about stock; False for languages that are not known here."""
    if source_language not in _GONE or target_language not in _GONE:
        return False
    speaks_of_stock = bool(_THERE_RE[source_language].search(source) or _THERE_RE[target_language].search(said))
    was_gone = _GONE_RE[source_language].search(source) is not None
    is_gone = _GONE_RE[target_language].search(said) is not None
    return is_gone != was_gone and (speaks_of_stock or was_gone)
