"""Finished models, and which product shows which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stream_server.clock import Clock
from stream_server.ids import BrandId, ModelId, ProductId, VariantId
from stream_server.products3d.errors import NotYourModel, UnknownModel
from stream_server.products3d.model import Lipstick, Model, Publication, check_publication
from stream_server.products3d.ports import FileStore, ModelStore, ProductNews, Products, SoldProduct

MAX_LISTED = 100


@dataclass(frozen=True)
class Wanted:
    """What a brand wants to show: a model or a lipstick, never both."""

    model_id: ModelId | None = None
    lipstick: Lipstick | None = None
    variant_ids: Mapping[str, VariantId] | None = None
    poster_url: str | None = None


class ModelService:
    """Where ``brand_id`` says who acts, None is an admin, who may touch all."""

    def __init__(
        self, store: ModelStore, files: FileStore, products: Products, news: ProductNews, clock: Clock
    ) -> None:
        self._store = store
        self._files = files
        self._products = products
        self._news = news
        self._clock = clock

    async def get(self, model_id: ModelId, brand_id: BrandId | None) -> Model:
        """One model. Raises: UnknownModel."""
        model = await self._store.load(model_id)
        if model is None or brand_id not in (None, model.brand_id):
            raise UnknownModel(model_id)
        return model

    async def list_models(self, brand_id: BrandId | None) -> list[Model]:
        """Newest first."""
        return await self._store.list_models(brand_id, MAX_LISTED)

    async def shown_by(self, models: Sequence[Model]) -> dict[ModelId, list[ProductId]]:
        """Which products show each of these."""
        return await self._store.shown_by([model.model_id for model in models])

    async def remove(self, model_id: ModelId, brand_id: BrandId | None) -> None:
        """Delete a model with those of its files that no other has. Raises: UnknownModel, ModelInUse."""
        await self.get(model_id, brand_id)
        for file in await self._store.remove(model_id):
            await self._files.remove(file.sha256, file.suffix)

    async def publish(self, product_id: ProductId, wanted: Wanted, brand_id: BrandId | None) -> Publication:
        """Show a model, or shades, with a product.

        Raises: NotFound (product), NotYourModel, UnknownModel, BadPublication.
        """
        product = await self._own(product_id, brand_id)
        model = None if wanted.model_id is None else await self.get(wanted.model_id, product.brand_id)
        publication = Publication(
            product_id=product_id,
            model=model,
            published_at=self._clock.now(),
            lipstick=wanted.lipstick,
            variant_ids=dict(wanted.variant_ids or {}),
            poster_url=wanted.poster_url,
        )
        check_publication(publication, [variant.variant_id for variant in product.variants])
        await self._store.publish(publication)
        self._news.product_changed(product_id)
        return publication

    async def unpublish(self, product_id: ProductId, brand_id: BrandId | None) -> None:
        """Show nothing in 3D any more; twice is fine. Raises: NotFound (product), NotYourModel."""
        await self._own(product_id, brand_id)
        if await self._store.unpublish(product_id):
            self._news.product_changed(product_id)

    async def published(self, product_ids: Sequence[ProductId]) -> dict[ProductId, Publication]:
        """What products show."""
        return await self._store.published(product_ids) if product_ids else {}

    async def _own(self, product_id: ProductId, brand_id: BrandId | None) -> SoldProduct:
        product = await self._products.product(product_id)
        if brand_id not in (None, product.brand_id):
            raise NotYourModel
        return product
