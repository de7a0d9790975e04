"""Chat lines are told apart, and what is no language is not called one."""

import pytest

from avatar.translation.identify import identify


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("how much is the red one?", "en"),
        ("cuanto cuesta el envio", "es"),
        ("¿hay?", "es"),
        ("combien ça coûte svp", "fr"),
        ("wie viel kostet das", "de"),
        ("quanto custa o frete", "pt"),
        ("多少钱", "zh"),
        ("多少錢 iPhone 15", "zh"),
        ("いくらですか", "ja"),
        ("送料無料", "ja"),
        ("이거 얼마예요?", "ko"),
        ("сколько стоит", "ru"),
        ("بكم هذا", "ar"),
        ("@ana 😍 i love it!!! $19.99", "en"),
        ("soooo beautifulllll", "en"),
    ],
)
def test_languages_of_chat_lines(line: str, language: str) -> None:
    assert identify(line).language == language


@pytest.mark.parametrize(
    "line", ["", "😍🔥", "$19.99", "@ana", "hahaha", "jajaja", "ok", "XL", "www.a.com", "⟦0⟧", "!!!"]
)
def test_lines_without_a_language(line: str) -> None:
    assert identify(line).language == "und"


def test_transliteration_is_no_language_that_can_be_translated() -> None:
    assert identify("zhe ge duo shao qian").language == "und"


def test_the_readers_language_decides_what_is_too_close_to_call() -> None:
    assert identify("大丈夫", "ja").language == "ja"
    assert identify("大小", "zh").language == "zh"
    assert identify("no", "es").language == "es"
    assert identify("how much is the red one", "es").language == "en"


def test_confidence_is_a_share() -> None:
    assert 0 < identify("me").confidence <= 1
    assert identify("where can I buy the blue lamp").confidence > 0.95
