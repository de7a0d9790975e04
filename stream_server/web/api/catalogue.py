"""Products: everybody reads, brands write their own; pictures come first and are named in the product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile

from stream_server.audience.people import may_edit_product, require
from stream_server.commerce.catalogue import Product as FoundProduct
from stream_server.errors import Forbidden, Invalid
from stream_server.ids import BrandId, ProductId, VariantId
from stream_server.signaling.messages import Id
from stream_server.signaling.resources import PictureUploaded, Product, ProductInput, StockChange
from stream_server.web.access import acting_brand
from stream_server.web.api.bodies import product_body, product_draft
from stream_server.web.api.model_bodies import product_model_body
from stream_server.web.api.reading import matching, read_products
from stream_server.web.api.services import ApiServices, PublicRead, Services, Writer
from stream_server.web.errors import WrongMediaType
from stream_server.web.pictures import MAX_PICTURE_BYTES
from stream_server.web.request_body import media_type

router = APIRouter(tags=["catalogue"])

Language = Annotated[str | None, Query(max_length=20)]
"""What the reader reads (any tag)."""
_MAX_IDS_CHARS = 200 * 41


class NoFile(Invalid):
    """The upload has no file."""

    code = "no_file"

    def __str__(self) -> str:
        return "Send one picture in the multipart field 'file'."


@router.get("/products", dependencies=[PublicRead])
async def products(
    services: Services,
    ids: Annotated[str | None, Query(max_length=_MAX_IDS_CHARS)] = None,
    brand_id: Annotated[Id | None, Query()] = None,
    search: Annotated[str | None, Query(max_length=100)] = None,
    language: Language = None,
) -> list[Product]:
    """The products with these ids (separated by commas), or those of a brand, or all.

    ``search``: those with these words, in whatever language they are written or were translated into.
    ``language``: what the seller did not write in it comes translated beside the original.
    """
    if ids is not None:
        found = await services.shop.catalogue.products([ProductId(part) for part in ids.split(",") if part])
    else:
        found = await services.shop.catalogue.list_products(None if brand_id is None else BrandId(brand_id))
    if search is not None:
        found = await matching(found, search, services)
    return await _bodies(found, services, language)


@router.get("/products/{product_id}", dependencies=[PublicRead])
async def product(product_id: str, services: Services, language: Language = None) -> Product:
    """One product."""
    found = await services.shop.catalogue.product(ProductId(product_id))
    return (await _bodies([found], services, language))[0]


@router.post("/products", status_code=201)
async def add_product(
    body: ProductInput, person: Writer, services: Services, brand_id: Annotated[Id | None, Query()] = None
) -> Product:
    """Add a product to one's own brand; admins say which brand."""
    acting = acting_brand(person)
    if acting is None and brand_id is not None:
        acting = BrandId(brand_id)
    if acting is None:
        raise Forbidden
    require(may_edit_product(person, acting), person)
    created = await services.shop.catalogue.create(acting, product_draft(body))
    return await _body(created, services)


@router.put("/products/{product_id}")
async def change_product(product_id: str, body: ProductInput, person: Writer, services: Services) -> Product:
    """Write a product again, all but its stock."""
    acting = acting_brand(person)
    changed = await services.shop.catalogue.replace(ProductId(product_id), product_draft(body), acting)
    return await _body(changed, services)


@router.post("/variants/{variant_id}/stock")
async def change_stock(variant_id: str, body: StockChange, person: Writer, services: Services) -> Product:
    """Add pieces, or take unreserved ones away."""
    acting = acting_brand(person)
    level = await services.shop.catalogue.change_stock(VariantId(variant_id), body.change, acting)
    return await _body(await services.shop.catalogue.product(level.product_id), services)


@router.post("/pictures", status_code=201)
async def add_picture(request: Request, person: Writer, services: Services) -> PictureUploaded:
    """Upload a picture (multipart field ``file``); the address in the answer goes into a product."""
    acting_brand(person)
    services.throttle.take("uploads", person.id, services.rates.uploads)
    if media_type(request) != "multipart/form-data":
        raise WrongMediaType("multipart/form-data")
    async with request.form(max_files=1, max_fields=4, max_part_size=16 * 1024) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise NoFile
        data = await file.read(MAX_PICTURE_BYTES + 1)
    return await services.pictures.add(data)


async def _bodies(found: Sequence[FoundProduct], services: ApiServices, language: str | None = None) -> list[Product]:
    read = await read_products(found, language, services)
    shown = await services.desk.models.published([product.product_id for product in found])
    models = {product_id: product_model_body(publication) for product_id, publication in shown.items()}
    now = services.clock.now()
    return [
        product_body(product, now, models.get(product.product_id)).model_copy(
            update={"translation": read.get(product.product_id)}
        )
        for product in found
    ]


async def _body(found: FoundProduct, services: ApiServices) -> Product:
    return (await _bodies([found], services))[0]
