"""Make an answer out of facts: every word is either the phrasebook's or the brand's or the shop's of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from avatar.answers.chat_text import spoken_name
from avatar.answers.retrieval import ENOUGH, FactIndex
from avatar.answers.understanding import Understood
from avatar.live_facts import live_facts, offer_fact, price_differs
from avatar.model import Fact, Gesture, Offer, ProductFacts, Texts, language_of, text_in
from avatar.wording.phrasebook import Phrasebook, load_phrasebook
from avatar.wording.variation import Variation

MAX_FACTS = 2
"""More in one breath nobody remembers."""

Outcome = Literal["answered", "unknown", "out_of_scope", "human"]
"""``unknown`` and ``human`` need a ticket for the people behind the show."""


@dataclass(frozen=True)
class Answer:
    """What to say to a question, and what it rests on."""

    text: str
    lang: str
    outcome: Outcome
    key: str
    """The wording that was used."""
    facts: tuple[Fact, ...] = ()
    product_id: str | None = None
    gesture: Gesture = "nod"
    translations: Texts = field(default_factory=dict)
    """The same answer in further languages, from the same wording and facts."""

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """For the log."""
        return tuple(fact.id for fact in self.facts)


def told_in(fact: Fact, book: Phrasebook) -> str | None:
    """The fact in the book's language: the brand's own words, else number and unit; None when there is neither."""
    near = text_in(fact.text, book.lang)
    if near is not None and near[1] == book.lang:
        return near[0]
    return book.measures.quantity(fact.value, fact.unit) if fact.value is not None and fact.unit else None


def label_in(fact: Fact, book: Phrasebook) -> str | None:
    """What the brand calls the fact in the book's language."""
    near = text_in(fact.label, book.lang)
    return near[0] if near is not None and near[1] == book.lang else None


