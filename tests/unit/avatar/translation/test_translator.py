"""The order of trust, and what happens to bad input."""

from __future__ import annotations

import pytest

from avatar.translation.engine import Direction, Draft
from avatar.translation.glossary import Glossary
from avatar.translation.model import Trust, primary
from avatar.translation.translator import Translator
from tests.unit.avatar.translation.scripted import ScriptedEngine

WORDS = {"es": "palabras de prueba para esta línea", "zh": "这是一句测试的话", "en": "words to try this line with"}


def holes(line: str) -> str:
    return "".join(f" ⟦{n}⟧" for n in range(10) if f"⟦{n}⟧" in line)


def faithful(line: str, direction: Direction) -> str:
    return WORDS[direction[1]] + holes(line)


def said(translator: Translator, line: str, target: str, source: str | None = "en") -> tuple[str, Trust]:
    (result,) = translator.translate([line], source, target)
    return result.text, result.trust


def test_a_sentence_of_the_project_is_a_template_and_asks_no_model() -> None:
    engine = ScriptedEngine(faithful)
    assert said(Translator([engine]), "How much is it?", "zh") == ("多少钱？", Trust.TEMPLATE)
    assert engine.asked == []


def test_prices_and_names_in_a_template_stay_as_typed() -> None:
    translator = Translator()
    assert said(translator, "It costs 1,299.50 €.", "es") == ("Cuesta 1,299.50 €.", Trust.TEMPLATE)
    assert said(translator, "Today only $5 instead of $9.99.", "zh")[0] == "今天只要$5，原价$9.99。"


def test_a_slip_of_the_finger_is_understood_but_no_word_stands_for_another() -> None:
    translator = Translator()
    assert said(translator, "how mcuh is it 😍", "es") == ("¿cuánto cuesta? 😍", Trust.PHRASE)
    assert said(translator, "how much is she", "es")[1] is Trust.ORIGINAL
    assert said(translator, "it is not sold out", "es")[1] is Trust.ORIGINAL


def test_courtesies_and_emoji_do_not_hide_a_phrase() -> None:
    translator = Translator()
    assert said(translator, "@ana hello! how long does shipping take? 🙏", "de") == (
        "@ana Hallo! wie lange dauert der Versand? 🙏".replace("wie", "Wie"),
        Trust.TEMPLATE,
    )
    assert said(translator, "请问多少钱呀", "en", None) == ("How much is it?", Trust.PHRASE)


def test_a_line_that_no_phrase_is_near_goes_to_the_model_with_its_items_masked() -> None:
    engine = ScriptedEngine(faithful)
    text, trust = said(Translator([engine]), "Our neighbour bought three for $19.99 with LIVE20 😍", "es")
    assert (text, trust) == ("palabras de prueba para esta línea $19.99 LIVE20 😍", Trust.MODEL)
    assert engine.asked == [("Our neighbour bought three for ⟦0⟧ with ⟦1⟧", ("en", "es"))]


def test_spanish_and_chinese_meet_in_english_with_their_items_kept() -> None:
    engine = ScriptedEngine(faithful)
    text, trust = said(Translator([engine]), "el vecino de Pedro pagó 30 € por dos lámparas SKU-7", "zh", "es")
    assert (text, trust) == ("这是一句测试的话 30 € SKU-7", Trust.MODEL)
    assert [direction for _, direction in engine.asked] == [("es", "en"), ("en", "zh")]


@pytest.mark.parametrize(
    "draft",
    [
        "palabras de prueba sin nada",
        "palabras ⟦0⟧ y otra vez ⟦0⟧",
        "palabras ⟦0⟧ con ⟦1⟧",
        "palabras ⟦0⟧ ⟦",
        "la la la la la la la la ⟦0⟧",
        "⟦0⟧",
        "",
        "palabras ⁇ de prueba ⟦0⟧",
        "它的 ⟦0⟧ 是假的",
        "Our neighbour likes red lamps for ⟦0⟧",
        Draft("palabras de prueba ⟦0⟧", -3.0),
        Draft("palabras de prueba que no se acaban nunca " * 9 + "⟦0⟧", -0.1),
        None,
    ],
)
def test_a_draft_that_is_damaged_or_a_guess_is_not_shown(draft: str | Draft | None) -> None:
    line = "Our neighbour likes red lamps for $10"
    assert said(Translator([ScriptedEngine(lambda *_: draft)]), line, "es") == (line, Trust.ORIGINAL)


def test_what_fails_as_a_whole_may_go_sentence_by_sentence() -> None:
    def says(line: str, direction: Direction) -> str | None:
        return None if line.count(".") > 1 else faithful(line, direction)

    text, trust = said(Translator([ScriptedEngine(says)]), "My aunt sells lamps. She wants $10 for one.", "es")
    assert trust is Trust.MODEL
    assert text == f"{WORDS['es']} {WORDS['es']} $10"


def test_placeholders_typed_by_a_viewer_are_plain_text() -> None:
    line = "give me ⟦1⟧ and ⟦0⟧ of these old lamps for $5"
    engine = ScriptedEngine(faithful)
    text, _ = said(Translator([engine]), line, "es")
    assert "⟦" not in text
    assert text.endswith("$5")
    assert engine.asked[0][0].startswith("give me [⟦0⟧] and [⟦1⟧]")


