"""What translation must never alter is put back to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar.translation.masking import SYMBOLS, is_for_the_model, mask, restore


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Today only $19.99 instead of 29,99 €!", ("$19.99", "29,99 €")),
        ("买2件 ¥99 包邮 🎉🎉", ("2", "¥99", "🎉🎉")),
        ("Size XL or M? SKU-123, 30 x 40 cm, 500 ml, 30%", ("XL", "M", "SKU-123", "30 x", "40 cm", "500 ml", "30%")),
        ("See www.a.com/x?y=1 at 18:30 @ana", ("www.a.com/x?y=1", "18:30", "@ana")),
        ("1.234,56 and 1,234.56", ("1.234,56", "1,234.56")),
        ("👩‍👩‍👧 ok ❤️", ("👩‍👩‍👧", "❤️")),
    ],
)
def test_untouchable_items_are_taken_out_in_order(text: str, items: tuple[str, ...]) -> None:
    assert mask(text).items == items


def test_words_and_punctuation_stay() -> None:
    masked = mask("I'm glad — 「你好」，欢迎！《x》 S's")
    assert masked.items == ()


def test_a_protected_name_is_kept_whole_and_only_as_a_whole() -> None:
    assert mask("Casa Luz makes Casa Luzia", ["Casa", "Casa Luz"]).items == ("Casa Luz", "Casa")


def test_a_placeholder_typed_by_a_person_is_plain_text() -> None:
    masked = mask("⟦1⟧ costs 5 €")
    assert masked.text == "[⟦0⟧] costs ⟦1⟧"
    assert restore(masked.text, masked) == "[1] costs 5 €"


@pytest.mark.parametrize("translated", ["", "cuesta ⟦0⟧", "⟦0⟧ ⟦1⟧ ⟦1⟧", "⟦0⟧ ⟦1⟧ ⟦2⟧", "⟦0⟧ ⟦1⟧ ⟦", "⟦0⟧ ⟦1⟧ ⟦x⟧"])
def test_a_lost_doubled_or_invented_placeholder_is_no_translation(translated: str) -> None:
    assert restore(translated, mask("from 5 € to 6 €")) is None


def test_items_may_move() -> None:
    assert restore("⟦1⟧ und ⟦ 0 ⟧", mask("5 € and 6 €")) == "6 € und 5 €"


def test_a_line_of_items_alone_or_with_too_many_is_not_for_the_model() -> None:
    assert not is_for_the_model(mask("🎉 99 €"))
    assert not is_for_the_model(mask("a " + " ".join(str(n) for n in range(len(SYMBOLS) + 1))))
    assert is_for_the_model(mask("only 5 left"))


@given(st.text(max_size=120))
def test_any_line_comes_back_as_it_was(text: str) -> None:
    masked = mask(text)
    restored = restore(masked.text, masked)
    if len(masked.items) <= len(SYMBOLS):
        assert restored == text.replace("⟦", "[").replace("⟧", "]")
