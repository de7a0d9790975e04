"""What the rest of the server needs of the media plane, and the words the two exchange.

The media plane runs in its own process (docs/decisions.md); `media/control.py` implements this port over a
unix socket, `tests/fakes/media_plane.py` in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from stream_server.errors import Conflict, Invalid, NotFound, Unavailable
from stream_server.ids import SessionId, ShowId


@dataclass(frozen=True)
class Answer:
    """The server's half of a WebRTC negotiation."""

    session_id: SessionId
    sdp: str
    etag: str
    """Names the ICE session (RFC 9725 §4.3.1): unquoted, changes with every ICE restart."""


@dataclass(frozen=True)
class SourceStarted:
    """A publisher's media flows into the show."""

    show_id: ShowId
    session_id: SessionId
    is_standby: bool = False
    """The show's stand-in, the AI host, is on air; not its human host."""


@dataclass(frozen=True)
class SourceStopped:
    """The publisher is gone; the show's viewers stay connected and wait."""

    show_id: ShowId
    session_id: SessionId
    reason: Literal["deleted", "closed", "timeout", "replaced", "failed"]


@dataclass(frozen=True)
class ClockAnchor:
    """Where the show's timeline stood at one instant; sent when a source starts and once a second."""

    show_id: ShowId
    position_ms: float
    """Show clock of the newest video frame sent to viewers: its outgoing RTP timestamp / 90, unwrapped."""
    monotonic_s: float
    """CLOCK_MONOTONIC when that frame was sent."""


@dataclass(frozen=True)
class SessionClosed:
    """A viewer's or publisher's session ended on the media side."""

    show_id: ShowId
    session_id: SessionId
    reason: str


@dataclass(frozen=True)
class IngestReport:
    """How the publisher's media arrives, once every two seconds."""

    show_id: ShowId
    bitrate_bps: int
    loss: float
    """Share of packets lost before recovery in the last interval, 0 to 1."""
    width_px: int
    height_px: int
    fps: float
    viewers: int


@dataclass(frozen=True)
class SentPicture:
    """What one viewer gets of the show's picture, and why no more."""

    reason: Literal["best", "bandwidth", "loss", "source"]
    """`best`: there is nothing better. `source`: the publisher stopped sending the larger one that was watched."""
    height_px: int
    """Shorter side of the picture that is sent; 0 when unknown, or when only sound is sent."""
    full_height_px: int
    """The same of the largest one there is."""
    is_sound_only: bool = False
    """The viewer's network does not carry even the smallest picture."""


@dataclass(frozen=True)
class SentSound:
    """Which sound one viewer gets."""

    wanted: str | None
    """The dub that it chose; None for the original."""
    is_sent: bool
    """It gets what it chose. While a dub does not flow, its viewers hear the original."""


@dataclass(frozen=True)
class DubStanding:
    """One dub of a show: the sound in another language, over the same picture."""

    name: str
    """See `read_dub`."""
    is_offered: bool
    """Whoever presents makes it as soon as somebody wants it; one that is not offered is there while it is sent."""
    is_flowing: bool
    listeners: int
    """Connected viewers that chose it, in all processes."""


@dataclass(frozen=True)
class SlateFilm:
    """What viewers of a show see while nobody's picture comes: a few frames that are played in a loop."""

    codec: Literal["H264", "VP8"]
    fps: int
    frames: tuple[tuple[bytes, ...], ...]
    """Of each frame the RTP payloads (RFC 6184, RFC 7741); the first frame is a keyframe. Loops as it is."""


def read_dub(name: str) -> tuple[str, bool] | None:
    """A dub's language (first part of a BCP 47 tag), and whether the original is heard quietly under it.

    ``es`` is the voice alone, ``es+original`` the voice over the original. None for anything else.
    """
    language, plus, under = name.partition("+")
    is_name = 2 <= len(language) <= 3 and language.isascii() and language.isalpha() and language.islower()
    return (language, bool(plus)) if is_name and under == ("original" if plus else "") else None


MediaEvent = SourceStarted | SourceStopped | ClockAnchor | SessionClosed | IngestReport


