"""Whose goods a show presents (`translation.ports.ShowBrands`): the brands of the products in its rundown."""

from __future__ import annotations

from collections.abc import Sequence

from stream_server.commerce.catalogue_service import CatalogueService
from stream_server.ids import BrandId, ShowId
from stream_server.shows.service import ShowService


class RundownBrands:
    """Read from the show's plan and the catalogue at each call."""

    def __init__(self, shows: ShowService, catalogue: CatalogueService) -> None:
        self._shows = shows
        self._catalogue = catalogue

    async def brands_of(self, show_id: ShowId) -> Sequence[BrandId]:
        """See `ShowBrands.brands_of`."""
        record = await self._shows.get(show_id)
        products = await self._catalogue.products(record.plan.rundown)
        return list(dict.fromkeys(product.brand_id for product in products))