class Answerer:
    """Answers questions about products. Holds no product: what counts is handed in with each question."""

    def __init__(self, variation: Variation) -> None:
        self._variation = variation

    def answer(
        self,
        asked: Understood,
        product: ProductFacts | None,
        *,
        offers: Sequence[Offer] = (),
        author: str = "",
    ) -> Answer | None:
        """An answer in the question's language, None for a line that wants none.

        Args:
            asked: The line as understood.
            product: The named product or the one on screen, with price and stock of this moment; None when there
                is nothing on screen.
            offers: Those that hold now.
            author: Said only where greeting, and only when it is a name.
        """
        book = load_phrasebook(asked.lang)
        match asked.intent:
            case "none":
                return None
            case "greeting":
                name = spoken_name(author)
                if name is None:
                    return self._said(book, "answer.greeting_bare", "answered", gesture="wave")
                return self._said(book, "answer.greeting", "answered", gesture="wave", name=name)
            case "thanks":
                return self._said(book, "answer.thanks", "answered")
            case "human":
                return self._said(book, "answer.human", "human")
            case "coupon":
                return self._coupon(book, offers)
        if product is None:
            return self._said(book, "answer.out_of_scope", "out_of_scope", gesture="think")
        match asked.intent:
            case "price":
                return self._price(book, product)
            case "stock":
                return self._stock(book, product)
            case "colour":
                return self._colour(book, product, asked)
            case "link":
                return self._about(book, "answer.link", product)
        return self._from_facts(book, product, asked)

    def in_language(
        self,
        answer: Answer,
        lang: str,
        asked: Understood,
        product: ProductFacts | None,
        *,
        offers: Sequence[Offer] = (),
        author: str = "",
    ) -> Answer | None:
        """An answer that was made of the same arguments, in the words of ``lang``; None where those facts have none."""
        if answer.outcome == "unknown":
            return self.unknown(lang, product)
        other = self.answer(replace(asked, lang=lang), product, offers=offers, author=author)
        is_same = other is not None and (other.key, other.fact_ids) == (answer.key, answer.fact_ids)
        return other if is_same else None

    def unknown(self, lang: str, product: ProductFacts | None) -> Answer:
        """The honest way out: the team is asked."""
        book = load_phrasebook(lang)
        if product is None:
            return self._said(book, "answer.human", "unknown", gesture="think")
        return self._about(book, "answer.unknown", product, outcome="unknown", gesture="think")

    def _price(self, book: Phrasebook, product: ProductFacts) -> Answer:
        price = product.price
        if price is None:
            return self.unknown(book.lang, product)
        facts = {fact.id.removeprefix(f"{product.product_id}/"): fact for fact in live_facts(product)}
        said = book.measures.price(price)
        if price_differs(product):
            return self._about(book, "answer.price_from", product, (facts["price"],), price=said)
        if price.original_minor is None:
            return self._about(book, "answer.price", product, (facts["price"],), price=said)
        was = book.measures.money(price.original_minor, price.currency)
        used = (facts["price"], facts["original_price"])
        return self._about(book, "answer.price_reduced", product, used, price=said, was=was)

    def _stock(self, book: Phrasebook, product: ProductFacts) -> Answer:
        if product.stock is None:
            return self.unknown(book.lang, product)
        used = tuple(fact for fact in live_facts(product) if fact.kind == "stock")
        if product.stock == 0:
            return self._about(book, "answer.sold_out", product, used)
        return self._about(book, "answer.stock", product, used, left=book.measures.count(product.stock))

    def _colour(self, book: Phrasebook, product: ProductFacts, asked: Understood) -> Answer:
        used = tuple(fact for fact in live_facts(product) if fact.kind == "colour")
        if not used:
            return self._from_facts(book, product, asked)
        names = [near[0] for fact in used if (near := text_in(fact.text, book.lang)) is not None]
        return self._about(book, "answer.colour", product, used, colours=book.measures.any_of(names))

    def _coupon(self, book: Phrasebook, offers: Sequence[Offer]) -> Answer:
        offer = next((offer for offer in offers if offer.code), None)
        if offer is None or offer.code is None:
            return self._said(book, "answer.no_coupon", "answered")
        return self._said(book, "answer.coupon", "answered", (offer_fact(offer),), code=offer.code)

    def _from_facts(self, book: Phrasebook, product: ProductFacts, asked: Understood) -> Answer:
        ranked = FactIndex(product.facts).ranked(asked.search)
        close = [fact for score, fact in ranked if score >= ENOUGH]
        if asked.intent in ("feature", "out_of_scope"):
            chosen = close[:1]
        else:
            of_kind = [fact for fact in product.facts if fact.kind == asked.intent]
            order = {fact.id: place for place, (_, fact) in enumerate(ranked)}
            of_kind.sort(key=lambda fact: order.get(fact.id, len(order)))
            best = close[0] if close else None
            # The words of the question may lead to one fact of the kind: then the others are beside the point.
            chosen = [best] if best in of_kind and best is not None else of_kind[:MAX_FACTS] or close[:1]
        if not chosen:
            if asked.intent == "out_of_scope":
                return self._said(book, "answer.out_of_scope", "out_of_scope", gesture="think")
            return self.unknown(book.lang, product)
        return self._tell(book, product, chosen)

    def _tell(self, book: Phrasebook, product: ProductFacts, facts: Sequence[Fact]) -> Answer:
        sentences: list[str] = []
        key = ""
        for fact in facts:
            text, label = told_in(fact, book), label_in(fact, book)
            if text is None:
                # No words in this language: the maker's own are quoted rather than guessed at.
                near = text_in(fact.text, "en")
                key, slots = "answer.elsewhere", {"fact": near[0] if near else ""}
            elif label is not None:
                key, slots = "answer.labelled", {"product": _name(product, book), "label": label, "fact": text}
            else:
                key, slots = "answer.fact", {"product": _name(product, book), "fact": text}
            sentences.append(self._sentence(book, key, **slots))
        joint = "" if book.lang in ("zh", "ja") else " "
        text = joint.join(sentences)
        return Answer(text, book.lang, "answered", key, tuple(facts), product.product_id, "point_product")

    def _about(
        self,
        book: Phrasebook,
        key: str,
        product: ProductFacts,
        facts: tuple[Fact, ...] = (),
        *,
        outcome: Outcome = "answered",
        gesture: Gesture = "point_product",
        **slots: str,
    ) -> Answer:
        text = self._sentence(book, key, product=_name(product, book), **slots)
        return Answer(text, book.lang, outcome, key, facts, product.product_id, gesture)

    def _said(
        self,
        book: Phrasebook,
        key: str,
        outcome: Outcome,
        facts: tuple[Fact, ...] = (),
        *,
        gesture: Gesture = "nod",
        **slots: str,
    ) -> Answer:
        return Answer(self._sentence(book, key, **slots), book.lang, outcome, key, facts, None, gesture)

    def _sentence(self, book: Phrasebook, key: str, **slots: str) -> str:
        return book.say(key, self._variation.next(f"{book.lang}:{key}", len(book.variants(key))), **slots)


def _name(product: ProductFacts, book: Phrasebook) -> str:
    near = text_in(product.name, language_of(book.lang))
    return near[0] if near else product.product_id
