"""What the host says because something happened: each kind not too often, the newest of a kind only, none too late."""

from __future__ import annotations

from dataclasses import dataclass

from avatar.model import (
    Beat,
    Cue,
    Event,
    Mood,
    MoodChanged,
    OrderMilestone,
    PollEnded,
    ProductPinned,
    StockLow,
    ViewersArrived,
    text_in,
)

MIN_WAVE = 3
"""Fewer new viewers are no wave."""
MAX_AGE_S = 45.0
_COOLDOWN_S = {
    "react.wave": 90.0,
    "react.low_stock": 60.0,
    "react.pin": 10.0,
    "react.milestone": 20.0,
    "react.poll": 5.0,
    "react.confused": 120.0,
    "react.price_sensitive": 150.0,
    "react.upset": 180.0,
    "react.delighted": 150.0,
}
_URGENCY = ("react.upset", "react.pin", "react.poll", "react.milestone", "react.low_stock")
SLOW_PACE = 0.88
_SLOW_FOR_S = 120.0


@dataclass(frozen=True)
class _Waiting:
    beats: tuple[Beat, ...]
    since_s: float


class Reactions:
    """Reactions that wait to be said; one of a kind, so it never grows beyond the kinds there are."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._last_s: dict[str, float] = {}
        self._follow_up: list[Beat] = []
        self._slow_until_s = float("-inf")

    def pace(self, now_s: float) -> float:
        """1.0, or slower for a while after the room was confused."""
        return SLOW_PACE if now_s < self._slow_until_s else 1.0

    def take(self, event: Event, now_s: float, on_screen: str | None, lang: str) -> None:
        """Take an event in; most become a reaction, unless one of the kind was said a moment ago."""
        beats = _beats(event, on_screen, lang)
        if isinstance(event, MoodChanged) and event.mood == "confused":
            self._slow_until_s = now_s + _SLOW_FOR_S
        if not beats:
            return
        topic = beats[0].topic
        if now_s - self._last_s.get(topic, float("-inf")) >= _COOLDOWN_S[topic]:
            self._waiting[topic] = _Waiting(beats, now_s)

    def due(self, now_s: float) -> Beat | None:
        """The most urgent reaction that is not too old, and what belongs after it."""
        if self._follow_up:
            return self._follow_up.pop(0)
        self._waiting = {
            topic: waiting for topic, waiting in self._waiting.items() if now_s - waiting.since_s <= MAX_AGE_S
        }
        if not self._waiting:
            return None
        topic = min(self._waiting, key=lambda t: _URGENCY.index(t) if t in _URGENCY else len(_URGENCY))
        waiting = self._waiting.pop(topic)
        self._last_s[topic] = now_s
        first, *rest = waiting.beats
        self._follow_up = rest
        return first


def _beats(event: Event, on_screen: str | None, lang: str) -> tuple[Beat, ...]:
    match event:
        case ViewersArrived(count) if count >= MIN_WAVE:
            return (Beat("react", "react.wave"),)
        case ProductPinned(product_id):
            return (Beat("react", "react.pin", product_id),)
        case StockLow(product_id):
            # The number is read from the shop when it is said, not taken from the event.
            return (Beat("react", "react.low_stock", product_id),)
        case OrderMilestone(orders):
            return (Beat("react", "react.milestone", slots={"orders": orders}),)
        case PollEnded(winner, percent):
            near = text_in(winner, lang)
            return (Beat("react", "react.poll", slots={"winner": near[0], "percent": percent}),) if near else ()
        case MoodChanged(mood):
            return _mood_beats(mood, on_screen)
    return ()


def _mood_beats(mood: Mood, on_screen: str | None) -> tuple[Beat, ...]:
    match mood:
        case "confused":
            return (Beat("react", "react.confused"),)
        case "price_sensitive" if on_screen is not None:
            return (Beat("react", "react.price_sensitive"), Beat("present", "present.price", on_screen))
        case "upset":
            return (Beat("react", "react.upset", cue=Cue("call_human", on_screen, "viewers are upset")),)
        case "delighted":
            return (Beat("react", "react.delighted"),)
    return ()
