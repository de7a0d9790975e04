"""Between models and the bodies on the wire, both ways. No rules here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from stream_server.ids import ModelId, ProductId, VariantId
from stream_server.products3d import job, model, model_service, upload
from stream_server.signaling import resources as wire
from stream_server.web.api.bodies import moment
from stream_server.web.model_files import model_url


def upload_body(found: upload.Upload, received_bytes: int, chunk_bytes: int) -> wire.Upload:
    """An upload and how much of it is here."""
    return wire.Upload(
        upload_id=found.upload_id,
        location=f"/uploads/{found.upload_id}",
        name=found.name,
        size_bytes=found.size_bytes,
        received_bytes=received_bytes,
        chunk_bytes=chunk_bytes,
        expires_at=moment(found.expires_at),
    )


def job_order(body: wire.ModelJobInput) -> job.JobOrder:
    """What a brand says about its upload."""
    size = body.stated_size_m
    return job.JobOrder(
        category=body.category,
        stated_size_m=None if size is None else (size[0], size[1], size[2]),
        unit=body.unit,
        up=body.up,
        placement=body.placement,
    )


def job_body(found: job.Job, ahead: int) -> wire.ModelJob:
    """A job as its brand sees it."""
    problem = found.problem
    return wire.ModelJob(
        job_id=found.job_id,
        kind=found.kind,
        brand_id=found.brand_id,
        product_id=found.product_id,
        source_name=found.source_name,
        source_bytes=found.source_bytes,
        state=found.state,
        category=found.order.category,
        step=found.step,
        fraction=round(found.fraction, 3),
        ahead=ahead,
        attempts=found.attempts,
        problem=None
        if problem is None
        else wire.ModelProblem(code=problem.code, message=problem.message, detail=dict(problem.detail)),
        model_id=found.model_id,
        created_at=moment(found.created_at),
        finished_at=None if found.finished_at is None else moment(found.finished_at),
    )


def model_body(found: model.Model, product_ids: Sequence[ProductId]) -> wire.Model:
    """A finished model with its report; the report's pictures become addresses."""
    facts = found.facts
    pictures = found.report.get("pictures")
    report = dict(found.report)
    report["pictures"] = {
        str(name): _url(found, str(path))
        for name, path in (pictures.items() if isinstance(pictures, dict) else [])
        if str(path) in found.files
    }
    report.pop("facts", None)  # they are beside it
    return wire.Model(
        model_id=found.model_id,
        brand_id=found.brand_id,
        job_id=found.job_id,
        source_name=found.source_name,
        source_bytes=found.source_bytes,
        category=facts["category"],
        size_m=facts["size_m"],
        triangles=facts["triangles"],
        materials=facts["materials"],
        draw_calls=facts["draw_calls"],
        placement=facts["placement"],
        variants=_variants(found, {}),
        anchors=_anchors(facts),
        files=[
            wire.ModelFile(name=name, url=model_url(name, file), size_bytes=file.size_bytes)
            for name, file in found.files.items()
        ],
        thumbnail_url=_of_kind(found, "thumbnail"),
        report=report,
        product_ids=list(product_ids),
        created_at=moment(found.created_at),
    )


def product_model_body(shown: model.Publication) -> wire.ProductModel:
    """What a product shows, as every viewer gets it."""
    published_at = moment(shown.published_at)
    if shown.lipstick is not None:
        return _lipstick_model(shown, _lipstick(shown.lipstick), published_at)
    found = shown.model
    assert found is not None  # a publication has one or the other
    facts = found.facts
    glb = found.files.get(_path(found, "web") or "")
    return wire.ProductModel(
        category=facts["category"],
        size_m=facts["size_m"],
        placement=facts["placement"],
        variants=_variants(found, shown.variant_ids),
        anchors=_anchors(facts),
        lipstick=None,
        glb_url=_of_kind(found, "web"),
        glb_bytes=None if glb is None else glb.size_bytes,
        try_on_url=_of_kind(found, "try_on"),
        lod_urls=[url for kind in ("lod1", "lod2", "lod3", "lod4") if (url := _of_kind(found, kind)) is not None],
        usdz_url=_url(found, "usdz/default.usdz") or _first_usdz(found),
        poster_url=shown.poster_url or _of_kind(found, "poster"),
        thumbnail_url=_of_kind(found, "thumbnail"),
        turntable_url=_of_kind(found, "turntable"),
        published_at=published_at,
    )


def _lipstick_model(shown: model.Publication, lipstick: wire.Lipstick, published_at: str) -> wire.ProductModel:
    return wire.ProductModel(
        category="lipstick",
        size_m=None,
        placement=None,
        variants=[],
        anchors=[],
        lipstick=lipstick,
        glb_url=None,
        glb_bytes=None,
        try_on_url=None,
        lod_urls=[],
        usdz_url=None,
        poster_url=shown.poster_url,
        thumbnail_url=None,
        turntable_url=None,
        published_at=published_at,
    )


def wanted_publication(body: wire.PublishModelInput) -> model_service.Wanted:
    """What a brand wants to show."""
    lipstick = body.lipstick
    return model_service.Wanted(
        model_id=None if body.model_id is None else ModelId(body.model_id),
        lipstick=None
        if lipstick is None
        else model.Lipstick(
            lipstick.finish,
            tuple(
                model.Shade(shade.name, shade.shade, None if shade.variant_id is None else VariantId(shade.variant_id))
                for shade in lipstick.shades
            ),
        ),
        variant_ids={slug: VariantId(variant_id) for slug, variant_id in body.variant_ids.items()},
        poster_url=body.poster_url,
    )


def _lipstick(found: model.Lipstick) -> wire.Lipstick:
    shades = [
        wire.LipstickShade(name=shade.name, shade=shade.shade, variant_id=shade.variant_id) for shade in found.shades
    ]
    return wire.Lipstick(finish=found.finish, shades=shades)


def _variants(found: model.Model, sold_as: Mapping[str, VariantId]) -> list[wire.ModelVariant]:
    return [
        wire.ModelVariant(
            name=variant["name"],
            slug=variant["slug"],
            usdz_url=None if variant["usdz"] is None else _url(found, variant["usdz"]),
            variant_id=sold_as.get(variant["slug"]),
        )
        for variant in found.facts["variants"]
    ]


def _anchors(facts: Mapping[str, Any]) -> list[wire.ModelAnchor]:
    return [wire.ModelAnchor.model_validate(dict(anchor)) for anchor in facts["anchors"]]


def _path(found: model.Model, kind: str) -> str | None:
    file = found.facts["files"].get(kind)
    return None if file is None else cast(str, file["path"])


def _of_kind(found: model.Model, kind: str) -> str | None:
    path = _path(found, kind)
    return None if path is None else _url(found, path)


def _url(found: model.Model, path: str) -> str | None:
    file = found.files.get(path)
    return None if file is None else model_url(path, file)


def _first_usdz(found: model.Model) -> str | None:
    return next((model_url(path, file) for path, file in found.files.items() if file.suffix == "usdz"), None)
