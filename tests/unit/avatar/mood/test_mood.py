"""The room's mood is heard in ten languages, questions are no complaints, and the host hears of a change."""

from __future__ import annotations

import pytest

from avatar.mood import Room, Sounds, heard, sounds
from avatar.mood.room import MAX_KEPT

PRAISE = [
    "this is sick! 🔥🔥",
    "lol this is fire",
    "love it so much",
    "质量很好，已经回购",
    "太美了吧",
    "me encanta!!",
    "qué bonito",
    "素敵ですね",
    "너무 예뻐요",
    "j'adore",
    "wunderschön",
    "amei demais",
    "جميل جدا",
    "очень красиво",
    "😍😍😍",
    "not bad at all",
]
ANGER = [
    "this is a scam",
    "骗子，退钱",
    "客服不理人",
    "颜色不好看",
    "es una estafa",
    "no me gusta nada, horrible",
    "ひどい、詐欺だ",
    "완전 사기네요",
    "c'est une arnaque",
    "das ist Betrug",
    "que golpe, péssimo",
    "هذا احتيال",
    "это обман",
    "😡😡",
    "not nice",
]
NEUTRAL = ["多少钱", "求链接", "111", "how much is it?", "ok", "no thanks", "hola", "где ссылка", "", "...", "\u200b"]


@pytest.mark.parametrize("text", PRAISE)
def test_praise_sounds_glad(text: str) -> None:
    assert sounds(text, "en").score > 0.1


@pytest.mark.parametrize("text", ANGER)
def test_anger_sounds_angry(text: str) -> None:
    assert sounds(text, "en").score < -0.1


@pytest.mark.parametrize("text", NEUTRAL)
def test_questions_and_small_words_are_neutral(text: str) -> None:
    assert abs(sounds(text, "en", is_question="?" in text).score) <= 0.35


@pytest.mark.parametrize("text", ["没听懂", "I don't understand", "no entiendo", "zu schnell bitte", "🤔", "не понял"])
def test_confusion_is_heard(text: str) -> None:
    assert sounds(text, "en").is_confused


@pytest.mark.parametrize("text", ["太贵了", "too expensive", "muy caro", "zu teuer", "дорого"])
def test_the_price_is_minded(text: str) -> None:
    assert sounds(text, "en").minds_price


class Fixed:
    def __init__(self, score: float | None) -> None:
        self._score = score

    async def score(self, cleaned: str) -> float | None:
        return self._score


async def test_a_classifier_is_asked_first_and_may_pass() -> None:
    assert (await heard("love it", "en", classifier=Fixed(-0.9))).score == -0.9
    assert (await heard("love it", "en", classifier=Fixed(None))).score > 0
    assert (await heard("love it", "en")).score > 0


def fill(room: Room, line: Sounds, count: int, at_s: float) -> None:
    for _ in range(count):
        room.hear(line, at_s)


def test_a_quiet_room_is_calm() -> None:
    room = Room()
    fill(room, Sounds(-1.0), 2, 1.0)
    assert room.minute(10.0)[0].mood == "calm"


def test_an_angry_minute_is_noticed_once() -> None:
    room = Room()
    fill(room, Sounds(-0.9), 20, 1.0)
    assert room.minute(10.0)[1]
    mood, changed = room.minute(20.0)
    assert mood.mood == "upset"
    assert not changed


def test_a_few_angry_lines_among_many_are_not_the_room() -> None:
    room = Room()
    fill(room, Sounds(-0.9), 5, 1.0)
    fill(room, Sounds(0.0), 200, 1.0)
    assert room.minute(10.0)[0].mood == "calm"


@pytest.mark.parametrize(
    ("line", "mood"),
    [(Sounds(0.0, True), "confused"), (Sounds(0.0, False, True), "price_sensitive"), (Sounds(0.9), "delighted")],
)
def test_what_the_room_asks_for(line: Sounds, mood: str) -> None:
    room = Room()
    fill(room, line, 10, 1.0)
    measured, changed = room.minute(10.0)
    assert changed
    assert measured.mood == mood


def test_old_lines_are_forgotten_and_floods_bounded() -> None:
    room = Room()
    fill(room, Sounds(0.9), MAX_KEPT * 2, 1.0)
    assert room.minute(2.0)[0].lines == MAX_KEPT
    assert room.minute(100.0)[0].lines == 0
