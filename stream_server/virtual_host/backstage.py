"""What can be changed while the host is on air: read from the show's plan again and again, put on between two lines.

The show's own record is the only place where settings stand, so a studio, a program and a host that was started again
all mean the same. Rundown, products, offers, the week's blocks, voice, outfit, each product's time and the time zone
are taken over here; language and patience belong to the media session, so those begin a new one (`keeper`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from avatar.direction.director import Director
from avatar.direction.schedule import Block, Schedule
from avatar.errors import AvatarError
from avatar.model import Offer, ProductFacts, Rundown, language_of
from avatar.speech.voices import Voices
from avatar.stage.look import Look
from avatar.wardrobe import outfit
from stream_server.shows.ai_host import AiHost
from stream_server.shows.offers import Offer as PlannedOffer
from stream_server.signaling.resources import Show
from stream_server.virtual_host.door import ShopDoor, read_show
from stream_server.virtual_host.host_clock import ShowClock

logger = logging.getLogger(__name__)

LOOK_S = 3.0
"""Between two looks at the plan."""
_WHOLE = ""
"""Key of the whole rundown among the week's blocks."""


@dataclass(frozen=True)
class Plan:
    """What the host takes over while it is on air, as the show's record says it now."""

    title: Mapping[str, str]
    products: tuple[str, ...]
    """Those of the block of the week that holds, else the whole rundown."""
    offers: Mapping[str, tuple[Offer, ...]]
    """By product."""
    turn_s: float
    voice: str
    outfit: str
    time_zone: str

    @classmethod
    def of(cls, show: Show, now: datetime) -> Plan:
        """The plan of a show at a moment."""
        settings = show.ai_host
        return cls(
            dict(show.title),
            _on_now(show, now),
            _offers(show),
            settings.turn_s,
            settings.voice,
            settings.outfit,
            settings.time_zone,
        )


@dataclass(frozen=True)
class Staging:
    """A plan put together with what the shop says of its products."""

    plan: Plan
    rundown: Rundown
    products: Mapping[str, ProductFacts]
    pictures: Mapping[str, str]
    """Product → where its picture is."""


def _on_now(show: Show, now: datetime) -> tuple[str, ...]:
    settings = AiHost.read(show.ai_host.model_dump())
    blocks = {str(n): block for n, block in enumerate(settings.blocks)}
    week = tuple(Block(key, *block.times, frozenset(block.weekdays)) for key, block in blocks.items())
    key = Schedule(settings.time_zone, week, _WHOLE).key_at(now)
    if key == _WHOLE:
        return tuple(show.rundown)
    # A product that was taken out of the show can neither be pinned nor bought.
    return tuple(product_id for product_id in blocks[key].rundown if product_id in show.rundown)


def _offers(show: Show) -> dict[str, tuple[Offer, ...]]:
    found: dict[str, tuple[Offer, ...]] = {}
    for each in show.offers:
        planned = PlannedOffer.read(each.model_dump())
        told = Offer(planned.offer_id, planned.text, ends_at=planned.ends_at)
        found[planned.product_id] = (*found.get(planned.product_id, ()), told)
    return found


async def stage_show(door: ShopDoor, show: Show, now: datetime) -> Staging:
    """A show's plan of this moment with its products. Raises: OSError, BadRundown."""
    plan = Plan.of(show, now)
    playing = show.model_copy(update={"rundown": list(plan.products)})
    return Staging(plan, *await read_show(door, playing, plan.turn_s, plan.offers))


class Backstage:
    """Looks at the plan while its `run` lasts; `change_over` puts on what was found, between two lines."""

    def __init__(
        self,
        door: ShopDoor,
        show_id: str,
        staging: Staging,
        director: Director,
        voices: Voices,
        lang: str,
        clock: ShowClock,
        hang_picture: Callable[[str, bytes], None],
        dress: Callable[[Look], None],
    ) -> None:
        """``staging`` is on stage already. ``hang_picture`` and ``dress`` reach the stage, wherever it is drawn."""
        self._door, self._show_id, self._clock, self._lang = door, show_id, clock, lang
        self._now = staging
        self._director, self._voices = director, voices
        self._hang_picture, self._dress = hang_picture, dress
        self._next: Staging | None = None
        self._stale = asyncio.Event()

    def product_changed(self) -> None:
        """A brand has written a product anew: what is told of it is read again."""
        self._stale.set()

    async def run(self) -> None:
        """For ever. While the shop does not answer, everything stays as it is."""
        while True:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._stale.wait()
            except TimeoutError:
                pass
            is_stale = self._stale.is_set()
            self._stale.clear()
            try:
                await self.look(even_unchanged=is_stale)
            except (OSError, AvatarError) as error:
                logger.warning("the plan was not read again: %s", error)

    async def look(self, *, even_unchanged: bool = False) -> None:
        """Read the plan; what differs waits for `change_over`. Raises: OSError, BadRundown."""
        show = await self._door.show(self._show_id)
        plan, known = Plan.of(show, self._clock.now()), self._next or self._now
        if plan == known.plan and not even_unchanged:
            return
        staging = await stage_show(self._door, show, self._clock.now())
        await self._hang(staging, known)
        self._next = staging

    async def _hang(self, staging: Staging, known: Staging) -> None:
        for product_id, url in staging.pictures.items():
            if known.pictures.get(product_id) == url:
                continue
            try:
                self._hang_picture(product_id, await self._door.picture(url))
            except OSError as error:
                logger.warning("a product's picture is missing: %s", error)

    def change_over(self) -> None:
        """Put on what was found; nothing is being said. Never raises."""
        if self._next is None:
            return
        before, now, self._next = self._now, self._next, None
        self._now = now
        if now.plan.voice != before.plan.voice:
            self._voices.prefer({language_of(self._lang): now.plan.voice} if now.plan.voice else {})
        if now.plan.outfit != before.plan.outfit:
            self._dress(outfit(now.plan.outfit))
        if now.plan.time_zone != before.plan.time_zone:
            self._director.use_time_zone(now.plan.time_zone)
        if (now.rundown, now.products) != (before.rundown, before.products):
            self._director.use_rundown(now.rundown, now.products)
        logger.info("the plan has changed; taken over")
