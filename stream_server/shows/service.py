"""Everything that can be done with a show. Who may do it is decided by the callers (`audience.people`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

import structlog

from stream_server.clock import Clock
from stream_server.errors import Unavailable, VitrineError
from stream_server.ids import PersonId, ProductId, SessionId, ShowId, new_id
from stream_server.shows.clock import ShowClock
from stream_server.shows.events import Aside, Draft, Event
from stream_server.shows.log import EventLog
from stream_server.shows.model import Host, InvitedWay, Presenter, Show, ShowEnded, ShowPlan, ShowRecord, ShowStatus
from stream_server.shows.ports import ShowStore, Stage
from stream_server.shows.states import ShowStates

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ShowOptions:
    """How patient shows are."""

    host_grace_s: float = 120.0
    """How long a show waits for its host to come back before it ends."""
    silence_s: float = 8.0
    """A live show whose clock was not heard of for so long has lost its source (the media process may have died)."""
    look_s: float = 1.0
    """How often the two are checked."""
    stage_timeout_s: float = 5.0


class ShowService:
    """The shows. Works inside ``async with event_log.run(), shows.run()``."""

    def __init__(
        self,
        store: ShowStore,
        event_log: EventLog,
        states: ShowStates,
        show_clock: ShowClock,
        stage: Stage,
        clock: Clock,
        options: ShowOptions | None = None,
    ) -> None:
        self._store = store
        self._log = event_log
        self._states = states
        self._show_clock = show_clock
        self._stage = stage
        self._clock = clock
        self._options = options or ShowOptions()
        self._sources: dict[ShowId, SessionId] = {}
        """Who broadcasts, as far as this process was told."""
        self._watching_since = clock.now()
        """A host cannot come back while nobody listens: the grace begins no earlier than this."""

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Watch over the shows that are on air: lost sources, hosts that do not come back."""
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(), name="shows watch")
            try:
                yield self
            finally:
                watch.cancel()

    # ---- planning

    async def create(self, host: Host, plan: ShowPlan, show_id: ShowId | None = None) -> ShowRecord:
        """Plan a show. ``show_id`` is for shows whose address must be known beforehand (the demo).

        Raises: BadShow, Unavailable.
        """
        record = ShowRecord(
            show_id=show_id or ShowId(new_id("show")),
            host=host,
            plan=plan.checked(),
            status="scheduled",
            started_at=None,
            ended_at=None,
            epoch=new_id("epoch"),
            likes=0,
            created_at=self._clock.now(),
        )
        await self._store.add(record)
        return record

    async def update(self, show_id: ShowId, plan: ShowPlan) -> ShowRecord:
        """Change the plan of a show that has not ended. Raises: UnknownShow, ShowEnded, BadShow, Unavailable."""
        record = await self._store.get(show_id)
        if record.status == "ended":
            raise ShowEnded(show_id)
        changed = replace(record, plan=plan.checked())
        await self._store.change(changed)
        return changed

    async def get(self, show_id: ShowId) -> ShowRecord:
        """One show as it is kept. Raises: UnknownShow, Unavailable."""
        return await self._store.get(show_id)

    async def find(
        self, *, host_id: PersonId | None = None, statuses: Sequence[ShowStatus] = (), limit: int = 50
    ) -> list[ShowRecord]:
        """Shows: on air first, then by planned start, then the newest ended. Raises: Unavailable."""
        return await self._store.find(host_id=host_id, statuses=statuses, limit=limit)

    async def with_product(self, product_id: ProductId) -> list[ShowId]:
        """The shows that have the product in their rundown and have not ended. Raises: Unavailable."""
        return await self._store.with_product(product_id)

    # ---- what is going on

    async def state(self, show_id: ShowId) -> Show:
        """The newest state. Raises: UnknownShow, Unavailable."""
        await self._open(show_id)
        return self._states[show_id]

    async def position_ms(self, show_id: ShowId) -> int:
        """The show clock now. Raises: UnknownShow, Unavailable."""
        await self._open(show_id)
        return self._states.position_ms(show_id)

    def current(self, show_id: ShowId) -> tuple[Show, int]:
        """State and show clock of a show whose log is open, without waiting."""
        return self._states[show_id], self._states.position_ms(show_id)

    async def check_may_go_live(self, show_id: ShowId) -> None:
        """Before a publisher is accepted. Raises: UnknownShow, ShowEnded, Unavailable."""
        if (await self.state(show_id)).status == "ended":
            raise ShowEnded(show_id)

    # ---- the host's commands

    async def pin(self, show_id: ShowId, product_id: ProductId) -> None:
        """Open a product's card as the newest. Raises: UnknownShow, ShowEnded, NotInRundown, Unavailable."""
        rundown = (await self._store.get(show_id)).plan.rundown
        await self._write(show_id, lambda show, at_ms: show.pinning(product_id, at_ms, rundown))

    async def unpin(self, show_id: ShowId, product_id: ProductId) -> None:
        """Close a product's card. Raises: UnknownShow, ShowEnded, Unavailable."""
        await self._write(show_id, lambda show, _: show.unpinning(product_id))

    async def mark_sold_out(self, show_id: ShowId, product_id: ProductId, sold_out: bool) -> None:
        """Mark a product sold out, or not. Raises: UnknownShow, ShowEnded, NotInRundown, Unavailable."""
        rundown = (await self._store.get(show_id)).plan.rundown
        await self._write(show_id, lambda show, _: show.marking(product_id, sold_out, rundown))

    async def announce(self, show_id: ShowId, text: str) -> None:
        """Set the announcement strip. Raises: UnknownShow, ShowEnded, AnnouncementTooLong, Unavailable."""
        await self._write(show_id, lambda show, _: show.announcing(text))

    async def invite_to_try_on(self, show_id: ShowId, product_id: ProductId, way: InvitedWay = "try_on") -> None:
        """Ask everybody to try a product on, or turn it in 3D.

        Raises: UnknownShow, ShowEnded, NotInRundown, Unavailable.
        """
        rundown = (await self._store.get(show_id)).plan.rundown
        await self._write(show_id, lambda show, _: show.inviting(product_id, rundown, way))

    async def show_offer(self, show_id: ShowId, offer_id: str) -> None:
        """Show an offer of the plan to everybody.

        Raises: UnknownShow, ShowEnded, UnknownOffer, OfferOver, NotInRundown, Unavailable.
        """
        plan, now = (await self._store.get(show_id)).plan, self._clock.now()
        await self._write(show_id, lambda show, _: show.offering(offer_id, plan.offers, plan.rundown, now))

    async def end(self, show_id: ShowId) -> ShowRecord:
        """End the show for good; ending it twice is fine. Raises: UnknownShow, Unavailable."""
        await self._write(show_id, lambda show, _: show.ending())
        self._sources.pop(show_id, None)
        self._show_clock.forget(show_id)
        try:
            async with asyncio.timeout(self._options.stage_timeout_s):
                await self._stage.end_show(show_id)
        except (Unavailable, TimeoutError) as error:
            # A media process that does not answer has lost its sessions or is about to; nobody can join an ended show.
            log.warning("media of an ended show not closed", show_id=show_id, error=str(error))
        return await self._store.get(show_id)

    async def tell(self, show_id: ShowId, draft: Draft) -> None:
        """Add an event of another feature (stock, product, order) to a show that has not ended.

        Raises: UnknownShow, Unavailable.
        """
        await self._write(show_id, lambda show, _: [] if show.status == "ended" else [draft])

    def tell_aside(self, aside: Aside) -> None:
        """Tell those who are connected now, soon; may be lost, is never kept."""
        self._log.post(aside)

    # ---- what the media process says

    async def source_started(self, show_id: ShowId, session_id: SessionId, presenter: Presenter = "human") -> None:
        """A publisher's media flows: the show is live. Raises: UnknownShow, ShowEnded, Unavailable."""
        self._sources[show_id] = session_id
        self._show_clock.expect(show_id)
        await self._write(show_id, lambda show, _: show.going_live(presenter))

    async def source_stopped(self, show_id: ShowId, session_id: SessionId) -> None:
        """A publisher is gone; the show waits for its host, unless another source has taken over.

        Raises: UnknownShow, Unavailable.
        """
        if self._sources.get(show_id, session_id) != session_id:
            return
        self._sources.pop(show_id, None)
        await self._write(show_id, lambda show, _: show.going_away())

    def clock_anchor(self, show_id: ShowId, position_ms: float, monotonic_s: float) -> None:
        """Where the show's timeline stood at one instant."""
        self._log.post(self._show_clock.anchor(show_id, position_ms, monotonic_s))

    # ---- watching

    async def look_after(self) -> None:
        """One round: live shows without a source are away, shows that waited too long for their host end."""
        for record in await self._store.find(statuses=("live", "away"), limit=1000):
            try:
                await self._look_after(record.show_id)
            except VitrineError as error:  # one show is a fault boundary; the next round tries again
                log.warning("show not looked after", show_id=record.show_id, error=str(error))

    async def _look_after(self, show_id: ShowId) -> None:
        show = await self.state(show_id)
        if show.status == "live" and self._show_clock.listen_for(show_id) > self._options.silence_s:
            log.warning("source lost", show_id=show_id)
            self._sources.pop(show_id, None)
            await self._write(show_id, lambda show, _: show.going_away())
        elif show.status == "away" and self._away_s(show) >= self._options.host_grace_s:
            log.info("host did not come back", show_id=show_id)
            await self.end(show_id)

    def _away_s(self, show: Show) -> float:
        assert show.status_since is not None  # only an event makes a show away
        return (self._clock.now() - max(show.status_since, self._watching_since)).total_seconds()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._options.look_s)
            try:
                await self.look_after()
            except Unavailable as error:
                log.warning("shows not looked after", error=str(error))

    # ---- the log

    async def _open(self, show_id: ShowId) -> None:
        if not self._log.is_open(show_id):
            await self._store.get(show_id)  # raises for a show that is not there
        await self._log.open(show_id)

    async def _write(self, show_id: ShowId, decide: Callable[[Show, int], Sequence[Draft]]) -> Sequence[Event]:
        await self._open(show_id)
        return await self._log.write(show_id, lambda at_ms: decide(self._states[show_id], at_ms))
