"""Finished models and what products show, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import delete as deletion
from sqlalchemy.exc import IntegrityError

from stream_server.ids import BrandId, ModelId, ProductId
from stream_server.products3d.errors import ModelInUse, UnknownModel
from stream_server.products3d.model import Model, ModelFile, Publication
from stream_server.stores import model_rows
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.database import insert as upsert
from stream_server.stores.sql.models_schema import models, product_models


class SqlModelStore:
    """See `ModelStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, model_id: ModelId) -> Model | None:
        """See `ModelStore.load`."""
        return await self._database.read(_model, model_id)

    async def list_models(self, brand_id: BrandId | None, limit: int) -> list[Model]:
        """See `ModelStore.list_models`."""
        return await self._database.read(_models, brand_id, limit)

    async def remove(self, model_id: ModelId) -> list[ModelFile]:
        """See `ModelStore.remove`."""
        return await self._database.write(_remove, model_id)

    async def publish(self, publication: Publication) -> None:
        """See `ModelStore.publish`."""
        try:
            await self._database.write(_publish, publication)
        except IntegrityError as error:
            model = publication.model
            if model is not None and await self.load(model.model_id) is None:
                raise UnknownModel(model.model_id) from error
            raise

    async def unpublish(self, product_id: ProductId) -> bool:
        """See `ModelStore.unpublish`."""
        return await self._database.write(_unpublish, product_id)

    async def published(self, product_ids: Sequence[ProductId]) -> dict[ProductId, Publication]:
        """See `ModelStore.published`."""
        return await self._database.read(_published, product_ids)

    async def shown_by(self, model_ids: Sequence[ModelId]) -> dict[ModelId, list[ProductId]]:
        """See `ModelStore.shown_by`."""
        return await self._database.read(_shown_by, model_ids)


def _model(connection: Connection, model_id: ModelId) -> Model | None:
    row = connection.execute(select(models).where(models.c.id == model_id)).first()
    return model_rows.model(row) if row else None


def _models(connection: Connection, brand_id: BrandId | None, limit: int) -> list[Model]:
    wanted = select(models).order_by(models.c.created_at.desc(), models.c.id).limit(limit)
    if brand_id is not None:
        wanted = wanted.where(models.c.brand_id == brand_id)
    return [model_rows.model(row) for row in connection.execute(wanted)]


def _remove(connection: Connection, model_id: ModelId) -> list[ModelFile]:
    shown = select(product_models.c.product_id).where(product_models.c.model_id == model_id)
    if connection.execute(shown.limit(1)).first() is not None:
        raise ModelInUse
    found = _model(connection, model_id)
    if found is None:
        return []
    connection.execute(deletion(models).where(models.c.id == model_id))
    # Files are content-addressed: any other model may have the very same ones. Reading all of them is slow, but rare.
    others = connection.execute(select(models.c.files))
    kept = {file["sha256"] for row in others for file in row.files.values()}
    return [file for file in found.files.values() if file.sha256 not in kept]


def _publish(connection: Connection, publication: Publication) -> None:
    values: dict[str, Any] = model_rows.publication_values(publication)
    statement = upsert(connection, product_models).values(product_id=publication.product_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["product_id"], set_=values))


def _unpublish(connection: Connection, product_id: ProductId) -> bool:
    done = connection.execute(deletion(product_models).where(product_models.c.product_id == product_id))
    return done.rowcount > 0


def _published(connection: Connection, product_ids: Sequence[ProductId]) -> dict[ProductId, Publication]:
    rows = connection.execute(select(product_models).where(product_models.c.product_id.in_(product_ids))).all()
    ids = {row.model_id for row in rows if row.model_id is not None}
    shown = {row.id: model_rows.model(row) for row in connection.execute(select(models).where(models.c.id.in_(ids)))}
    return {ProductId(row.product_id): model_rows.publication(row, shown.get(row.model_id)) for row in rows}


def _shown_by(connection: Connection, model_ids: Sequence[ModelId]) -> dict[ModelId, list[ProductId]]:
    wanted = select(product_models.c.model_id, product_models.c.product_id)
    rows = connection.execute(
        wanted.where(product_models.c.model_id.in_(model_ids)).order_by(wanted.selected_columns[1])
    )
    found: defaultdict[ModelId, list[ProductId]] = defaultdict(list)
    for row in rows:
        found[ModelId(row.model_id)].append(ProductId(row.product_id))
    return dict(found)
