"""Questions wait in order of weight, once each, and not for ever."""

from __future__ import annotations

from dataclasses import replace

from avatar.answers.products import ProductIndex
from avatar.answers.queue import MAX_AGE_S, MAX_PER_AUTHOR, MAX_WAITING, REPEAT_AFTER_S, QuestionQueue, Reception
from avatar.answers.understanding import understand
from tests.unit.avatar.catalogue import products

INDEX = ProductIndex(products().values())


def put(queue: QuestionQueue, text: str, author: str = "ana", at_s: float = 0.0, number: int = 0) -> Reception:
    return queue.put(understand(text, INDEX, "en"), "mug", f"m{number}", author, at_s)


def test_the_same_question_by_many_is_one_with_a_count() -> None:
    queue = QuestionQueue()
    assert put(queue, "how much is it?", "ana") == "queued"
    assert put(queue, "price??", "bo") == "grouped"
    assert put(queue, "what does it cost", "cy") == "grouped"
    assert put(queue, "price", "cy") == "grouped"
    waiting = queue.take(1.0)
    assert waiting is not None
    assert waiting.question().asked_by == 3
    assert waiting.question().text == "how much is it?"


def test_what_many_ask_comes_before_what_one_asks() -> None:
    queue = QuestionQueue()
    put(queue, "how much is it?", "zoe")
    for number in range(10):
        put(queue, "is it dishwasher safe?", f"viewer{number}")
    first = queue.take(1.0)
    assert first is not None
    assert first.asked.intent == "care"


def test_an_answered_question_is_not_answered_again_at_once() -> None:
    queue = QuestionQueue()
    put(queue, "how much is it?")
    queue.take(0.0)
    assert put(queue, "how much is it?", "bo", REPEAT_AFTER_S - 1) == "just_answered"
    assert put(queue, "how much is it?", "bo", REPEAT_AFTER_S + 1) == "queued"


def test_nobody_fills_the_queue_alone() -> None:
    queue = QuestionQueue()
    asked = understand("how big is it?", INDEX, "en")
    receptions = [queue.put(replace(asked, search=f"{n}"), "mug", str(n), "ana", 0.0) for n in range(10)]
    assert receptions.count("queued") == MAX_PER_AUTHOR
    assert set(receptions[MAX_PER_AUTHOR:]) == {"author_limit"}


def test_a_full_queue_drops_the_least_important() -> None:
    queue = QuestionQueue()
    asked = understand("who won the football?", INDEX, "en")
    for n in range(MAX_WAITING):
        queue.put(replace(asked, search=f"{n}"), None, str(n), f"v{n}", 0.0)
    assert put(queue, "how much is it?", "ana", 0.0) == "queued"
    assert len(queue) == MAX_WAITING
    assert queue.dropped == 1
    assert queue.put(replace(asked, search="more"), None, "x", "late", 0.0) == "full"
    first = queue.take(0.0)
    assert first is not None
    assert first.asked.intent == "price"


def test_old_questions_go() -> None:
    queue = QuestionQueue()
    put(queue, "how much is it?")
    assert queue.take(MAX_AGE_S + 1) is None
    assert queue.dropped == 1


def test_comments_do_not_wait() -> None:
    queue = QuestionQueue()
    assert put(queue, "lol") == "no_question"
    assert queue.take(0.0) is None


def test_the_operator_takes_a_question_out() -> None:
    queue = QuestionQueue()
    put(queue, "how much is it?", number=7)
    assert [waiting.id for waiting in queue.waiting(0.0)] == ["m7"]
    assert queue.remove("m7")
    assert not queue.remove("m7")
