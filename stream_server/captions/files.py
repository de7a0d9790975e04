"""Captions as files: one WebVTT per language, made of the show's log when somebody asks for it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from stream_server.captions.listening import ListeningWish
from stream_server.captions.model import CaptionLine
from stream_server.captions.tracks import CaptionTracks, ShowCaptionTracks
from stream_server.captions.webvtt import shortened, webvtt
from stream_server.errors import Conflict, NotFound
from stream_server.ids import ShowId
from stream_server.shows.log import EventLog
from stream_server.shows.service import ShowService
from stream_server.translation.model import UNKNOWN, reading_language

FilePolicy = Literal["while_live", "after_show", "never"]
"""When files are given out: as the show goes on, only when it is over, or not at all."""

_PAGE = 500
_KEPT = 16
_AT_ONCE = 2
"""A whole log is read for a file: so many at the same time."""


class NoCaptions(NotFound):
    """There is no such file: nothing was said, or not in that language, or files are not given out."""

    code: ClassVar[str] = "no_captions"

    def __init__(self, language: str) -> None:
        super().__init__("captions", language)


@dataclass(eq=False)
class CaptionsNotYet(Conflict):
    """Files are given out when the show is over."""

    code: ClassVar[str] = "captions_not_yet"
    show_id: str

    def __str__(self) -> str:
        return "The captions of this show can be had when it is over."


@dataclass(frozen=True)
class CaptionFile:
    """A file and the name of this state of it."""

    language: str
    text: str
    etag: str


class CaptionFiles:
    """Reads the captions of shows."""

    def __init__(
        self, shows: ShowService, event_log: EventLog, tracks: ShowCaptionTracks, policy: FilePolicy = "while_live"
    ) -> None:
        """``tracks`` is a projection of ``event_log``, which is that of ``shows``."""
        self._shows, self._log, self._tracks, self._policy = shows, event_log, tracks, policy
        self._kept: OrderedDict[tuple[ShowId, str], CaptionFile] = OrderedDict()
        self._reading = asyncio.Semaphore(_AT_ONCE)

    async def languages(self, show_id: ShowId) -> list[str]:
        """The languages there are files of. Raises: UnknownShow, CaptionsNotYet, NoCaptions, Unavailable."""
        return (await self._open(show_id, UNKNOWN)).languages

    async def wish(self, show_id: ShowId) -> ListeningWish:
        """Whether the host is listened to. Raises: UnknownShow, Unavailable."""
        await self._shows.state(show_id)
        return self._tracks[show_id].wish

    async def etag(self, show_id: ShowId, tag: str) -> str:
        """Names the present state of a file, without making it. Raises: as `file`."""
        language = reading_language(tag)
        return _etag(language, await self._open(show_id, language))

    async def file(self, show_id: ShowId, tag: str) -> CaptionFile:
        """The file of a language; what was never translated stays in the language it was said in.

        Raises: UnknownShow, NoCaptions, CaptionsNotYet, Unavailable.
        """
        language = reading_language(tag)
        etag = _etag(language, await self._open(show_id, language))
        kept = self._kept.get((show_id, language))
        if kept is not None and kept.etag == etag:
            return kept
        async with self._reading:
            made = CaptionFile(language, webvtt(await self._lines(show_id, language), language), etag)
        self._kept[show_id, language] = made
        self._kept.move_to_end((show_id, language))
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made

    async def _open(self, show_id: ShowId, language: str) -> CaptionTracks:
        show = await self._shows.state(show_id)
        if self._policy == "never":
            raise NoCaptions(language)
        if self._policy == "after_show" and show.status != "ended":
            raise CaptionsNotYet(show_id)
        tracks = self._tracks[show_id]
        if language != UNKNOWN and language not in tracks.languages:
            raise NoCaptions(language)
        return tracks

    async def _lines(self, show_id: ShowId, language: str) -> list[CaptionLine]:
        lines: dict[str, CaptionLine] = {}
        cuts: dict[str, int] = {}
        seq = 0
        while page := await self._log.read(show_id, seq, _PAGE):
            for event in page:
                seq = event.seq
                if event.type == "caption":
                    line = CaptionLine.from_payload(event.payload)
                    if line.language == language or (line.is_spoken and line.utterance_id not in lines):
                        lines[line.utterance_id] = line
                elif event.type == "caption_cut":
                    cuts[event.payload["utterance_id"]] = event.payload["until_ms"]
        return [shortened(line, cuts[key]) if key in cuts else replace(line) for key, line in lines.items()]


def _etag(language: str, tracks: CaptionTracks) -> str:
    return f"{language}-{tracks.seq}"
