"""The lexicons are complete and fit together."""

from __future__ import annotations

import pytest

from avatar.answers.lexicon import SOCIAL, TOPICAL, Folded, Phrases, categories, lexicon_of, topics
from avatar.model import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_words_for_every_intent(lang: str) -> None:
    lexicon = lexicon_of(lang)
    assert set(lexicon.strong) == set(lexicon.weak) == {*TOPICAL, *SOCIAL}
    for name, phrases in lexicon.strong.items():
        assert phrases.spaced or phrases.unspaced, (lang, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_phrase_is_empty(lang: str) -> None:
    lexicon = lexicon_of(lang)
    for phrases in (lexicon.question, lexicon.colours, lexicon.materials, *lexicon.strong.values()):
        assert all(phrase.strip() for phrase, _ in (*phrases.spaced, *phrases.unspaced))


def test_a_word_is_found_whole_and_a_stem_with_any_ending() -> None:
    phrases = Phrases.of(["fit", "measure*", "多大"])
    assert phrases.is_in(Folded.of("does it FIT?"))
    assert not phrases.is_in(Folded.of("good fitness"))
    assert phrases.is_in(Folded.of("the measurements"))
    assert phrases.is_in(Folded.of("这个 多 大"))


def test_a_longer_phrase_means_more() -> None:
    line = Folded.of("how much is it")
    assert Phrases.of(["how much"]).weight_in(line) > Phrases.of(["much"]).weight_in(line)


def test_categories_and_topics_are_there() -> None:
    assert len(categories()) >= 15
    assert all(topic.facts for topic in topics())
