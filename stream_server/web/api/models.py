"""Models: brands upload, follow the job, look at what came of it, and publish it with a product."""

from __future__ import annotations

from fastapi import APIRouter, Response

from stream_server.errors import Forbidden
from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId
from stream_server.products3d import job
from stream_server.products3d.errors import UnknownUpload
from stream_server.signaling.resources import (
    Model,
    ModelAnchorsInput,
    ModelJob,
    ModelJobInput,
    ProductModel,
    PublishModelInput,
    Upload,
    UploadInput,
)
from stream_server.web.access import acting_brand
from stream_server.web.api.model_bodies import (
    job_body,
    job_order,
    model_body,
    product_model_body,
    upload_body,
    wanted_publication,
)
from stream_server.web.api.services import ApiServices, Reader, Services, Writer

router = APIRouter(tags=["models"])


# ---- uploads


@router.post("/uploads", status_code=201)
async def announce_upload(body: UploadInput, person: Writer, services: Services, brand_id: str | None = None) -> Upload:
    """Announce a file; its bytes go to ``location``, in pieces. Admins say for which brand."""
    acting = acting_brand(person) or (None if brand_id is None else BrandId(brand_id[:40]))
    if acting is None:
        raise Forbidden
    await services.shop.catalogue.brand(acting)
    found = await services.desk.uploads.announce(acting, person.id, body.name, body.size_bytes)
    return upload_body(found, 0, services.desk.uploads.limits.chunk_bytes)


@router.get("/uploads/{upload_id}")
async def upload(upload_id: str, person: Reader, services: Services) -> Upload:
    """How much of a file has arrived."""
    found, received = await services.desk.uploads.get(UploadId(upload_id), acting_brand(person))
    return upload_body(found, received, services.desk.uploads.limits.chunk_bytes)


@router.delete("/uploads/{upload_id}", status_code=204)
async def remove_upload(upload_id: str, person: Writer, services: Services) -> Response:
    """Forget an upload."""
    await services.desk.uploads.remove(UploadId(upload_id), acting_brand(person))
    return Response(status_code=204)


# ---- jobs


@router.post("/model-jobs", status_code=201)
async def start_job(body: ModelJobInput, person: Writer, services: Services) -> ModelJob:
    """Make a model of an upload that is complete; the same upload again gives the same job."""
    acting = acting_brand(person)
    if body.upload_id is None:
        raise UnknownUpload("")
    product_id = None if body.product_id is None else ProductId(body.product_id)
    started = await services.desk.jobs.start(UploadId(body.upload_id), job_order(body), acting, product_id)
    return await _job(started, services)


@router.get("/model-jobs")
async def jobs(person: Reader, services: Services) -> list[ModelJob]:
    """A brand's jobs, newest first; admins see all."""
    return [await _job(found, services) for found in await services.desk.jobs.list_jobs(acting_brand(person))]


@router.get("/model-jobs/{job_id}")
async def one_job(job_id: str, person: Reader, services: Services) -> ModelJob:
    """How a job stands; ask about once a second while somebody looks on."""
    return await _job(await services.desk.jobs.get(JobId(job_id), acting_brand(person)), services)


@router.post("/model-jobs/{job_id}/cancel")
async def cancel_job(job_id: str, person: Writer, services: Services) -> ModelJob:
    """Stop a job that waits or runs."""
    return await _job(await services.desk.jobs.cancel(JobId(job_id), acting_brand(person)), services)


@router.post("/model-jobs/{job_id}/retry", status_code=201)
async def retry_job(job_id: str, body: ModelJobInput, person: Writer, services: Services) -> ModelJob:
    """Make the model of the same upload again, as a new job; an empty body keeps what was ordered."""
    order = job_order(body) if body.model_fields_set else None
    return await _job(await services.desk.jobs.retry(JobId(job_id), order, acting_brand(person)), services)


# ---- models


@router.get("/models")
async def models(person: Reader, services: Services) -> list[Model]:
    """A brand's models, newest first; admins see all."""
    found = await services.desk.models.list_models(acting_brand(person))
    shown = await services.desk.models.shown_by(found)
    return [model_body(one, shown.get(one.model_id, [])) for one in found]


@router.get("/models/{model_id}")
async def one_model(model_id: str, person: Reader, services: Services) -> Model:
    """One model with its report."""
    found = await services.desk.models.get(ModelId(model_id), acting_brand(person))
    shown = await services.desk.models.shown_by([found])
    return model_body(found, shown.get(found.model_id, []))


@router.delete("/models/{model_id}", status_code=204)
async def remove_model(model_id: str, person: Writer, services: Services) -> Response:
    """Delete a model that no product shows."""
    await services.desk.models.remove(ModelId(model_id), acting_brand(person))
    return Response(status_code=204)


@router.put("/models/{model_id}/anchors", status_code=201)
async def write_anchors(model_id: str, body: ModelAnchorsInput, person: Writer, services: Services) -> ModelJob:
    """Give a model other anchors: a quick job makes new files, as a new model."""
    anchors = [anchor.model_dump() for anchor in body.anchors]
    started = await services.desk.jobs.write_anchors(ModelId(model_id), anchors, acting_brand(person))
    return await _job(started, services)


@router.put("/products/{product_id}/model")
async def publish_model(product_id: str, body: PublishModelInput, person: Writer, services: Services) -> ProductModel:
    """Show a model, or a lipstick's shades, with a product from now on."""
    wanted = wanted_publication(body)
    return product_model_body(await services.desk.models.publish(ProductId(product_id), wanted, acting_brand(person)))


@router.delete("/products/{product_id}/model", status_code=204)
async def unpublish_model(product_id: str, person: Writer, services: Services) -> Response:
    """Show nothing in 3D with a product any more."""
    await services.desk.models.unpublish(ProductId(product_id), acting_brand(person))
    return Response(status_code=204)


async def _job(found: job.Job, services: ApiServices) -> ModelJob:
    return job_body(found, await services.desk.jobs.ahead(found))
