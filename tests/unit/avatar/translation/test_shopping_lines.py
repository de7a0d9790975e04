"""The grammar's lines correspond in their languages, and a seed names a corpus."""

import itertools

from avatar.translation.masking import mask
from avatar.translation.training.corpus import Pair, held_out, masked_pair, split, words
from avatar.translation.training.shopping_lines import ShoppingGrammar


def test_every_pattern_fills_its_slots_in_three_languages() -> None:
    grammar = ShoppingGrammar(1)
    for pattern, _ in itertools.product(grammar.patterns, range(3)):
        for text in grammar.expand(pattern):
            assert text.strip()
            assert not set("{}|") & set(text), text


def test_prices_sizes_and_names_are_the_same_in_all_three() -> None:
    grammar = ShoppingGrammar(2)
    for _ in range(500):
        english, spanish, chinese = (sorted(mask(text).items) for text in grammar.draw())
        assert english == spanish == chinese


def test_spanish_agrees_with_the_noun() -> None:
    grammar = ShoppingGrammar(3)
    pattern = ("The {item} is sold out.", "{El} está {agotado}.", "{item}卖完了。")
    said = {grammar.expand(pattern)[1] for _ in range(400)}
    assert "La taza está agotada." in said
    assert "El bolso está agotado." in said


def test_the_same_seed_draws_the_same_lines() -> None:
    one, two = ShoppingGrammar(4), ShoppingGrammar(4)
    assert [one.draw() for _ in range(50)] == [two.draw() for _ in range(50)]


def test_no_training_sentence_is_a_near_duplicate_of_a_test_sentence() -> None:
    pairs = [
        Pair(f"Sentence number {n} about {'tea' if n % 2 else 'coffee'} and cups", f"t{n}", "es") for n in range(3000)
    ]
    train, test = split(pairs)
    assert 700 < len(test) < 1300
    tested = [words(pair.en) for pair in test]
    for pair in train[:50]:
        bag = words(pair.en)
        assert all(len(bag & other) / len(bag | other) < 0.75 for other in tested)
    assert held_out(test[0].en, 1000 / 3000)


def test_both_sides_carry_the_same_placeholders() -> None:
    assert masked_pair("2 for 5 €", "5 € por 2") == ("⟦0⟧ for ⟦1⟧", "⟦1⟧ por ⟦0⟧")
    assert masked_pair("two for 5 €", "2 por 5 €") is None
