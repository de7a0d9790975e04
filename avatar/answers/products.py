"""Which product a line of chat is about: by words of its name in any language, else by what such things are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from math import log

from avatar.answers.chat_text import fold, letters, words
from avatar.answers.language import small_words
from avatar.answers.lexicon import Folded, categories
from avatar.model import ProductFacts

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_MIN_WORD_CHARS = 3
_STEM_CHARS = 4
_CATEGORY_WEIGHT = 1.6
_ENOUGH = 1.0

_COMMON = frozenset(["the", "and", "with", "for", "table", "mesa", "con", "von", "und", "para", "com"])


def _stem(word: str) -> str:
    """Plural and gender endings off, roughly; enough to bring ``zapatillas`` and ``zapatilla`` together."""
    for ending in ("es", "s", "n", "e", "o", "a"):
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_CHARS:
            return word[: -len(ending)]
    return word


def _pieces(name: str) -> set[str]:
    """What a name is recognised by: stems of its words, pairs of characters where there are no spaces."""
    folded = fold(name)
    found = {
        _stem(word)
        for word in words(_HAN.sub(" ", folded)).split()
        if len(word) >= _MIN_WORD_CHARS and word not in _COMMON or word.isdigit() and len(word) > 1
    }
    for run in _HAN.findall(letters(folded)):
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


class ProductIndex:
    """The products of a show by their names. Built again when the catalogue changes; a few ms for 200 products."""

    def __init__(self, products: Iterable[ProductFacts]) -> None:
        self._pieces: dict[str, set[str]] = {}
        self._by_category: dict[str, list[str]] = defaultdict(list)
        for product in products:
            pieces: set[str] = set()
            for name in product.name.values():
                pieces |= _pieces(name)
            self._pieces[product.product_id] = pieces
            self._by_category[self._category_of(product)].append(product.product_id)
        self._by_category.pop("", None)
        seen: dict[str, int] = defaultdict(int)
        for pieces in self._pieces.values():
            for piece in pieces:
                seen[piece] += 1
        total = max(1, len(self._pieces))
        self._weights = {piece: 1 + log((1 + total) / (1 + count)) for piece, count in seen.items()}

    def named_in(self, cleaned: str, lang: str, current: str | None = None) -> str | None:
        """The product that the line names; ``current`` wins among equals; None when it names none.

        Small words of ``lang`` name nothing: ``hat`` in a German line is a verb.
        """
        small = small_words(lang)
        if small:
            cleaned = " ".join(word for word in words(fold(cleaned)).split() if word not in small)
        line = Folded.of(cleaned)
        said = _pieces(cleaned)
        scores: dict[str, float] = defaultdict(float)
        for product_id, pieces in self._pieces.items():
            weight = sum(self._weights[piece] for piece in pieces & said)
            if weight:
                scores[product_id] = weight
        for category, ids in self._by_category.items():
            phrases = categories().get(category)
            if phrases is not None and phrases.is_in(line):
                for product_id in ids:
                    scores[product_id] += _CATEGORY_WEIGHT
        if not scores:
            return None
        best = max(scores.values())
        if best < _ENOUGH:
            return None
        tied = [product_id for product_id, score in scores.items() if score == best]
        return current if current in tied else tied[0]

    @staticmethod
    def _category_of(product: ProductFacts) -> str:
        """The brand's category if we know words for it, else the one whose words are in the name."""
        if product.category in categories():
            return product.category or ""
        line = Folded.of(" ".join(product.name.values()))
        return next((category for category, phrases in categories().items() if phrases.is_in(line)), "")
