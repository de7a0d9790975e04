"""Which captions a show has so far: the languages, and the newest event of each. Projection of the logs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from stream_server.captions.listening import ListeningWish
from stream_server.ids import ShowId
from stream_server.shows.events import Event

REMEMBERED = 50
"""Utterances whose translations may still come."""


@dataclass
class CaptionTracks:
    """One show's."""

    spoken: set[str] = field(default_factory=set)
    """Languages that were heard."""
    read: set[str] = field(default_factory=set)
    """Languages that something was translated into."""
    wish: ListeningWish = ListeningWish()
    """Whether and in which language the host is listened to."""
    seq: int = 0
    """Of the newest event that changes a file."""
    done: OrderedDict[str, set[str]] = field(default_factory=OrderedDict)
    """Newest utterances → the languages that they are written in already."""

    @property
    def languages(self) -> list[str]:
        """Every language there is a file of, those that were heard first."""
        return [*sorted(self.spoken), *sorted(self.read - self.spoken)]

    def apply(self, event: Event) -> None:
        """The next event of the log."""
        if event.type == "caption":
            language, utterance_id = event.payload["language"], event.payload["utterance_id"]
            (self.spoken if event.payload["is_spoken"] else self.read).add(language)
            self.done.setdefault(utterance_id, set()).add(language)
            if len(self.done) > REMEMBERED:
                self.done.popitem(last=False)
            self.seq = event.seq
        elif event.type == "caption_cut":
            self.seq = event.seq
        elif event.type == "listening":
            self.wish = ListeningWish.from_payload(event.payload)

    def has(self, utterance_id: str, language: str) -> bool:
        """Whether an utterance is written in a language already."""
        return language in self.done.get(utterance_id, ())


class ShowCaptionTracks:
    """Show id → `CaptionTracks`, for every show whose log is open in this process (`shows.log.Projection`)."""

    def __init__(self) -> None:
        self._tracks: dict[ShowId, CaptionTracks] = {}

    def __getitem__(self, show_id: ShowId) -> CaptionTracks:
        """The captions of a show whose log is open."""
        return self._tracks[show_id]

    def begin(self, show_id: ShowId) -> None:
        """A log is opened."""
        self._tracks[show_id] = CaptionTracks()

    def apply(self, event: Event) -> None:
        """The next event."""
        self._tracks[event.show_id].apply(event)

    def forget(self, show_id: ShowId) -> None:
        """The log is closed."""
        self._tracks.pop(show_id, None)
