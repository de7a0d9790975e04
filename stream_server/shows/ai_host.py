"""What a host has decided about the AI host of a show. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stream_server.ids import ProductId
from stream_server.shows.errors import BadShow

AiMode = Literal["off", "stand_in", "always"]
"""``stand_in``: she is there while a show is on, for when its host's picture stops. ``always``: she presents whenever
nobody else does, from the planned start on (at once where none is planned)."""

LEAST_PATIENCE_S, MOST_PATIENCE_S = 2.0, 120.0
LEAST_TURN_S, MOST_TURN_S = 20.0, 3600.0
MAX_BLOCKS = 21
"""Three a day of the week."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VOICE = re.compile(r"[a-z0-9][a-z0-9:_+-]{0,39}|")
_OUTFIT = re.compile(r"[a-z]{1,20}|")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class HostBlock:
    """A part of the week with products of its own, in the time zone of the settings."""

    begins: str
    """``HH:MM``."""
    ends: str
    """``HH:MM``; over midnight when it is not later than ``begins``."""
    rundown: tuple[ProductId, ...]
    """The products that are presented, in this order."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """On which it begins; 0 is Monday."""

    def checked(self) -> HostBlock:
        """Itself. Raises: BadShow."""
        if not (_TIME.fullmatch(self.begins) and _TIME.fullmatch(self.ends)):
            raise BadShow("a block of the week begins and ends at a time like 18:30")
        if not self.weekdays or len(set(self.weekdays)) < len(self.weekdays) or not set(self.weekdays) <= set(range(7)):
            raise BadShow("the days of a block are numbers from 0 (Monday) to 6, each once")
        if not self.rundown:
            raise BadShow("a block of the week needs products")
        return self

    @property
    def times(self) -> tuple[time, time]:
        """Begin and end."""
        return time.fromisoformat(self.begins), time.fromisoformat(self.ends)


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
    outfit: str = ""
    """Name of one (`avatar.wardrobe`); empty, or one that there is not: as she is."""
    turn_s: float = 60.0
    """How long each product is presented before the next."""
    time_zone: str = "UTC"
    """IANA name: whose mornings and evenings she greets, and the hours of ``blocks``."""
    blocks: tuple[HostBlock, ...] = ()
    """Parts of the week with products of their own; the first that holds counts, else the whole rundown."""

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> AiHost:
        """From plain values, ``blocks`` being mappings; the inverse of `plain`. Not checked yet."""
        return cls(**{**fields, "blocks": tuple(_block(block) for block in fields.get("blocks") or ())})

    def plain(self) -> dict[str, Any]:
        """As plain values that JSON has."""
        return asdict(self)

    def checked(self) -> AiHost:
        """Itself. Raises: BadShow."""
        if not _LANGUAGE.fullmatch(self.language):
            raise BadShow("the AI host's language is not a language tag")
        if not LEAST_PATIENCE_S <= self.patience_s <= MOST_PATIENCE_S:
            raise BadShow(f"the AI host waits {LEAST_PATIENCE_S:.0f} to {MOST_PATIENCE_S:.0f} seconds")
        if not _VOICE.fullmatch(self.voice):
            raise BadShow("the AI host's voice is not the name of one")
        if not _OUTFIT.fullmatch(self.outfit):
            raise BadShow("the AI host's outfit is not the name of one")
        if not LEAST_TURN_S <= self.turn_s <= MOST_TURN_S:
            raise BadShow(f"a product's turn takes {LEAST_TURN_S:.0f} to {MOST_TURN_S:.0f} seconds")
        if len(self.blocks) > MAX_BLOCKS:
            raise BadShow(f"the AI host's week has more than {MAX_BLOCKS} blocks")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise BadShow("the AI host's time zone is not one") from error
        for block in self.blocks:
            block.checked()
        return self


def _block(fields: Mapping[str, Any]) -> HostBlock:
    days: Sequence[int] = fields.get("weekdays") or tuple(range(7))
    return HostBlock(fields["begins"], fields["ends"], tuple(fields["rundown"]), tuple(days))


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
