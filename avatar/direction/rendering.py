"""Put a beat into words at the moment it is spoken, with price and stock of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from avatar.answers.answering import label_in, told_in
from avatar.direction.schedule import part_of_day
from avatar.live_facts import live_facts, offer_fact, price_differs
from avatar.model import Beat, Fact, Gesture, Offer, ProductFacts, RundownItem, Texts, text_in
from avatar.wording.phrasebook import Phrasebook
from avatar.wording.variation import Chooser

LOW_STOCK = 5
"""From here down the number left is worth a word of its own."""

_GESTURES: dict[str, Gesture] = {
    "greet": "wave",
    "present": "point_product",
    "demonstrate": "point_product",
    "answer": "nod",
    "recap": "count_down",
    "call_to_action": "point_product",
    "small_talk": "idle",
    "handover": "wave",
    "react": "nod",
}


@dataclass(frozen=True)
class Moment:
    """What a beat is put into words with."""

    local: datetime
    """In the show's time zone."""
    product: ProductFacts | None
    """The beat's product with price, stock and variants of now."""
    item: RundownItem | None = None
    shown: Sequence[ProductFacts] = ()
    """Products of this round so far, for the recap."""


@dataclass(frozen=True)
class Worded:
    """A beat in words, with the facts that it rests on."""

    text: str
    facts: tuple[Fact, ...]
    gesture: Gesture


def offers_now(offers: Sequence[Offer], now: datetime) -> list[Offer]:
    """Those that have not ended."""
    return [offer for offer in offers if offer.ends_at is None or now < offer.ends_at]


def worded(beat: Beat, moment: Moment, book: Phrasebook, variation: Chooser) -> Worded | None:
    """The beat in the book's language; None when there is nothing true to say for it right now."""
    gesture = _GESTURES[beat.kind]
    if beat.text is not None:
        return Worded(beat.text, (), gesture)
    if beat.topic == "talking_point":
        return _talking_point(beat, moment, book, gesture)
    made = _slots(beat, moment, book)
    if made is None:
        return None
    key, slots, facts = made
    variant = variation.next(f"{book.lang}:{key}", len(book.variants(key)))
    if beat.topic in ("react.milestone", "react.delighted"):
        gesture = "celebrate"
    return Worded(book.say(key, variant, **slots), facts, gesture)


def _talking_point(beat: Beat, moment: Moment, book: Phrasebook, gesture: Gesture) -> Worded | None:
    index = beat.slots.get("point", 0)
    if moment.item is None or not isinstance(index, int) or index >= len(moment.item.talking_points):
        return None
    near = _own_words(moment.item.talking_points[index], book)
    # The seller's words rest on all the facts of the product: the guard compares.
    return None if near is None else Worded(near, tuple(all_facts(moment.product)), gesture)


def _own_words(texts: Texts, book: Phrasebook) -> str | None:
    near = text_in(texts, book.lang)
    return near[0] if near is not None and near[1] == book.lang else None


def all_facts(product: ProductFacts | None) -> list[Fact]:
    """What may be said of a product: its brand's facts and those of the moment."""
    return [] if product is None else [*product.facts, *live_facts(product)]


_Made = tuple[str, dict[str, str], tuple[Fact, ...]] | None


def _slots(beat: Beat, moment: Moment, book: Phrasebook) -> _Made:
    """Key, slots and facts of a beat."""
    topic, product = beat.topic, moment.product
    wanted = book.slots(topic) if topic in book.keys else frozenset()
    if wanted <= {"hello", "time"}:
        at = Fact("show/time", "feature", {book.lang: book.measures.time(moment.local)})
        hello = book.say(f"hello.{part_of_day(moment.local)}")
        slots = {"hello": hello, "time": book.measures.time(moment.local)}
        if topic in book.keys:
            return topic, slots, (at,) if "time" in wanted else ()
    if topic == "recap.show":
        names = [_name(product, book) for product in moment.shown[-4:]]
        return (topic, {"products": book.measures.all_of(names)}, ()) if len(names) > 1 else None
    if topic.startswith("react.") and not product:
        slots = {name: _shown(name, value, book) for name, value in beat.slots.items()}
        said = Fact("show/event", "feature", {book.lang: " ".join(slots.values())})
        return (topic, slots, (said,)) if wanted <= slots.keys() else None
    return None if product is None else _about(beat, product, moment, book)


