"""Which of the ten languages a line of chat is in: by its script, among Latin letters by its small words."""

from __future__ import annotations

import re

from avatar.answers.chat_text import fold, words
from avatar.model import LANGUAGES, language_of

LATIN = ("en", "es", "fr", "de", "pt")

_SMALL_WORDS = {
    "en": "the is are it this that how much many what do does you can i to in of and for have any where when will "
    "be with on there if my not good please thanks hello hi but was which at from made",
    "es": "el la los las es son que de cuanto como donde cuando se lo un una y en para por si no hay tienen tiene "
    "esta esto hola gracias me mi con puedo pueden muy al del cual quiero mas",
    "fr": "le la les est que qui de combien comment ou quand je vous il elle un une et en pour si ne pas avez ca ce "
    "c l d bonjour merci mon ma avec peut tres au du quel quelle y des sont j",
    "de": "der die das ist sind wie was wo wann ich ihr es ein eine und in fur wenn nicht gibt habt kann hallo danke "
    "mit mein auch noch aus den dem welche man zu schon auf wird hat hatte",
    "pt": "o a os as e que de quanto como onde quando se um uma em para por nao tem voces isso ola oi obrigado "
    "obrigada eu meu minha com posso pode muito ao do da qual ainda ja no na quero mais pra",
}
_SETS = {lang: frozenset(text.split()) for lang, text in _SMALL_WORDS.items()}
_LETTERS = {
    "es": re.compile(r"[ñ¿¡]"),
    "pt": re.compile(r"[ãõ]"),
    "fr": re.compile(r"[èêëîïûœùâ]|\b[cdjl]['’]"),
    "de": re.compile(r"[äöüß]"),
}
_SCRIPTS = {
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af\u3130-\u318f]"),
    "han": re.compile(r"[\u3400-\u9fff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]"),
}
_FULL_WIDTH = 2.5
"""A Han or Hangul character says about as much as this many letters."""


def small_words(lang: str) -> frozenset[str]:
    """Articles, pronouns, auxiliaries, folded; empty for languages that are told by their script."""
    return _SETS.get(lang, frozenset())


def latin_scores(cleaned: str) -> dict[str, float]:
    """How much speaks for each language with Latin letters; all 0 when nothing does."""
    said = words(fold(cleaned)).split()
    lower = cleaned.lower()
    scores = {lang: float(sum(word in small for word in said)) for lang, small in _SETS.items()}
    for lang, pattern in _LETTERS.items():
        scores[lang] += 1.5 * len(pattern.findall(lower)[:3])
    return scores


def languages_of(cleaned: str, fallback: str) -> list[str]:
    """Languages the line may be in, likeliest first; ``fallback`` wins among equals and where there are no letters."""
    home = language_of(fallback)
    counts = {name: len(pattern.findall(cleaned)) for name, pattern in _SCRIPTS.items()}
    weights = {
        "ja": _FULL_WIDTH * (counts["kana"] + (counts["han"] if counts["kana"] else 0)),
        "zh": 0.0 if counts["kana"] else _FULL_WIDTH * counts["han"],
        "ko": _FULL_WIDTH * counts["ko"],
        "ar": float(counts["ar"]),
        "ru": float(counts["ru"]),
    }
    if counts["han"] and not counts["kana"] and home == "ja":
        weights["ja"], weights["zh"] = weights["zh"], 0.0
    latin = counts["latin"]
    ranked = sorted((lang for lang, weight in weights.items() if weight > 0), key=lambda lang: -weights[lang])
    if latin:
        scores = latin_scores(cleaned)
        by_score = sorted(LATIN, key=lambda lang: (-scores[lang], lang != home, LATIN.index(lang)))
        place = next((i for i, lang in enumerate(ranked) if weights[lang] < latin), len(ranked))
        ranked[place:place] = by_score
    return ranked or [home if home in LANGUAGES else "en"]
