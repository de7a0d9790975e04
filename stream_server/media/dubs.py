"""The dubs of one show in this process: the sound in other languages, and which viewer hears which.

A dub is a track beside the show's own sound, on the same clock. It is published here by somebody (`Booth`), or piped
from the process that has the show's publisher. Choosing one moves a viewer's audio feed to its track; while it does
not flow, those who chose it hear the original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from stream_server.errors import TooMany
from stream_server.media.outlet import Outlet
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.track import Track
from stream_server.media.trunk_wire import Batch
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import DubStanding, SentSound

FIRST_NUMBER = 16
"""Of a dub's track among processes; below are the show's own sound and the layers of its picture."""
MAX_DUBS = 16
"""Of one show: eight languages, alone and over the original. A name stays taken until the show closes here."""
SILENT_S = 0.5
"""After so long without a packet its viewers get the original back."""

Told = Mapping[str, tuple[int, int]]
"""Dubs that flow, by name: the track's number among processes, and its timestamp for the standing's instant."""


class Booth:
    """One dub: its track, and whoever publishes it here. The `Audience` of that publisher."""

    def __init__(self, name: str, number: int, track: Track, ended: Callable[[Publisher, str], None]) -> None:
        self.name = name
        self.number = number
        self.track = track
        self.publisher: Publisher | None = None
        self.for_any_presenter = False
        """An interpreter's: heard whoever is on air, host or stand-in."""
        self.heard_s = float("-inf")
        self._began: Publisher | None = None
        self._ended = ended

    def seat(self, publisher: Publisher, *, for_any_presenter: bool = False) -> None:
        """Take a publisher in; the one before is gone."""
        self.publisher = publisher
        self.for_any_presenter = for_any_presenter

    def leave(self) -> Publisher | None:
        """The publisher goes; gives the one that was there."""
        publisher, self.publisher = self.publisher, None
        if publisher is not None:
            publisher.close()
            self.track.end_source()
        return publisher

    def timestamp(self, now_s: float) -> int | None:
        """The outgoing timestamp for now; None while nothing flows from a publisher here."""
        source = self.publisher.sources.get("audio") if self.publisher is not None else None
        found = source.outgoing_timestamp(now_s) if source is not None else None
        return None if found is None else found & 0xFFFFFFFF

    # ------------------------------------------------------------ Audience

    def admits(self, publisher: Publisher, is_start: bool, now_s: float) -> bool:
        """See `Audience`."""
        if publisher is not self.publisher:
            return False
        if publisher is not self._began:
            self._began = publisher
            encoding = publisher.sources["audio"].chosen.encoding
            self.track.begin_source(encoding, answers_keyframe_requests=False)
        self.heard_s = now_s
        return True

    def open_layers(self, count: int) -> list[Track]:
        """See `Audience`: there is no picture."""
        raise AssertionError("a dub has no picture")

    def best_estimate_bps(self) -> float | None:
        """See `Audience`: sound is small."""
        return None

    def on_publisher_ended(self, publisher: Publisher, reason: str) -> None:
        """See `Audience`."""
        self._ended(publisher, reason)


