"""Wordbooks and translated texts in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from stream_server.clock import Clock
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.database import insert as upsert
from stream_server.stores.sql.translation_schema import translated_texts, wordbooks
from stream_server.translation.model import Translated
from stream_server.translation.wordbook import Wordbook

_AT_ONCE = 500
"""Keys in one query; SQLite takes 999 values in old versions."""


class SqlWordbookStore:
    """See `WordbookStore`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self, owners: Sequence[str]) -> dict[str, Wordbook]:
        """See `WordbookStore.load`."""
        return await self._database.read(_books, owners)

    async def save(self, owner: str, book: Wordbook) -> None:
        """See `WordbookStore.save`."""
        await self._database.write(_save_book, owner, book, self._clock.now())


class SqlTextStore:
    """See `TextStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, keys: Sequence[str]) -> dict[str, Translated]:
        """See `TextStore.load`."""
        return await self._database.read(_texts, keys)

    async def save(self, translations: Mapping[str, Translated], at: datetime) -> None:
        """See `TextStore.save`."""
        if translations:
            await self._database.write(_save_texts, translations, at)

    async def trim(self, before: datetime, most: int) -> None:
        """See `TextStore.trim`."""
        await self._database.write(_trim_texts, before, most)


def _books(connection: Connection, owners: Sequence[str]) -> dict[str, Wordbook]:
    rows = connection.execute(select(wordbooks).where(wordbooks.c.owner.in_(owners)))
    return {row.owner: Wordbook(row.terms, tuple(row.keep), tuple(row.blocked)) for row in rows}


def _save_book(connection: Connection, owner: str, book: Wordbook, at: datetime) -> None:
    values = {
        "terms": {term: dict(said) for term, said in book.terms.items()},
        "keep": list(book.keep),
        "blocked": list(book.blocked),
        "updated_at": at,
    }
    statement = upsert(connection, wordbooks).values(owner=owner, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["owner"], set_=values))


def _texts(connection: Connection, keys: Sequence[str]) -> dict[str, Translated]:
    found: dict[str, Translated] = {}
    for start in range(0, len(keys), _AT_ONCE):
        wanted = translated_texts.c.key.in_(keys[start : start + _AT_ONCE])
        for row in connection.execute(select(translated_texts).where(wanted)):
            found[row.key] = Translated(row.text, row.source, row.target, row.trust)
    return found


def _save_texts(connection: Connection, translations: Mapping[str, Translated], at: datetime) -> None:
    rows = [
        {
            "key": key,
            "text": translated.text,
            "source": translated.source,
            "target": translated.target,
            "trust": translated.trust,
            "created_at": at,
        }
        for key, translated in translations.items()
    ]
    connection.execute(upsert(connection, translated_texts).on_conflict_do_nothing(), rows)


def _trim_texts(connection: Connection, before: datetime, most: int) -> None:
    made, key = translated_texts.c.created_at, translated_texts.c.key
    connection.execute(delete(translated_texts).where(made < before))
    beyond = select(key).order_by(made.desc(), key.desc()).offset(most)
    connection.execute(delete(translated_texts).where(key.in_(beyond)))
