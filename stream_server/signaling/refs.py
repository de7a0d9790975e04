"""Commands that were seen before: doing what is asked once, however often it is asked."""

from __future__ import annotations

from collections import OrderedDict

from stream_server.audience.people import Person
from stream_server.ids import PersonId, ShowId
from stream_server.signaling.messages import Ack, Problem
from stream_server.signaling.problems import InProgress, problem

REMEMBERED_REFS = 64


class Refs:
    """The last commands of one person that were carried out, or are being carried out.

    Outlives a connection: a client that lost its connection before the answer came may ask again without doing
    anything twice. A refused command has done nothing, so it is forgotten and may be tried again.
    """

    def __init__(self, size: int = REMEMBERED_REFS) -> None:
        self._size = size
        self._outcomes: OrderedDict[str, Ack | None] = OrderedDict()

    def begin(self, ref: str) -> Ack | Problem | None:
        """Remember a new command and return None, or return what came of the one with this ``ref``."""
        if ref in self._outcomes:
            return self._outcomes[ref] or problem(InProgress(), ref)
        self._outcomes[ref] = None
        if len(self._outcomes) > self._size:
            self._outcomes.popitem(last=False)
        return None

    def end(self, ref: str, outcome: Ack | Problem) -> None:
        """What came of it."""
        if isinstance(outcome, Problem):
            self._outcomes.pop(ref, None)
        elif ref in self._outcomes:
            self._outcomes[ref] = outcome


class PeopleRefs:
    """Everybody's `Refs`, for as many people as were here last."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._refs: OrderedDict[tuple[ShowId, PersonId], Refs] = OrderedDict()

    def of(self, show_id: ShowId, person: Person | None) -> Refs:
        """A person's commands in a show; somebody without a token is new with each connection."""
        if person is None:
            return Refs()
        key = (show_id, person.id)
        refs = self._refs.setdefault(key, Refs())
        self._refs.move_to_end(key)
        if len(self._refs) > self._people:
            self._refs.popitem(last=False)
        return refs