class Dubs:
    """Owned by the show, which tells it the time."""

    def __init__(
        self,
        original: Track,
        open_track: Callable[[], Track],
        outlet: Outlet,
        ended: Callable[[Publisher, str], None],
    ) -> None:
        """``open_track`` makes a track of sound on the show's clock."""
        self._original = original
        self._open_track = open_track
        self._outlet = outlet
        self._ended = ended
        self._booths: dict[str, Booth] = {}
        self._wishes: dict[Viewer, str] = {}
        self._on_air: Publisher | None = None
        self._told: Told = {}
        self._by_number: dict[int, str] = {}

    # ------------------------------------------------------------ publishers

    def booth(self, name: str) -> Booth:
        """Where a publisher of that dub goes. Raises: TooMany."""
        booth = self._booths.get(name)
        if booth is None:
            if len(self._booths) >= MAX_DUBS:
                raise TooMany(retry_after_s=60.0)
            booth = Booth(name, FIRST_NUMBER + len(self._booths), self._open_track(), self._ended)
            booth.track.pipe = partial(self._pipe, booth)
            self._booths[name] = booth
        return booth

    def booth_of(self, publisher: Publisher) -> Booth | None:
        """Where a publisher sits."""
        return next((booth for booth in self._booths.values() if booth.publisher is publisher), None)

    @property
    def booths(self) -> list[Booth]:
        """Every dub that somebody published here, or a sister piped."""
        return list(self._booths.values())

    @property
    def publishers(self) -> list[Publisher]:
        """Everybody who publishes a dub here."""
        return [booth.publisher for booth in self._booths.values() if booth.publisher is not None]

    # ------------------------------------------------------------ viewers

    def choose(self, viewer: Viewer, name: str | None, now_s: float) -> None:
        """The viewer wants that dub, or the original."""
        if name is None:
            self.forget(viewer)
        else:
            self._wishes[viewer] = name
        self._lead(viewer, name, now_s)

    def forget(self, viewer: Viewer) -> None:
        """The viewer is gone, or wants the original."""
        self._wishes.pop(viewer, None)

    def sent(self, viewer: Viewer, now_s: float) -> SentSound:
        """What a viewer chose and gets."""
        name, feed = self._wishes.get(viewer), viewer.feeds.get("audio")
        wanted = self._original if name is None else self._flowing_track(name, now_s)
        return SentSound(name, feed is not None and feed.track is wanted)

    @property
    def wanted(self) -> Counter[str]:
        """Connected viewers here by the dub that they chose."""
        return Counter(name for viewer, name in self._wishes.items() if viewer.is_connected)

    def standings(self, now_s: float) -> list[DubStanding]:
        """See `MediaPlane.dubs`; of the process that has the show's publisher."""
        offered = tuple(self._on_air.offers) if self._on_air is not None else ()
        wanted = self.wanted + Counter(self._outlet.dubs)
        seated = [booth.name for booth in self._booths.values() if booth.publisher is not None]
        return [
            DubStanding(name, name in offered, self._flowing_track(name, now_s) is not None, wanted[name])
            for name in dict.fromkeys((*offered, *seated))
        ]

    def timestamps(self, viewer: Viewer, timestamps: dict[Kind, int], now_s: float) -> dict[Kind, int]:
        """What the viewer's sender reports say: of the dub where it gets one, of the original otherwise."""
        booth, feed = self._booths.get(self._wishes.get(viewer, "")), viewer.feeds.get("audio")
        if booth is None or feed is None or feed.track is not booth.track:
            return timestamps
        timestamp = booth.timestamp(now_s)
        if timestamp is None:
            found = self._told.get(booth.name)
            timestamp = found[1] if found is not None else None
        return timestamps if timestamp is None else {**timestamps, "audio": timestamp}

    # ------------------------------------------------------------ the show

    def tick(self, now_s: float, on_air: Publisher | None, told: Told) -> None:
        """Called twenty times a second. ``told`` is what a sister that has the publisher says flows there."""
        self._on_air = on_air
        if told is not self._told:
            self._told = told
            self._by_number = {number: name for name, (number, _) in told.items()}
        for publisher in self.publishers:
            publisher.tick(now_s)
        for viewer, name in self._wishes.items():
            self._lead(viewer, name, now_s)

    def begin(self) -> None:
        """Packets of this show come from another process from now on, or do no longer."""
        self._told, self._by_number = {}, {}
        for booth in self._booths.values():
            booth.track.end_source()

    def take(self, batch: Batch, now_s: float) -> None:
        """Packets of a dub that the sister piped."""
        name = self._by_number.get(batch.track)
        if name is None or (name not in self._booths and len(self._booths) >= MAX_DUBS):
            return
        booth = self.booth(name)
        if booth.publisher is None:
            booth.heard_s = now_s
            for packet in batch.packets:
                booth.track.relay(packet, batch.at_s)

    def flowing(self, now_s: float) -> dict[str, tuple[int, int]]:
        """What a standing tells of the dubs that are published here."""
        return {
            booth.name: (booth.number, timestamp)
            for booth in self._booths.values()
            if self._flows(booth, now_s) and (timestamp := booth.timestamp(now_s)) is not None
        }

    def flush(self) -> None:
        """Send what the last burst of datagrams brought."""
        for booth in self._booths.values():
            booth.track.flush()

    def close(self) -> None:
        """Nothing is sent any more; publishers and viewers are gone."""
        self._wishes.clear()
        for booth in self._booths.values():
            booth.track.close()
        self._booths.clear()

    # ------------------------------------------------------------ inside

    def _flows(self, booth: Booth, now_s: float) -> bool:
        """Its packets come, and whoever publishes it here is on air."""
        if now_s - booth.heard_s > SILENT_S:
            return False
        return booth.publisher is None or self._is_on_air(booth, booth.publisher)

    def _is_on_air(self, booth: Booth, publisher: Publisher) -> bool:
        if self._on_air is None:
            return False
        return booth.for_any_presenter or self._on_air.is_standby == publisher.is_standby

    def _flowing_track(self, name: str, now_s: float) -> Track | None:
        booth = self._booths.get(name)
        return booth.track if booth is not None and self._flows(booth, now_s) else None

    def _lead(self, viewer: Viewer, name: str | None, now_s: float) -> None:
        feed = viewer.feeds.get("audio")
        if feed is not None:
            track = self._flowing_track(name, now_s) if name is not None else None
            feed.watch(track or self._original, now_s)

    def _pipe(self, booth: Booth, at_s: float, packets: Sequence[MediaPacket]) -> None:
        if booth.publisher is not None and self._is_on_air(booth, booth.publisher):
            self._outlet.pipe_dub(booth.name, booth.number, at_s, packets)
