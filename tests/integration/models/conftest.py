from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from stream_server.commerce.catalogue import Brand, ProductDraft, VariantDraft
from stream_server.ids import ProductId
from stream_server.products3d.ports import JobStore, ModelStore, UploadStore
from stream_server.stores.commerce_catalogue import SqlCatalogueStore
from stream_server.stores.model_jobs import SqlJobStore, SqlUploadStore
from stream_server.stores.models import SqlModelStore
from stream_server.stores.models_memory import MemoryJobStore, MemoryModelFacts, MemoryModelStore, MemoryUploadStore
from stream_server.stores.sql.database import Database, open_database
from stream_server.stores.sql.migrate import migrate
from tests.integration.postgres import postgres_server  # noqa: F401
from tests.unit.products3d.making import BRAND, NOON, RIVAL

CHAIR = ProductId("product_chair")
LAMP = ProductId("product_lamp")


@dataclass
class Stores:
    uploads: UploadStore
    jobs: JobStore
    models: ModelStore


Opener = Callable[[], AbstractAsyncContextManager[Stores]]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the stores on each engine, with two brands and two products."""
    if request.param == "memory":
        return _in_memory
    if request.param == "sqlite":
        return lambda: _in_sql(f"sqlite:///{tmp_path / 'models.db'}")
    url = request.getfixturevalue("postgres_server").new_database()
    return lambda: _in_sql(url)


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Stores]:
    facts = MemoryModelFacts()
    yield Stores(MemoryUploadStore(facts), MemoryJobStore(facts), MemoryModelStore(facts))


@asynccontextmanager
async def _in_sql(url: str) -> AsyncIterator[Stores]:
    await migrate(url)
    async with open_database(url) as database:
        await _stock_shop(database)
        yield Stores(SqlUploadStore(database), SqlJobStore(database), SqlModelStore(database))


async def _stock_shop(database: Database) -> None:
    catalogue = SqlCatalogueStore(database)
    for brand_id in (BRAND, RIVAL):
        await catalogue.put_brand(Brand(brand_id, brand_id, brand_id.replace("_", "-")), NOON)
    for product_id in (CHAIR, LAMP):
        draft = ProductDraft(
            slug=product_id.replace("_", "-"),
            category="home",
            title={"en": product_id},
            variants=(VariantDraft(sku=product_id, label={"en": "Oak"}, prices={"EUR": 100}),),
        )
        await catalogue.save(product_id, BRAND, draft, NOON, NOON - timedelta(days=1))
