"""The course of a show: beat after beat through the rundown, round after round, never twice the same.

A beat only says what comes; words, prices and stock are found when it is spoken. Time is kept by the clock, not by
counting: an item ends when its seconds are over, however many questions came in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from random import Random

from avatar.model import Beat, Cue, Fact, ProductFacts, Rundown, RundownItem
from avatar.wording.variation import Variation

_TOLD: frozenset[str] = frozenset(
    {"summary", "size", "material", "warranty", "usage", "care", "weight", "origin", "safety", "feature"}
)
"""Kinds that are presented one by one; delivery and returns come once an item, price and stock from the shop."""

_CLOSING_S = 14.0
"""Left for recap and call to action."""


class Planner:
    """Goes through one rundown for ever. The same seed gives the same course."""

    def __init__(self, rundown: Rundown, products: Mapping[str, ProductFacts], seed: int) -> None:
        self._rundown = rundown
        self._products = products
        self._random = Random(seed)
        self._variation = Variation(seed + 1)
        self._numbers = count(1)
        self._place = -1
        self._entering: int | None = None
        """A place that is gone to next, because what was on is not in the rundown any more."""
        self._body: list[Beat] = []
        self._due: list[Beat] = []
        self._began_s = 0.0
        self._closing = False
        self._bodies = 0

    @property
    def item(self) -> RundownItem | None:
        """Whose turn it is; None with an empty rundown."""
        return self._rundown.items[self._place] if 0 <= self._place < len(self._rundown.items) else None

    def numbered(self, beat: Beat) -> Beat:
        """The beat with the next number, for beats that others make."""
        return replace(beat, id=next(self._numbers))

    def jump_to(self, product_id: str, at_s: float) -> bool:
        """Go on with a product that somebody put on the screen; False when it is not in the rundown."""
        for place, item in enumerate(self._rundown.items):
            if item.product_id == product_id:
                if place != self._place:
                    self._enter(place, at_s)
                return True
        return False

    def use(self, rundown: Rundown, products: Mapping[str, ProductFacts], on_screen: str | None) -> None:
        """Go through another rundown: on with the product it was at, else with what stood behind it.

        What was planned and not said is planned anew; so a product whose card is not up yet is opened again.
        A product whose turn is another than before (another offer, other talking points) is told anew, a new offer
        of it first.
        """
        before, self._rundown, self._products = self.item, rundown, products
        self._entering = None
        places = {item.product_id: place for place, item in enumerate(rundown.items)}
        if before is None or on_screen is None or not rundown.items:
            self._place, self._due, self._body = -1, [], []
        elif before.product_id in places and before.product_id != on_screen:
            self._entering = places[before.product_id]
        elif before.product_id in places:
            self._place = places[before.product_id]
            item = rundown.items[self._place]
            if item != before:
                known = {offer.id for offer in before.offers}
                offers = self._offers(item)
                self._due = [beat for beat, offer in zip(offers, item.offers, strict=True) if offer.id not in known]
                self._body = self._new_body(item, products.get(item.product_id))
        else:
            # What was behind it has moved up to its place.
            self._entering = self._place % len(rundown.items)

    def next(self, at_s: float) -> Beat:
        """The next beat at a moment of the monotonic clock. Never ends."""
        if not self._rundown.items:
            return self.numbered(Beat("small_talk", self._small_talk(empty=True)))
        if self._entering is not None:
            self._enter(self._entering, at_s)
        elif self._place < 0:
            self._enter(0, at_s)
            self._due.insert(0, Beat("greet", "greet.start"))
        while not self._due:
            self._plan(at_s)
        return self.numbered(self._due.pop(0))

    def _enter(self, place: int, at_s: float) -> None:
        self._place, self._began_s, self._closing, self._bodies = place, at_s, False, 0
        self._entering = None
        item = self._rundown.items[place]
        product = self._products.get(item.product_id)
        branded = product is not None and product.brand and self._variation.next("branded", 2)
        topic = "present.open_brand" if branded else "present.open"
        self._due = [self._about(item, topic, cue=Cue("pin", item.product_id))]
        self._body = self._new_body(item, product)

    def _plan(self, at_s: float) -> None:
        item = self._rundown.items[self._place]
        if self._closing:
            place = (self._place + 1) % len(self._rundown.items)
            self._enter(place, at_s)
            if place == 0:
                self._due.insert(0, Beat("greet", "greet.again"))
            return
        if at_s - self._began_s >= item.seconds - _CLOSING_S:
            self._closing = True
            self._due = [self._about(item, "recap.product", "recap"), self._call(item)]
            if self._place == len(self._rundown.items) - 1 and self._place:
                self._due.insert(1, Beat("recap", "recap.show"))
            return
        if not self._body:
            # Everything was said and time is left: breathe, talk, and tell it again in another order.
            self._bodies += 1
            self._body = [Beat("small_talk", self._small_talk()), Beat("small_talk", "small_talk.pause")]
            self._body += self._new_body(item, self._products.get(item.product_id))
        self._due = [self._body.pop(0)]

    def _new_body(self, item: RundownItem, product: ProductFacts | None) -> list[Beat]:
        points = [
            self._about(item, "talking_point", slots={"point": index}) for index in range(len(item.talking_points))
        ]
        facts = [fact for fact in product.facts if fact.kind in _TOLD] if product else []
        points += [self._told(item, fact) for fact in facts]
        self._random.shuffle(points)
        specials = [self._about(item, "present.price")]
        if item.demonstrate is not None:
            cue = Cue("show_model" if item.demonstrate == "model" else "show_try_on", item.product_id)
            specials.append(self._about(item, f"demonstrate.{item.demonstrate}", "demonstrate", cue=cue))
        specials += self._offers(item)
        if product is not None and len(product.variants) > 1:
            specials.append(self._about(item, "present.colours"))
        more = (
            [self._told(item, fact) for fact in product.facts if fact.kind in ("shipping", "return")] if product else []
        )
        more += [self._about(item, "present.stock"), Beat("call_to_action", "call_to_action.ask")]
        more.append(Beat("small_talk", self._small_talk()))
        self._random.shuffle(more)
        return _woven(points, specials + more)

    def _offers(self, item: RundownItem) -> list[Beat]:
        return [
            self._about(item, "present.offer", slots={"offer": index}, cue=Cue("offer", item.product_id, offer.id))
            for index, offer in enumerate(item.offers)
        ]

    def _told(self, item: RundownItem, fact: Fact) -> Beat:
        return replace(self._about(item, "present.fact"), fact_ids=(fact.id,))

    def _call(self, item: RundownItem) -> Beat:
        return self._about(item, "call_to_action.buy", "call_to_action")

    def _about(
        self,
        item: RundownItem,
        topic: str,
        kind: str = "present",
        *,
        slots: Mapping[str, str | int | float] | None = None,
        cue: Cue | None = None,
    ) -> Beat:
        return Beat(kind, topic, item.product_id, slots=slots or {}, cue=cue)  # type: ignore[arg-type]

    def _small_talk(self, *, empty: bool = False) -> str:
        topics: tuple[str, ...]
        if empty:
            topics = (
                "small_talk.empty",
                "small_talk.time",
                "small_talk.empty",
                "small_talk.honest",
                "small_talk.invite",
            )
        else:
            topics = ("small_talk.invite", "small_talk.honest", "small_talk.invite", "small_talk.time")
        return topics[self._variation.next(f"small_talk:{empty}", len(topics))]


def _woven(points: list[Beat], specials: list[Beat]) -> list[Beat]:
    """Two points, one special, and so on; what is left at the end."""
    woven: list[Beat] = []
    points, specials = points[:], specials[:]
    while points or specials:
        woven += points[:2]
        del points[:2]
        woven += specials[:1]
        del specials[:1]
    return woven
