"""The slate: what viewers see while nobody's picture comes. A film of a second or two, encoded once, in a loop.

Its packets go onto the show's timeline like any source's, so nothing breaks on the show clock; each turn of the loop
begins with a keyframe, so viewers may come at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

from stream_server.errors import Invalid
from stream_server.media.picture import starts_keyframe
from stream_server.media.rtp import CLOCK_RATES, MAX_PAYLOAD_BYTES
from stream_server.media.track import Track
from stream_server.signaling.media_plane import SlateFilm

MAX_FRAMES = 64
MAX_FILM_BYTES = 256 * 1024
_LATE_S = 1.0
"""Behind by more (the process was stopped), the film begins anew instead of being caught up in a burst."""


def checked(films: Sequence[SlateFilm]) -> dict[str, SlateFilm]:
    """By codec. Raises: Invalid for a film that cannot be played."""
    for film in films:
        payloads = [payload for frame in film.frames for payload in frame]
        if not 1 <= film.fps <= 30 or not 0 < len(film.frames) <= MAX_FRAMES or not all(film.frames):
            raise Invalid
        if sum(map(len, payloads)) > MAX_FILM_BYTES or max(map(len, payloads)) > MAX_PAYLOAD_BYTES:
            raise Invalid
        if film.codec not in ("H264", "VP8") or not any(starts_keyframe(film.codec, one) for one in film.frames[0]):
            raise Invalid
    return {film.codec: film for film in films}


class SlatePlayer:
    """Plays one film into a track, by the clock."""

    def __init__(self, film: SlateFilm, track: Track, now_s: float) -> None:
        """The track has begun this source."""
        self._film = film
        self._track = track
        self._sequence = 0
        self._begin(now_s, 0)

    def tick(self, now_s: float) -> None:
        """Push the frames that are due; they go out with the track's next flush."""
        if now_s - self._due_s() > _LATE_S:
            self._begin(now_s, self._ticks_at(now_s))
        while self._due_s() <= now_s:
            payloads = self._film.frames[self._frame % len(self._film.frames)]
            timestamp = (self._first_ticks + self._frame * CLOCK_RATES["video"] // self._film.fps) & 0xFFFFFFFF
            for number, payload in enumerate(payloads):
                marker = number == len(payloads) - 1
                self._track.push(self._sequence, timestamp, marker, False, payload, now_s, is_newest=True)
                self._sequence += 1
            self._frame += 1

    def _begin(self, now_s: float, ticks: int) -> None:
        self._began_s, self._first_ticks, self._frame = now_s, ticks, 0

    def _due_s(self) -> float:
        return self._began_s + self._frame / self._film.fps

    def _ticks_at(self, now_s: float) -> int:
        return self._first_ticks + round((now_s - self._began_s) * CLOCK_RATES["video"])
