import pytest

from avatar.speech.script import can_be_said, write_script
from avatar.speech.sentences import MAX_SENTENCE_CHARS, split


@pytest.mark.parametrize(
    ("lang", "written", "spoken"),
    [
        ("en", "$19.99", "nineteen dollars and ninety-nine cents"),
        ("en", "US$1,299.00", "one thousand two hundred and ninety-nine dollars"),
        ("en", "500 ml", "five hundred milliliters"),
        ("en", "20 × 30 cm", "twenty by thirty centimeters"),
        ("en", "SAVE10", "save ten"),
        ("es", "19,99 €", "diecinueve euros con noventa y nueve céntimos"),
        ("es", "30 %", "treinta por ciento"),
        ("es", "1.299 €", "mil doscientos noventa y nueve euros"),
        ("fr", "1\u202f299,50 €", "mille deux cent quatre-vingt-dix-neuf euros et cinquante centimes"),
        ("de", "1,5 l", "eins Komma fünf Liter"),
        ("pt", "R$ 19,90", "dezenove reais e noventa centavos"),
        ("ru", "$21", "двадцать один доллар"),
        ("ru", "5 €", "пять евро"),
        ("zh", "¥299", "二百九十九元"),
        ("zh", "2个", "两个"),
        ("zh", "30%", "百分之三十"),
        ("zh", "10050", "一万零五十"),
        ("ja", "350ml", "三百五十ミリリットル"),
        ("ko", "₩12,900", "만 이천구백 원"),
        ("ar", "30٪", "ثلاثون بالمئة"),
    ],
)
def test_quantities_are_read_as_people_read_them(lang: str, written: str, spoken: str) -> None:
    assert write_script(written, lang).spoken == spoken


def test_every_spoken_part_leads_back_to_what_was_written() -> None:
    script = write_script("Only ($19.99), was $29.00!", "en")
    assert [piece.written for piece in script.pieces] == ["Only", "($19.99),", "was", "$29.00!"]
    at = script.spoken.index("twenty-nine")
    assert script.pieces[script.piece_at(at)].written == "$29.00!"


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉", "!?", "\u200b"])
def test_nothing_to_pronounce_is_noticed(text: str) -> None:
    assert not can_be_said(write_script(text, "en"))


def test_sentences_end_where_they_end_in_every_script() -> None:
    text = "Hello Mr. Smith. It costs $19.99. 大家好！欢迎。مرحبا؟ نعم."
    assert split(text) == ["Hello Mr. Smith.", "It costs $19.99.", "大家好！", "欢迎。", "مرحبا؟", "نعم."]


def test_a_very_long_sentence_is_cut_and_nothing_lost() -> None:
    text = "word " * 2000
    pieces = split(text)
    assert all(len(piece) <= MAX_SENTENCE_CHARS for piece in pieces)
    assert " ".join(pieces).split() == text.split()