@dataclass(eq=False)
class BadOffer(Invalid):
    """The SDP or its fragment is not one that we can answer."""

    code: ClassVar[str] = "bad_offer"
    reason: str
    """What is wrong, for the developer of the client."""
    acceptable: bool = False
    """True when the SDP is well formed but asks for something we do not do (422), else 400."""

    def __str__(self) -> str:
        return f"The session description cannot be used: {self.reason}."


@dataclass(eq=False)
class PublisherPresent(Conflict):
    """The show already has a publisher, and it is alive."""

    code: ClassVar[str] = "publisher_present"
    show_id: ShowId

    def __str__(self) -> str:
        return "Somebody is already broadcasting to this show."


@dataclass(eq=False)
class NoPublisher(Conflict):
    """Nobody broadcasts to this show yet (WHEP: 409 with Retry-After)."""

    code: ClassVar[str] = "no_publisher"
    show_id: ShowId

    def __str__(self) -> str:
        return "This show has no picture yet. Try again in a moment."


@dataclass(eq=False)
class StaleEtag(Conflict):
    """The request names an ICE session that is no longer current (412)."""

    code: ClassVar[str] = "stale_etag"

    def __str__(self) -> str:
        return "The ICE session has changed since. Read the newest ETag and try again."


class UnknownSession(NotFound):
    """No such WHIP or WHEP session."""


class MediaUnavailable(Unavailable):
    """The media process does not answer (it restarts within a second or two)."""


class SlatePlane(Protocol):
    """The media plane, as it gets what viewers see while nobody's picture comes."""

    async def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        """Show this, in the codec of the last picture, whenever none has come for two seconds; no films: nothing.

        Kept for as long as the show is known there; a show without a publisher needs none.
        Raises: Invalid for a film that cannot be played, MediaUnavailable.
        """


class MediaPlane(Protocol):
    """Publishers in, viewers out. Every call may raise `MediaUnavailable`."""

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
        """Accept a publisher's offer.

        A ``standby`` stands beside the show's own publisher, at most one a show: its packets go nowhere while the
        other's flow, and on the air when they have not for ``patience_s`` (1.2 s at least). Where the show's publisher
        is in another process of the media plane than the one that has room, it is refused (`PublisherPresent`).

        ``position_ms`` is where the show clock must continue if this process does not know the show.
        With ``replace`` a living publisher of the show is closed first (its own host came back).

        ``offers`` names dubs (`read_dub`) that this publisher makes as soon as somebody wants them. With ``dub`` it
        is no publisher of the show but of that dub: sound alone. With ``replace`` it is the presenter's own: heard
        while the publisher on air is of the same kind (``standby`` or not), and another one of the same name is closed
        first, unless an interpreter speaks. Without, it is an interpreter's: heard whoever is on air, and refused while
        any other one lives.

        Raises: BadOffer, PublisherPresent; with ``dub`` also NoPublisher, TooMany.
        """

    async def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """Accept a viewer's offer.

        Raises: BadOffer, NoPublisher (the show never had a source in this process), TooMany.
        """

    async def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """Take trickled candidates (returns None) or an ICE restart (returns the answer fragment and new etag).

        ``if_match`` is an unquoted etag or ``*``.
        Raises: BadOffer, StaleEtag, UnknownSession.
        """

    async def close(self, session_id: SessionId) -> None:
        """End one session. Raises: UnknownSession."""

    async def picture(self, session_id: SessionId) -> SentPicture:
        """What a viewer is sent at present. Raises: UnknownSession, also for a publisher's session."""

    async def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """Send a viewer that dub from now on, None for the original; the session stays as it is.

        Any dub may be wanted, it is sent whenever it flows. Raises: UnknownSession, also for a publisher's session.
        """

    async def sound(self, session_id: SessionId) -> SentSound:
        """What a viewer chose and gets. Raises: UnknownSession, also for a publisher's session."""

    async def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """The dubs that are offered, flow, or are wanted; none for an unknown show."""

    async def end_show(self, show_id: ShowId) -> None:
        """Close every session of a show and forget its timeline. Unknown shows are fine."""

    def events(self) -> AsyncIterator[MediaEvent]:
        """Everything that happens in the media plane, from now on. One reader."""
