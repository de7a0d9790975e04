"""The lines between the director and the performance: being made, waiting, being said; and those to be said again.

Nothing an operator wrote and no answer is lost because something came in between. A planned line that gave way is
planned again, so that its price and stock are looked up anew. Pure: it holds no task and never waits.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from avatar.direction.director import Director
from avatar.model import Line
from avatar.performance import Ended
from avatar.speech.sentences import split

GIVES_WAY = frozenset({"greet", "present", "demonstrate", "recap", "call_to_action", "small_talk", "react"})
"""What is cut short for a viewer's question; answers and handovers are finished."""
KEPT = frozenset({"answer", "handover"})
"""What nobody plans again: the line itself is kept."""
MAX_GIVING_WAY = 2
"""A line that was cut more often is not begun once more: a busy chat must not keep the host at one sentence."""
SAID_SHARE = 0.6
"""A line that was heard so far was said."""
MAX_HELD = 8


@dataclass
class Making:
    """A line that is being decided on and spoken into a buffer."""

    generation: int
    """Of the performance, when it began."""
    line: Line | None = None
    is_again: bool = False
    is_overtaken: bool = False
    """A question has come meanwhile."""
    is_dropped: bool = False
    """The operator skips it."""


@dataclass
class _Flying:
    line: Line
    seconds: float
    is_again: bool
    has_begun: bool = False
    is_dropped: bool = False


class Lines:
    """What one presenter has in hand."""

    def __init__(self, director: Director) -> None:
        self._director = director
        self._making: Making | None = None
        self._flying: dict[int, _Flying] = {}
        self._held: deque[tuple[Line, bool]] = deque(maxlen=MAX_HELD)
        """Lines to be said again, and whether they were heard in part."""
        self._key = 0
        self._is_urgent = False
        self._gave_way = (0, 0)
        """A line's id and how often it gave way."""

    @property
    def are_busy(self) -> bool:
        """Whether there is no need to make another line yet."""
        return bool(self._flying) and not self._is_urgent

    @property
    def now(self) -> Line | None:
        """What is being said."""
        return next((flying.line for flying in self._flying.values() if flying.has_begun), None)

    @property
    def current_id(self) -> int | None:
        """The line that is being said, or about to be; None when nobody could name it."""
        lines = [self.now, *(flying.line for flying in self._flying.values())]
        lines.append(self._making.line if self._making else None)
        return next((line.id for line in lines if line is not None and line.id > 0), None)

    # ---- from the director to the performance

    def make(self, generation: int) -> Making:
        """A line is going to be made, the first of those held if there is one."""
        self._is_urgent = False
        self._making = Making(generation)
        if self._held and self._may_speak(self._held[0][0]):
            self._making.line, self._making.is_again = self._held.popleft()
        return self._making

    def _may_speak(self, line: Line) -> bool:
        operator = self._director.operator
        if operator.is_paused or operator.has_more:
            return False
        return operator.floor != "human" or line.beat == "handover"

    @staticmethod
    def parts_of(line: Line) -> list[str]:
        """What is spoken in one piece. Who waits hears the first sentence while the next ones are made."""
        return (split(line.text) if line.beat in KEPT or line.is_operators else []) or [line.text]

    def is_overtaken(self, making: Making) -> bool:
        """A question has come while this was made, and it gives way."""
        line = making.line
        if line is None or not making.is_overtaken or not _gives_way(line):
            return False
        self._making = None
        self._keep(line, heard=making.is_again)
        return True

    def handed(self, making: Making, seconds: float, *, is_last: bool) -> int:
        """A part of it goes to the performance, from the first to the last; its key there."""
        assert making.line is not None
        if is_last:
            self._making = None
        self._key += 1
        self._flying[self._key] = _Flying(making.line, seconds, making.is_again)
        making.is_again = True
        return self._key

    def refused(self, key: int, making: Making) -> None:
        """The performance did not take it: it was interrupted meanwhile."""
        flying = self._flying.pop(key, None)
        if flying is not None and not making.is_dropped:
            self._keep(flying.line, heard=flying.is_again)

    def dropped(self) -> None:
        """It could not be made."""
        self._making = None

    # ---- what becomes of them

    def began(self, key: int) -> tuple[Line, bool] | None:
        """It is heard; the line, and whether it is said again. None for one that was taken back."""
        flying = self._flying.get(key)
        if flying is None:
            return None
        flying.has_begun = True
        return flying.line, flying.is_again

    def over(self, ended: Ended) -> None:
        """It was heard, or a part of it."""
        flying = self._flying.pop(ended.spoken.key, None)
        if flying is None or flying.is_dropped or not ended.interrupted:
            return
        if ended.heard_s < SAID_SHARE * flying.seconds:
            self._keep(flying.line, heard=True)

    def give_way(self) -> bool:
        """A question wants an answer. True when the performance shall make room: nothing forbids it."""
        if self._making is not None:
            self._making.is_overtaken = True
        for flying in self._flying.values():
            if not _gives_way(flying.line):
                return False
        for flying in self._take_back():
            self._keep(flying.line, heard=flying.is_again)
        now = self.now
        if now is not None:
            line_id, times = self._gave_way
            self._gave_way = now.id, times + 1 if now.id == line_id else 1
        self._is_urgent = True
        return True

    def cut(self, *, is_dropped: bool) -> None:
        """Everything stops at once; ``is_dropped``: what is said (or else is about to be) is not said again."""
        self._is_urgent = True
        is_said = self.now is not None
        for flying in self._take_back():
            if is_said or not is_dropped:
                self._keep(flying.line, heard=flying.is_again)
        for flying in self._flying.values():
            flying.is_dropped = is_dropped
        if self._making is not None:
            self._making.is_dropped = is_dropped and not is_said

    def lost(self) -> None:
        """The performance knows of none of them."""
        for flying in self._take_back():
            self._keep(flying.line, heard=flying.is_again)
        self._flying.clear()

    def forget(self) -> None:
        """Somebody else has the air: what was held is stale when we are back."""
        self._held.clear()
        self._take_back()

    def _take_back(self) -> list[_Flying]:
        """Those that nobody has heard anything of."""
        keys = [key for key, flying in self._flying.items() if not flying.has_begun]
        return [self._flying.pop(key) for key in keys]

    def _keep(self, line: Line, *, heard: bool) -> None:
        if line.is_operators or line.beat in KEPT:
            if any(held.text == line.text for held, _ in self._held):
                return  # two of its parts came back
            self._held.append((replace(line, cue=None) if heard else line, heard))
        elif self._gave_way[0] != line.id or self._gave_way[1] <= MAX_GIVING_WAY:
            self._director.put_back(line, has_begun=heard)


def _gives_way(line: Line) -> bool:
    return line.beat in GIVES_WAY and not line.is_operators
