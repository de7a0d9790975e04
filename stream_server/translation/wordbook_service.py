"""The wordbooks of the shop and its brands, at hand for every line of chat: read rarely, changed in the console."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import structlog

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import BrandId, ShowId
from stream_server.translation.ports import ShowBrands, WordbookStore
from stream_server.translation.wordbook import SHOP, Wordbook, checked, merged

log = structlog.get_logger(__name__)

FRESH_S = 10.0
"""How old a book may be that lines are held against: another process may have saved a newer one."""
_REMEMBERED = 1000


class Wordbooks:
    """Reads and writes wordbooks. A show's book is the shop's, and those of the brands that it presents."""

    def __init__(self, store: WordbookStore, show_brands: ShowBrands, clock: Clock) -> None:
        self._store = store
        self._show_brands = show_brands
        self._clock = clock
        self._of_shows: OrderedDict[ShowId, tuple[float, Wordbook]] = OrderedDict()

    async def book(self, owner: str) -> Wordbook:
        """One owner's book as it was written; empty for one that has none. Raises: Unavailable."""
        return (await self._store.load([owner])).get(owner, Wordbook())

    async def write(self, owner: str, book: Wordbook) -> Wordbook:
        """Replace one owner's book; lines in this process are held against it at once.

        Raises: InvalidWordbook, Unavailable.
        """
        clean = checked(book)
        await self._store.save(owner, clean)
        self._of_shows.clear()
        return clean

    async def of_brands(self, brand_ids: Sequence[BrandId]) -> Wordbook:
        """What holds for the goods of brands. Raises: Unavailable."""
        owners = [SHOP, *dict.fromkeys(map(str, brand_ids))]
        books = await self._store.load(owners)
        return merged(books[owner] for owner in owners if owner in books)

    async def of_show(self, show_id: ShowId) -> Wordbook:
        """What holds in a show. While it cannot be read, the last one known holds. Raises: Unavailable, UnknownShow."""
        now_s = self._clock.monotonic_s()
        read_s, known = self._of_shows.get(show_id, (float("-inf"), None))
        if known is not None and now_s - read_s <= FRESH_S:
            return known
        try:
            book = await self.of_brands(await self._show_brands.brands_of(show_id))
        except Unavailable as error:
            if known is None:
                raise
            log.warning("wordbook not read", show_id=show_id, error=str(error))
            return known
        if known is not None and known == book:
            book = known  # its patterns are made already
        self._of_shows[show_id] = (now_s, book)
        self._of_shows.move_to_end(show_id)
        while len(self._of_shows) > _REMEMBERED:
            self._of_shows.popitem(last=False)
        return book
