"""Questions that wait for their answer: the same one by many is one, the weightiest comes first, old ones go."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from math import log2
from typing import Literal

from avatar.answers.chat_text import clean, fold, letters, shown
from avatar.answers.understanding import Intent, Understood
from avatar.model import Question

MAX_WAITING = 40
MAX_PER_AUTHOR = 3
MAX_COUNTED_AUTHORS = 500
MAX_AGE_S = 180.0
"""An answer after three minutes confuses more than it helps."""
REPEAT_AFTER_S = 40.0
"""The same question is not answered again within this time."""
_KEPT_ANSWERED = 200

_WEIGHTS: dict[Intent, float] = {
    "human": 4.0,
    "price": 3.0,
    "stock": 3.0,
    "link": 3.0,
    "shipping": 2.5,
    "return": 2.5,
    "size": 2.5,
    "colour": 2.0,
    "coupon": 2.0,
    "out_of_scope": 0.3,
    "thanks": 0.1,
    "greeting": 0.2,
}

Reception = Literal["queued", "grouped", "just_answered", "author_limit", "full", "no_question"]


@dataclass
class Waiting:
    """One question by one or many."""

    asked: Understood
    product_id: str | None
    id: str
    author: str
    asked_at_s: float
    authors: set[str] = field(default_factory=set)

    def question(self) -> Question:
        """As it is shown beside the answer: the first asker's words."""
        text = shown(self.asked.text)
        return Question(self.id, text, self.author, self.asked.lang, self.asked_at_s, max(1, len(self.authors)))

    def priority(self, at_s: float) -> float:
        """Weight of the intent, how many ask, how long they have waited."""
        many = 1.5 * log2(max(1, len(self.authors)))
        return _WEIGHTS.get(self.asked.intent, 1.5) + many + (at_s - self.asked_at_s) / 60


class QuestionQueue:
    """Bounded: when full, the least important gives way. Not for several tasks at once."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str, ...], Waiting] = OrderedDict()
        self._answered: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self.dropped = 0
        """Questions that went unanswered because there were too many or they were too old."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, asked: Understood, product_id: str | None, message_id: str, author: str, at_s: float) -> Reception:
        """Take a question in. ``product_id``: what it is about, named or on screen."""
        if asked.intent == "none":
            return "no_question"
        self._forget_old(at_s)
        author = clean(author)[:80]
        key = _key(asked, product_id)
        if key in self._answered and at_s - self._answered[key] < REPEAT_AFTER_S:
            return "just_answered"
        if key in self._waiting:
            authors = self._waiting[key].authors
            if len(authors) < MAX_COUNTED_AUTHORS:
                authors.add(author)
            return "grouped"
        if sum(author in waiting.authors for waiting in self._waiting.values()) >= MAX_PER_AUTHOR:
            return "author_limit"
        new = Waiting(asked, product_id, message_id, author, at_s, {author})
        if len(self._waiting) >= MAX_WAITING:
            least = min(self._waiting, key=lambda waiting: self._waiting[waiting].priority(at_s))
            self.dropped += 1
            if self._waiting[least].priority(at_s) >= new.priority(at_s):
                return "full"
            del self._waiting[least]
        self._waiting[key] = new
        return "queued"

    def take(self, at_s: float) -> Waiting | None:
        """The most important question, which then counts as answered; None when nobody waits."""
        self._forget_old(at_s)
        if not self._waiting:
            return None
        key = max(self._waiting, key=lambda waiting: self._waiting[waiting].priority(at_s))
        self._answered[key] = at_s
        self._answered.move_to_end(key)
        if len(self._answered) > _KEPT_ANSWERED:
            self._answered.popitem(last=False)
        return self._waiting.pop(key)

    def waiting(self, at_s: float) -> list[Waiting]:
        """All that wait, the most important first."""
        return sorted(self._waiting.values(), key=lambda waiting: -waiting.priority(at_s))

    def remove(self, question_id: str) -> bool:
        """The operator or a moderator takes a question out; False when it is not there (any more)."""
        for key, waiting in self._waiting.items():
            if waiting.id == question_id:
                del self._waiting[key]
                return True
        return False

    def _forget_old(self, at_s: float) -> None:
        for key in [key for key, waiting in self._waiting.items() if at_s - waiting.asked_at_s > MAX_AGE_S]:
            del self._waiting[key]
            self.dropped += 1


def _key(asked: Understood, product_id: str | None) -> tuple[str, ...]:
    """What makes two questions the same."""
    if asked.intent in ("greeting", "thanks", "human", "coupon"):
        return (asked.lang, asked.intent)
    if asked.intent in ("feature", "out_of_scope"):
        return (asked.lang, asked.intent, product_id or "", letters(fold(asked.search)))
    if asked.intent in ("price", "stock", "colour", "link", "shipping", "return", "warranty", "origin", "weight"):
        return (asked.lang, asked.intent, product_id or "")
    # What is wanted of size, material, use and care depends on the words.
    return (asked.lang, asked.intent, product_id or "", letters(fold(asked.search)))