def _shown(name: str, value: str | int | float, book: Phrasebook) -> str:
    if isinstance(value, str):
        return value
    return book.measures.percent(int(value)) if name == "percent" else book.measures.count(value)


def _name(product: ProductFacts, book: Phrasebook) -> str:
    near = text_in(product.name, book.lang)
    return near[0] if near else product.product_id


def _about(beat: Beat, product: ProductFacts, moment: Moment, book: Phrasebook) -> _Made:
    facts = {fact.id.removeprefix(f"{product.product_id}/"): fact for fact in all_facts(product)}
    name = {"product": _name(product, book)}
    match beat.topic:
        case "present.open_brand":
            return beat.topic, {**name, "brand": product.brand or name["product"]}, ()
        case "present.fact":
            return _fact(beat, product, book)
        case "present.price" | "recap.product":
            return _price(beat.topic, product, name, facts, book)
        case "present.stock" | "react.low_stock" | "call_to_action.low":
            if product.stock is None or product.stock == 0:
                return None
            return beat.topic, {**name, "left": book.measures.count(product.stock)}, (facts["stock"],)
        case "present.colours":
            used = [fact for fact in facts.values() if fact.kind == "colour"]
            names = [near[0] for fact in used if (near := text_in(fact.text, book.lang)) is not None]
            return (beat.topic, {"colours": book.measures.any_of(names)}, tuple(used)) if len(names) > 1 else None
        case "present.offer":
            return _offer(beat, moment, book)
        case "call_to_action.buy":
            if product.stock == 0:
                return None
            if product.stock is not None and product.stock <= LOW_STOCK:
                slots = {**name, "left": book.measures.count(product.stock)}
                return "call_to_action.low", slots, (facts["stock"],)
            return beat.topic, name, ()
    return (beat.topic, name, ()) if book.slots(beat.topic) <= {"product"} else None


def _fact(beat: Beat, product: ProductFacts, book: Phrasebook) -> _Made:
    fact = next((fact for fact in product.facts if fact.id in beat.fact_ids), None)
    text = told_in(fact, book) if fact is not None else None
    if fact is None or text is None:
        return None
    label = label_in(fact, book)
    if label is None:
        return "present.fact_bare", {"fact": text}, (fact,)
    return "present.fact", {"label": label, "fact": text}, (fact,)


def _price(topic: str, product: ProductFacts, name: dict[str, str], facts: dict[str, Fact], book: Phrasebook) -> _Made:
    price = product.price
    if price is None:
        return ("recap.product_bare", name, ()) if topic == "recap.product" else None
    slots = {**name, "price": book.measures.price(price)}
    if topic == "recap.product" and not price_differs(product):
        return topic, slots, (facts["price"],)
    if price_differs(product):
        # "From": the dearer versions have their own price on the card.
        return "present.price_from", slots, (facts["price"],)
    if price.original_minor is not None:
        slots["was"] = book.measures.money(price.original_minor, price.currency)
        return "present.price_reduced", slots, (facts["price"], facts["original_price"])
    return "present.price", slots, (facts["price"],)


def _offer(beat: Beat, moment: Moment, book: Phrasebook) -> _Made:
    index = beat.slots.get("offer", 0)
    if moment.item is None or not isinstance(index, int) or index >= len(moment.item.offers):
        return None
    offer = moment.item.offers[index]
    if not offers_now([offer], moment.local):
        return None
    fact = (offer_fact(offer),)
    if offer.code and offer.percent is not None:
        return "present.offer_code", {"code": offer.code, "percent": book.measures.percent(offer.percent)}, fact
    if offer.code:
        return "present.offer_code_bare", {"code": offer.code}, fact
    own = _own_words(offer.text, book)
    return None if own is None else ("present.offer_own", {"offer": own.rstrip(" .。!！")}, fact)
