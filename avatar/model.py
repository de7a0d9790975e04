"""The words of the AI host: what it knows of a product, what it has been asked to show, what it says.

Pure and frozen. `Line` is what leaves the mind and reaches voice and stage; `Event` is what reaches it from the show;
`Cue` is what it asks of the player or of the people behind the show. Amounts are integers in the currency's minor
unit (ISO 4217). Languages are BCP 47 tags; `text_in` finds the nearest text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

LANGUAGES = ("zh", "en", "es", "ja", "ko", "fr", "de", "pt", "ar", "ru")
"""Languages that the host has words for; other tags fall back to the first part, then to English."""

Texts = Mapping[str, str]
"""Language tag → text; never holds a language without a text."""

FactKind = Literal[
    "name",
    "summary",
    "price",
    "original_price",
    "stock",
    "shipping",
    "size",
    "colour",
    "material",
    "return",
    "warranty",
    "coupon",
    "usage",
    "care",
    "weight",
    "origin",
    "safety",
    "feature",
]
"""What a fact is about; chat intents of the same name are answered from it."""

BeatKind = Literal[
    "greet",
    "present",
    "demonstrate",
    "answer",
    "recap",
    "call_to_action",
    "small_talk",
    "handover",
    "react",
]

Gesture = Literal["idle", "wave", "point_product", "count_down", "think", "celebrate", "listen", "nod"]

Demonstration = Literal["model", "try_on"]


@dataclass(frozen=True)
class Fact:
    """One checkable statement about a product, as its brand wrote it."""

    id: str
    """Unique within the catalogue, e.g. ``prod_mug/weight``; logged with everything that is said."""
    kind: FactKind
    text: Texts
    value: str | None = None
    """The bare value where there is one, language-free: ``350``, ``12900``, ``SAVE10``."""
    unit: str | None = None
    """Unit of ``value``: ``ml``, ``cm``, ``kg``, ``%``, ``USD`` (then in minor units), ``days``."""
    label: Texts = field(default_factory=dict)
    """What the brand calls it ("Glaze")."""


@dataclass(frozen=True)
class Price:
    """What is asked right now."""

    amount_minor: int
    currency: str
    original_minor: int | None = None
    """What was truly asked before (lowest of the last 30 days); None when this is not a reduction."""


@dataclass(frozen=True)
class Variant:
    """One choice of a product, e.g. a colour."""

    label: Texts
    price: Price | None = None
    stock: int | None = None
    variant_id: str | None = None


@dataclass(frozen=True)
class ProductFacts:
    """Everything that may be said about one product. Price and stock are those of the last look at the shop."""

    product_id: str
    name: Texts
    facts: tuple[Fact, ...] = ()
    price: Price | None = None
    """The lowest of the variants."""
    stock: int | None = None
    """How many can be bought right now, all variants; None when unknown."""
    variants: tuple[Variant, ...] = ()
    brand: str | None = None
    category: str | None = None

    @property
    def currency(self) -> str | None:
        """Currency of the price, None without one."""
        return self.price.currency if self.price else None


@dataclass(frozen=True)
class Offer:
    """A true advantage that may be announced while a product is on."""

    id: str
    text: Texts = field(default_factory=dict)
    """The seller's own words; goes through the guard like everything else."""
    code: str | None = None
    percent: int | None = None
    ends_at: datetime | None = None
    """With its time zone; nothing is said about it afterwards."""


@dataclass(frozen=True)
class RundownItem:
    """One product's turn."""

    product_id: str
    talking_points: tuple[Texts, ...] = ()
    seconds: float = 120.0
    offers: tuple[Offer, ...] = ()
    demonstrate: Demonstration | None = None


@dataclass(frozen=True)
class Rundown:
    """What the host has to show, in order; gone through again and again."""

    items: tuple[RundownItem, ...] = ()
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Something a viewer asked, as it is shown beside the answer."""

    id: str
    text: str
    author: str
    lang: str
    asked_at_s: float
    asked_by: int = 1
    """How many people asked the same."""


@dataclass(frozen=True)
class Beat:
    """A planned step: what kind of thing is said next, and about what."""

    kind: BeatKind
    topic: str
    """Key of the wording, e.g. ``present.price``; ``own`` for an operator's text, ``talking_point`` for a seller's."""
    product_id: str | None = None
    fact_ids: tuple[str, ...] = ()
    id: int = 0
    """Rising number; the operator's commands name it."""
    text: str | None = None
    """Text as given by the operator or the seller, instead of a wording."""
    slots: Mapping[str, str | int | float] = field(default_factory=dict)
    """What the wording needs besides the product's facts, e.g. ``count``."""
    question: Question | None = None
    cue: Cue | None = None


@dataclass(frozen=True)
class Cue:
    """What the host asks of others while it says a line."""

    kind: Literal["pin", "show_model", "show_try_on", "offer", "ticket", "call_human", "hand_back"]
    product_id: str | None = None
    note: str = ""
    """``ticket`` and ``call_human``: why, for the human; ``offer``: the offer's id."""
    question: Question | None = None


@dataclass(frozen=True)
class Line:
    """One thing to say now, checked, in the words it will be said in."""

    text: str
    lang: str
    beat: BeatKind
    fact_ids: tuple[str, ...] = ()
    product_id: str | None = None
    gesture: Gesture = "idle"
    cue: Cue | None = None
    question: Question | None = None
    """The viewer's question that this answers; shown on the stage."""
    id: int = 0
    """The beat's number."""
    translations: Texts = field(default_factory=dict)
    """The same line in further languages of the show, for captions and second voices."""
    pause_after_s: float = 0.4
    is_operators: bool = False
    """In the operator's own words; nobody but the operator cuts it short."""


# ---- what happens in the show


@dataclass(frozen=True)
class ViewersArrived:
    """A wave of new viewers."""

    count: int


@dataclass(frozen=True)
class ProductPinned:
    """Somebody else put a product on the screen."""

    product_id: str


@dataclass(frozen=True)
class StockLow:
    """Few are left, truly."""

    product_id: str
    left: int


@dataclass(frozen=True)
class OrderMilestone:
    """The show's orders reached a round number."""

    orders: int


@dataclass(frozen=True)
class PollEnded:
    """Viewers have voted."""

    winner: Texts
    percent: int
    votes: int


@dataclass(frozen=True)
class ChatAsked:
    """A line of chat; most are no questions."""

    message_id: str
    author: str
    text: str


Mood = Literal["delighted", "calm", "confused", "price_sensitive", "upset"]


@dataclass(frozen=True)
class MoodChanged:
    """The room feels different than a minute ago."""

    mood: Mood


@dataclass(frozen=True)
class HumanLeft:
    """The human host is gone; the AI host takes over."""


@dataclass(frozen=True)
class HumanReturned:
    """The human host is back; the AI host says so and hands back."""


Event = (
    ViewersArrived
    | ProductPinned
    | StockLow
    | OrderMilestone
    | PollEnded
    | ChatAsked
    | MoodChanged
    | HumanLeft
    | HumanReturned
)


def language_of(tag: str) -> str:
    """The first part of a tag, lower case: ``zh`` of ``zh-CN``; not checked against `LANGUAGES`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def text_in(texts: Texts, lang: str) -> tuple[str, str] | None:
    """The text nearest to ``lang`` and its language: the same tag, the same language, English, any; None when empty."""
    if lang in texts:
        return texts[lang], language_of(lang)
    wanted = language_of(lang)
    for language in (wanted, "en"):
        for tag, text in texts.items():
            if language_of(tag) == language:
                return text, language
    for tag, text in texts.items():
        return text, language_of(tag)
    return None
