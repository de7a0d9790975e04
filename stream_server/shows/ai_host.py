"""What a host has decided about the AI host of a show. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from stream_server.shows.errors import BadShow

AiMode = Literal["off", "stand_in", "always"]
"""``stand_in``: she is there while a show is on, for when its host's picture stops. ``always``: she presents whenever
nobody else does, from the planned start on (at once where none is planned)."""

LEAST_PATIENCE_S, MOST_PATIENCE_S = 2.0, 120.0

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VOICE = re.compile(r"[a-z0-9][a-z0-9:_+-]{0,39}|")


@dataclass(frozen=True)
class AiHost:
    """The settings of one show."""

    mode: AiMode = "off"
    language: str = "en"
    """BCP 47."""
    patience_s: float = 5.0
    """How long a show waits for its host's picture before she takes over."""
    voice: str = ""
    """Beginning of the name of a speech engine (``flite``, ``espeak``); empty: the best there is for the language."""

    def checked(self) -> AiHost:
        """Itself. Raises: BadShow."""
        if not _LANGUAGE.fullmatch(self.language):
            raise BadShow("the AI host's language is not a language tag")
        if not LEAST_PATIENCE_S <= self.patience_s <= MOST_PATIENCE_S:
            raise BadShow(f"the AI host waits {LEAST_PATIENCE_S:.0f} to {MOST_PATIENCE_S:.0f} seconds")
        if not _VOICE.fullmatch(self.voice):
            raise BadShow("the AI host's voice is not the name of one")
        return self


class Hosted(Protocol):
    """What decides whether a show has an AI host now; `shows.model.ShowRecord` is one."""

    @property
    def status(self) -> str:
        """Of the show."""

    @property
    def ai_host(self) -> AiHost:
        """Its settings."""

    @property
    def starts_at(self) -> datetime | None:
        """When it is planned to begin."""


def is_wanted(show: Hosted, now: datetime) -> bool:
    """Whether an AI host should be at the door of a show."""
    if show.ai_host.mode == "off" or show.status == "ended":
        return False
    if show.status in ("live", "away"):
        return True
    return show.ai_host.mode == "always" and (show.starts_at is None or show.starts_at <= now)