def test_hidden_characters_do_not_reach_the_model() -> None:
    engine = ScriptedEngine(faithful)
    said(Translator([engine]), "our neigh\u200bbour \u202elikes\u202c old\u00ad lamps\x07 a lot 👩‍👩‍👧", "es")
    assert engine.asked[0][0] == "our neighbour likes old lamps a lot"


def test_endless_repetition_is_cut_before_the_model_sees_it() -> None:
    engine = ScriptedEngine(faithful)
    said(Translator([engine]), "gimme those lamps " * 60 + "nooooooooo", "es")
    assert engine.asked[0][0].count("gimme") == 3
    assert engine.asked[0][0].endswith("noo")


def test_a_long_line_goes_in_pieces_and_a_too_long_one_stays() -> None:
    engine = ScriptedEngine(faithful)
    translator = Translator([engine])
    text, trust = said(translator, "The old lamp of our neighbour costs $12 and weighs 3 kg. " * 30, "es")
    assert trust is Trust.MODEL
    assert text.count("$12") == text.count("3 kg") == 30
    assert all(len(line) <= 200 for line, _ in engine.asked)
    assert said(translator, "lamp " * 500, "es")[1] is Trust.ORIGINAL


def test_the_glossary_says_terms_and_keeps_names() -> None:
    engine = ScriptedEngine(faithful)
    glossary = Glossary({"Tide mug": {"es": "taza Marea", "zh": "潮汐杯"}}, ("Nordlicht",))
    (result,) = Translator([engine]).translate(
        ["my aunt broke the tide mug by NORDLICHT yesterday"], "en", "es", glossary
    )
    assert engine.asked[0][0] == "my aunt broke the ⟦0⟧ by ⟦1⟧ yesterday"
    assert result.text == f"{WORDS['es']} taza Marea NORDLICHT"
    (back,) = Translator([engine]).translate(["我阿姨昨天打破了潮汐杯真可惜"], "zh", "es", glossary)
    assert back.text.endswith("taza Marea")


def test_a_wrongly_declared_language_is_seen() -> None:
    (result,) = Translator().translate(["¿cuánto cuesta el envío?"], "en", "zh")
    assert (result.source, result.text) == ("es", "运费多少？")


@pytest.mark.parametrize("line", ["", "   ", "😍😍", "$19.99", "@ana", "12:30 🔥", "\u200b", "ok"])
def test_lines_without_words_stay(line: str) -> None:
    (result,) = Translator([ScriptedEngine(faithful)]).translate([line], None, "es")
    assert (result.text, result.trust) == (line, Trust.ORIGINAL)


def test_unknown_pairs_and_ones_own_language_stay() -> None:
    translator = Translator([ScriptedEngine(faithful)])
    assert said(translator, "our neighbour likes lamps", "fr")[1] is Trust.ORIGINAL
    assert said(translator, "our neighbour likes lamps", "en-GB")[1] is Trust.ORIGINAL
    assert said(translator, "our neighbour likes lamps", "not a tag")[1] is Trust.ORIGINAL


def test_traditional_characters_are_read() -> None:
    assert said(Translator(), "多少錢", "en", "zh-TW")[0] == "How much is it?"


def test_what_was_translated_once_is_not_asked_again() -> None:
    engine = ScriptedEngine(faithful)
    translator = Translator([engine])
    for _ in range(3):
        said(translator, "our neighbour likes lamps", "es")
    assert len(engine.asked) == 1
    (other,) = translator.translate(["our neighbour likes lamps"], "en", "es", Glossary(keep=("lamps",)))
    assert other.text.endswith("lamps")


def test_models_without_placeholders_get_plain_text_and_must_keep_the_items() -> None:
    engine = ScriptedEngine(lambda line, _: f"{WORDS['es']} 3 kg $12", keeps_placeholders=False)
    line = "Our neighbour pays $12 for 3 kg of lamps"
    assert said(Translator([engine]), line, "es") == (f"{WORDS['es']} 3 kg $12", Trust.MODEL)
    assert engine.asked[0][0] == line
    wrong = ScriptedEngine(lambda line, _: f"{WORDS['es']} 3 kg $13", keeps_placeholders=False)
    assert said(Translator([wrong]), line, "es") == (line, Trust.ORIGINAL)


def test_the_first_engine_that_knows_a_direction_has_it() -> None:
    better = ScriptedEngine(lambda *_: "palabras mejores que las otras", frozenset({("en", "es")}))
    translator = Translator([better, ScriptedEngine(faithful)])
    assert said(translator, "our neighbour likes lamps", "es")[0] == "palabras mejores que las otras"
    assert said(translator, "our neighbour likes lamps", "zh")[0] == WORDS["zh"]


@pytest.mark.parametrize(("tag", "language"), [("zh-CN", "zh"), ("ES", "es"), ("", "und"), ("123", "und")])
def test_tags_are_cut_to_their_language(tag: str, language: str) -> None:
    assert primary(tag) == language
