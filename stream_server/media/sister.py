"""A show's source that is a sister: another media process has the publisher and pipes its packets here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stream_server.ids import ShowId
from stream_server.media.layer_choice import LayerRate
from stream_server.media.rtp import CLOCK_RATES, Kind
from stream_server.media.trunk_wire import Announcement, Farewell, Interest, KeyframeWish, Standing

WISH_INTERVAL_S = 0.05
"""However many viewers ask here, the sister hears it this often at most; it asks the publisher twice a second."""
INTEREST_INTERVAL_S = 1.0

Word = Interest | Farewell | KeyframeWish


class SisterSource:
    """What this process knows of the source, and what it says to the process that has it."""

    def __init__(
        self, process: int, announcement: Announcement, say: Callable[[Word], None], clock_s: Callable[[], float]
    ) -> None:
        self.process = process
        self.announcement = announcement
        self.show_id: ShowId = announcement.show_id
        self._say = say
        self._clock_s = clock_s
        self._standing: Standing | None = None
        self._wished: dict[int, float] = {}
        self._wishes: set[int] = set()
        self._interest: Interest | None = None
        self._told_s = float("-inf")

    def want_keyframe(self, layer: int = 0) -> None:
        """Somebody here cannot decode what it has of a layer."""
        if layer < self.announcement.layers:
            self._wishes.add(layer)
            self._pass_wishes_on(self._clock_s())

    def on_standing(self, standing: Standing) -> None:
        """The sister tells where the show stands."""
        self._standing = standing

    def sent_layers(self, now_s: float) -> list[LayerRate]:
        """The layers that come at present, the smallest picture first."""
        return list(self._standing.sent) if self._standing is not None else []

    @property
    def largest_layer(self) -> int:
        """The layer with the largest picture of those that come; 0 while nobody knows."""
        sent = self._standing.sent if self._standing is not None else ()
        return sent[-1].layer if sent else 0

    def timestamps(self, now_s: float) -> dict[Kind, int]:
        """The outgoing timestamps for now: those that viewers of the sister get in their sender reports."""
        standing = self._standing
        if standing is None:
            return {}
        passed_s = now_s - standing.now_s
        return {
            kind: (timestamp + round(passed_s * CLOCK_RATES[kind])) & 0xFFFFFFFF
            for kind, timestamp in standing.timestamps.items()
        }

    def dubs(self, now_s: float) -> dict[str, tuple[int, int]]:
        """The dubs that flow there: the number of each one's track, and its timestamp for now."""
        standing = self._standing
        if standing is None:
            return {}
        passed = round((now_s - standing.now_s) * CLOCK_RATES["audio"])
        return {name: (number, (at + passed) & 0xFFFFFFFF) for name, (number, at) in standing.dubs.items()}

    def tick(self, now_s: float, viewers: int, best_bps: float | None, dubs: Mapping[str, int] | None = None) -> None:
        """Say what is to be said: called twenty times a second with our own audience."""
        self._pass_wishes_on(now_s)
        interest, before = Interest(self.show_id, viewers, best_bps, dict(dubs or {})), self._interest
        # A dub that somebody begins to want is asked for at once.
        is_due = (
            before is None
            or now_s - self._told_s >= INTEREST_INTERVAL_S
            or not interest.dubs.keys() <= before.dubs.keys()
        )
        if before is None or (interest != before and is_due):
            self._interest, self._told_s = interest, now_s
            self._say(interest)

    def leave(self) -> None:
        """Nobody watches here any more."""
        self._say(Farewell(self.show_id))

    def _pass_wishes_on(self, now_s: float) -> None:
        for layer in list(self._wishes):
            if now_s - self._wished.get(layer, float("-inf")) >= WISH_INTERVAL_S:
                self._wishes.discard(layer)
                self._wished[layer] = now_s
                self._say(KeyframeWish(self.show_id, layer))
