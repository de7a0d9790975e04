"""Every language can say everything, in the same slots, and without promising anything."""

from __future__ import annotations

import re

import pytest

from avatar.model import LANGUAGES
from avatar.wording.phrasebook import load_phrasebook

ENGLISH = load_phrasebook("en")
BRACES = re.compile(r"\{([a-z_]+)\}")
SCRIPTS = {
    "zh": "\u4e00-\u9fff",
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7a3",
    "ar": "\u0600-\u06ff",
    "ru": "\u0400-\u04ff",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_key(lang: str) -> None:
    assert load_phrasebook(lang).keys == ENGLISH.keys


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_variant_has_the_slots_of_the_english_one(lang: str) -> None:
    book = load_phrasebook(lang)
    for key in book.keys:
        for variant in book.variants(key):
            assert set(BRACES.findall(variant)) == ENGLISH.slots(key), (lang, key, variant)
            assert variant.count("{") == len(BRACES.findall(variant)) == variant.count("}"), (lang, key, variant)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_several_ways_to_say_a_thing_and_no_doubles(lang: str) -> None:
    book = load_phrasebook(lang)
    for key in book.keys:
        variants = book.variants(key)
        assert len(set(variants)) == len(variants), (lang, key)
        if not key.startswith("hello."):
            assert len(variants) >= 2, (lang, key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_tidy_and_hold_no_figures_of_their_own(lang: str) -> None:
    book = load_phrasebook(lang)
    for key in book.keys:
        for variant in book.variants(key):
            assert variant == variant.strip()
            assert not re.search(r"\d", variant.replace("3D", "")), (lang, key, variant)
            assert "  " not in variant, (lang, key)


@pytest.mark.parametrize("lang", SCRIPTS)
def test_texts_are_in_their_script(lang: str) -> None:
    book = load_phrasebook(lang)
    for key in book.keys:
        for variant in book.variants(key):
            bare = BRACES.sub("", variant)
            assert not re.search(r"\w", bare) or re.search(f"[{SCRIPTS[lang]}]", bare), (lang, key, variant)


def test_a_sentence_has_one_full_stop_when_the_fact_brings_its_own() -> None:
    assert ENGLISH.say("present.fact_bare", fact="Send it back unworn. ") == "Send it back unworn."


def test_braces_in_a_value_stay_text() -> None:
    assert "{price}" in ENGLISH.say("answer.fact", product="{price}", fact="{product}")


def test_an_unknown_language_is_told_in_english() -> None:
    assert load_phrasebook("xx-YY").lang == "en"
    assert load_phrasebook("zh-Hant-TW").lang == "zh"
