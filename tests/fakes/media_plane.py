"""A media plane without media: `signaling.media_plane.MediaPlane` in memory, with sessions, etags and events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.signaling.media_plane import (
    Answer,
    BadOffer,
    ClockAnchor,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    PublisherPresent,
    SentPicture,
    SentSound,
    SessionClosed,
    SourceStarted,
    SourceStopped,
    StaleEtag,
    UnknownSession,
)

Reason = Literal["deleted", "closed", "timeout", "replaced", "failed"]


@dataclass
class _Session:
    show_id: ShowId
    publishes: bool
    ufrag: str
    number: int
    restarts: int = 0
    dub: str | None = None
    """Which one it publishes."""
    wanted: str | None = None

    @property
    def etag(self) -> str:
        return f"ice-{self.number}-{self.restarts}"


class MemoryMediaPlane:
    """Accepts every offer that looks like SDP (``v=0``). A publisher is live at once.

    ``is_down`` makes every call fail as when the media process restarts, ``is_full`` as when it has no room, and
    while ``answers`` is cleared they hang. A ``strict`` one reads the SDP as far as HTTP's answers depend on it: it is
    held to the tables of `test_whip_conformance` and `test_whep_conformance`.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.is_down = False
        self.is_full = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.waiting = 0
        """Calls that hang."""
        self._strict = strict
        self._opened = 0
        self.offers: list[str] = []
        self.positions_ms: dict[ShowId, float] = {}
        """Where each show's clock was told to continue."""
        self.ended: list[ShowId] = []
        self.pictures: dict[SessionId, SentPicture] = {}
        """What viewers get, where a test says so."""
        self.offers_of: dict[ShowId, tuple[str, ...]] = {}
        """The dubs that each show's publisher offers."""
        self._sessions: dict[SessionId, _Session] = {}
        self._seen: set[ShowId] = set()
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue()

    # ---- `MediaPlane`

    async def publish(
        self,
        show_id: ShowId,
        session_id: SessionId,
        offer: str,
        position_ms: float,
        *,
        replace: bool,
        standby: bool = False,
        patience_s: float = 0.0,
        offers: Sequence[str] = (),
        dub: str | None = None,
    ) -> Answer:
        ufrag = await self._read(offer, {"sendonly", "sendrecv"})
        if dub is not None:
            return self._publish_dub(show_id, session_id, ufrag, dub, replace)
        self.offers_of[show_id] = tuple(offers)
        present = self.publisher_of(show_id)
        if present is not None:
            if not replace:
                raise PublisherPresent(show_id)
            self.drop(present, "replaced")
        self._seen.add(show_id)
        self.positions_ms.setdefault(show_id, position_ms)
        answer = self._add(session_id, show_id, ufrag, publishes=True)
        self.report(SourceStarted(show_id, session_id))
        return answer

    async def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        ufrag = await self._read(offer, {"recvonly", "sendrecv"})
        if show_id not in self._seen:
            raise NoPublisher(show_id)
        return self._add(session_id, show_id, ufrag, publishes=False)

    async def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        await self._check()
        session = self._session(session_id)
        ufrag = attribute(fragment, "ice-ufrag")
        if (ufrag is None) != (attribute(fragment, "ice-pwd") is None):
            raise BadOffer("ice-ufrag and ice-pwd come together")
        if ufrag is None and "a=candidate" not in fragment and "a=end-of-candidates" not in fragment:
            raise BadOffer("it has neither credentials nor candidates")
        if if_match not in ("*", session.etag):
            raise StaleEtag
        if ufrag is None or ufrag == session.ufrag:
            return None
        session.ufrag = ufrag
        session.restarts += 1
        return Answer(session_id, f"a=ice-ufrag:u{session.restarts}\r\na=ice-pwd:{'p' * 22}\r\n", session.etag)

    async def close(self, session_id: SessionId) -> None:
        await self._check()
        self._session(session_id)
        self.drop(session_id, "deleted")

    async def picture(self, session_id: SessionId) -> SentPicture:
        await self._check()
        session = self._session(session_id)
        if session.publishes:
            raise UnknownSession("session", session_id)
        return self.pictures.get(session_id, SentPicture("best", 0, 0))

    async def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        await self._check()
        session = self._session(session_id)
        if session.publishes or session.dub is not None:
            raise UnknownSession("session", session_id)
        session.wanted = dub
        return self._sent_sound(session)

    async def sound(self, session_id: SessionId) -> SentSound:
        await self._check()
        session = self._session(session_id)
        if session.publishes or session.dub is not None:
            raise UnknownSession("session", session_id)
        return self._sent_sound(session)

    async def dubs(self, show_id: ShowId) -> list[DubStanding]:
        await self._check()
        here = [session for session in self._sessions.values() if session.show_id == show_id]
        offered = self.offers_of.get(show_id, ()) if self.publisher_of(show_id) is not None else ()
        flowing = [session.dub for session in here if session.dub is not None]
        return [
            DubStanding(name, name in offered, name in flowing, sum(session.wanted == name for session in here))
            for name in dict.fromkeys((*offered, *flowing))
        ]

    async def end_show(self, show_id: ShowId) -> None:
        await self._check()
        self.ended.append(show_id)
        for session_id in [known for known, session in self._sessions.items() if session.show_id == show_id]:
            self.drop(session_id, "closed")
        self._seen.discard(show_id)
        self.positions_ms.pop(show_id, None)

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self._events.get()

    # ---- what tests see and do

    @property
    def sessions(self) -> set[SessionId]:
        """Every session that is open."""
        return set(self._sessions)

    def publisher_of(self, show_id: ShowId) -> SessionId | None:
        """Who broadcasts to a show."""
        found = (known for known, session in self._sessions.items() if session.publishes and session.show_id == show_id)
        return next(found, None)

    def report(self, event: MediaEvent) -> None:
        """Have something happen."""
        self._events.put_nowait(event)

    def anchor(self, show_id: ShowId, position_ms: float, monotonic_s: float) -> None:
        """The show clock moves."""
        self.report(ClockAnchor(show_id, position_ms, monotonic_s))

    def drop(self, session_id: SessionId, reason: Reason = "timeout") -> None:
        """A session ends from below."""
        session = self._sessions.pop(session_id)
        if session.publishes:
            self.report(SourceStopped(session.show_id, session_id, reason))
        self.report(SessionClosed(session.show_id, session_id, reason))

    async def _check(self) -> None:
        self.waiting += 1
        await self.answers.wait()
        self.waiting -= 1
        if self.is_down:
            raise MediaUnavailable(retry_after_s=1)
        if self.is_full:
            raise TooMany(retry_after_s=3)

    async def _read(self, offer: str, directions: set[str]) -> str:
        await self._check()
        if not offer.startswith("v=0"):
            raise BadOffer("it is not SDP")
        if self._strict:
            read_strictly(offer, directions)
        self.offers.append(offer)
        return attribute(offer, "ice-ufrag") or ""

    def _session(self, session_id: SessionId) -> _Session:
        try:
            return self._sessions[session_id]
        except KeyError:
            raise UnknownSession("session", session_id) from None

    def _sent_sound(self, session: _Session) -> SentSound:
        flowing = {other.dub for other in self._sessions.values() if other.show_id == session.show_id}
        return SentSound(session.wanted, session.wanted is None or session.wanted in flowing)

    def _publish_dub(self, show_id: ShowId, session_id: SessionId, ufrag: str, dub: str, replace: bool) -> Answer:
        if self.publisher_of(show_id) is None:
            raise NoPublisher(show_id)
        for known in [known for known, other in self._sessions.items() if (other.show_id, other.dub) == (show_id, dub)]:
            if not replace:
                raise PublisherPresent(show_id)
            self.drop(known, "replaced")
        answer = self._add(session_id, show_id, ufrag, publishes=False)
        self._sessions[session_id].dub = dub
        return answer

    def _add(self, session_id: SessionId, show_id: ShowId, ufrag: str, *, publishes: bool) -> Answer:
        self._opened += 1
        session = self._sessions[session_id] = _Session(show_id, publishes, ufrag, self._opened)
        direction = "recvonly" if publishes else "sendonly"
        return Answer(session_id, f"v=0\r\na={direction}\r\n", session.etag)


def attribute(sdp: str, name: str) -> str | None:
    """The first value of ``a=name``."""
    for line in sdp.splitlines():
        if line.startswith(f"a={name}:"):
            return line.partition(":")[2]
    return None


def read_strictly(offer: str, directions: set[str]) -> None:
    """See that an offer has media, ICE, at most one track of a kind, and a direction that fits. Raises: BadOffer."""
    lines = offer.splitlines()
    media = [line.partition(" ")[0] for line in lines if line.startswith("m=")]
    if not media or attribute(offer, "ice-ufrag") is None:
        raise BadOffer("it has no media or no ICE credentials")
    if len(set(media)) < len(media) or len(media) > 2:
        raise BadOffer("at most one audio and one video track", acceptable=True)
    if any(f"a={wrong}" in lines for wrong in {"sendonly", "recvonly", "inactive", "sendrecv"} - directions):
        raise BadOffer("the direction does not fit", acceptable=True)
