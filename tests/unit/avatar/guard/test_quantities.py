"""Numbers are read alike in sentences and facts, whatever they are written with."""

from __future__ import annotations

import pytest

from avatar.guard.quantities import MAX_TEXT_CHARS, codes, quantities


def read(text: str, lang: str) -> list[tuple[str, list[str]]]:
    return [(format(quantity.value.normalize(), "f"), sorted(quantity.units)) for quantity in quantities(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "It costs $19.99, before $24", [("19.99", ["USD"]), ("24", ["USD"])]),
        ("es", "cocido a 1.240 °C", [("1240", ["celsius"])]),
        ("en", "fired at 1,240 °C", [("1240", ["celsius"])]),
        ("fr", "1\u202f234,50 €", [("1234.5", ["EUR"])]),
        ("de", "1.234,50 Euro", [("1234.5", ["EUR"])]),
        ("zh", "三十五厘米", [("35", ["cm"])]),
        ("zh", "一万二千元", [("12000", ["CNY"])]),
        ("zh", "1.2万件", [("12000", [])]),
        ("zh", "打八五折，百分之二十", [("15", ["percent"]), ("20", ["percent"])]),
        ("zh", "９折", [("10", ["percent"])]),
        ("zh", "￥899", [("899", ["CNY", "JPY"])]),
        ("en", "3–6 days", [("3", ["day"]), ("6", ["day"])]),
        ("en", "twenty-five percent off", [("25", ["percent"])]),
        ("es", "veinticinco euros", [("25", ["EUR"])]),
        ("de", "fünfunddreißig Zentimeter", [("35", ["cm"])]),
        ("ru", "тридцать дней", [("30", ["day"])]),
        ("ar", "٢٥ درهم", [("25", ["AED"])]),
        ("pt", "R$\u00a089,90", [("89.9", ["BRL"])]),
        ("ko", "46그램", [("46", ["g"])]),
        ("ja", "19ドル", [("19", ["USD"])]),
        ("en", "before 14:00", [("840", ["clock"])]),
        ("en", "16 x 19", [("16", []), ("19", [])]),
        ("en", "350ml", [("350", ["ml"])]),
    ],
)
def test_a_number_is_read_with_its_unit(lang: str, text: str, found: list[tuple[str, list[str]]]) -> None:
    assert read(text, lang) == found


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "十分好看，万一不合适"),
        ("en", "the 3D view"),
        ("en", "one of them"),
        ("fr", "tout neuf"),
        ("zh", "一起看看"),
        ("xx", ""),
    ],
)
def test_what_is_no_number_is_left_alone(lang: str, text: str) -> None:
    assert read(text, lang) == []


def test_names_with_digits_are_codes() -> None:
    assert codes("UV-400 lenses, code AUTUMN10, 316L steel") == {"uv400", "autumn10"}


def test_a_monstrous_number_breaks_nothing() -> None:
    assert quantities("9" * 100_000, "en") == []
    assert quantities("1," * 50_000, "en") is not None
    assert len("x" * (MAX_TEXT_CHARS + 1)) > MAX_TEXT_CHARS
