"""What strangers hide in lines is taken out, and what they mean stays."""

import pytest

from avatar.translation.cleaning import calm, clean


@pytest.mark.parametrize(
    ("line", "cleaned"),
    [
        ("  two\tlines\nhere ", "two lines here"),
        ("pri\u200bce \u202e99.91$\u202c", "price 99.91$"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("cafe\u0301", "café"),
        ("family 👩‍👩‍👧 ok ❤️", "family 👩‍👩‍👧 ok ❤️"),
        ("a\u200db", "ab"),
        ("bell\x07 \ud800x", "bell x"),
        ("1 299,50 €", "1 299,50 €"),
    ],
)
def test_hidden_characters_go_and_emoji_stay_whole(line: str, cleaned: str) -> None:
    assert " ".join(clean(line).split(" ")) == cleaned or clean(line).split() == cleaned.split()


@pytest.mark.parametrize(
    ("masked", "calmed"),
    [
        ("noooooo way!!!!!!", "noo way!!!"),
        ("it’s “good”", 'it\'s "good"'),
        ("buy now " * 20 + "ok", "buy now " * 3 + "ok"),
        ("go " * 50, "go go go"),
        ("⟦0⟧ ⟦1⟧ ⟦2⟧ ⟦3⟧ ⟦4⟧ ⟦5⟧ ⟦6⟧", "⟦0⟧ ⟦1⟧ ⟦2⟧ ⟦3⟧ ⟦4⟧ ⟦5⟧ ⟦6⟧"),
        ("very very good", "very very good"),
        ("哈哈哈哈哈哈", "哈哈"),
    ],
)
def test_repetition_is_cut_but_never_a_placeholder(masked: str, calmed: str) -> None:
    assert calm(masked).strip() == calmed
