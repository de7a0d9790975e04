"""The operator's hand on the show: pause, hand over, say this, change that. Commands count from the next line on."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Literal

from avatar.errors import UnknownBeat
from avatar.model import Beat, BeatKind, Cue, Question

MAX_WAITING = 20
_KEPT_EDITS = 50

Floor = Literal["host", "leaving", "human", "arriving"]
"""Who speaks; ``leaving`` and ``arriving`` are the sentences in between."""


class Operator:
    """What the operator has decided and the director has not carried out yet."""

    def __init__(self) -> None:
        self._said: deque[tuple[Beat, bool]] = deque(maxlen=MAX_WAITING)
        self._edits: OrderedDict[int, str] = OrderedDict()
        self._insisted: set[int] = set()
        self._floor: Floor = "host"
        self._paused = False
        self.interruptions = 0
        """Rises whenever what is being said should stop at once; the performance compares it."""

    @property
    def is_silent(self) -> bool:
        """True while nothing is to be said."""
        return self._paused or self._floor == "human"

    @property
    def is_paused(self) -> bool:
        """True from `pause` until anything that goes on."""
        return self._paused

    @property
    def has_more(self) -> bool:
        """True when the operator's own words, or a word about who speaks, come next."""
        return bool(self._said) or self._floor in ("leaving", "arriving")

    @property
    def floor(self) -> Floor:
        """Who speaks."""
        return self._floor

    def pause(self) -> None:
        """Stop speaking; stay in the picture."""
        self._paused = True
        self.interruptions += 1

    def resume(self) -> None:
        """Go on where it was."""
        self._paused = False

    def skip_current(self) -> None:
        """Stop what is being said and go on with the next line."""
        self.interruptions += 1

    def hand_over(self) -> None:
        """Say a word and leave the floor to the human."""
        if self._floor in ("host", "arriving"):
            self._floor = "leaving"
            self.interruptions += 1
        self._paused = False

    def take_over(self) -> None:
        """Come back (or step in) with a word."""
        if self._floor in ("human", "leaving"):
            self._floor = "arriving"
        self._paused = False

    def say(
        self, text: str, product_id: str | None, *, insisted: bool = False, question: Question | None = None
    ) -> None:
        """A line before everything else; with ``question``, the answer to it."""
        kind: BeatKind = "present" if question is None else "answer"
        self._said.append((Beat(kind, "own", product_id, text=text, question=question), insisted))
        self.interruptions += 1

    def change(self, beat_id: int, text: str, *, insisted: bool = False) -> None:
        """Other words for a planned line."""
        self._edits[beat_id] = text
        if insisted:
            self._insisted.add(beat_id)
        else:
            self._insisted.discard(beat_id)
        if len(self._edits) > _KEPT_EDITS:
            forgotten, _ = self._edits.popitem(last=False)
            self._insisted.discard(forgotten)

    def edited(self, beat_id: int) -> str | None:
        """Other words for this line."""
        return self._edits.get(beat_id)

    def insists(self, beat_id: int) -> bool:
        """True when the operator wants the line even though the guard objects; it is logged as the operator's."""
        return beat_id in self._insisted

    def due(self, number: Callable[[Beat], Beat]) -> Beat | None:
        """The operator's next beat, if there is one."""
        if self._floor == "leaving":
            self._floor = "human"
            return number(Beat("handover", "handover.to_human", cue=Cue("hand_back")))
        if self._floor == "arriving":
            self._floor = "host"
            return number(Beat("handover", "greet.takeover"))
        if not self._said:
            return None
        beat, insisted = self._said.popleft()
        numbered = number(beat)
        # Those that were insisted on and said are over; what is left belongs to edited lines that are coming.
        self._insisted &= self._edits.keys()
        if insisted:
            self._insisted.add(numbered.id)
        return numbered

    @staticmethod
    def known(beat_id: int, planned: Iterable[Beat]) -> Beat:
        """The planned beat with this number. Raises: UnknownBeat."""
        for beat in planned:
            if beat.id == beat_id:
                return beat
        raise UnknownBeat(beat_id)
