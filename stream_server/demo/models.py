"""The demo's products in 3D: finished models that ship with it, and the shades of its lipstick.

``models/models.json`` names them. Each folder is what the asset pipeline made of the file beside it
(``scripts/make_demo_models.py``), so that a fresh server shows products in 3D at once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from stream_server.app.parts import Parts
from stream_server.asset_jobs.collect import collect
from stream_server.commerce.catalogue import Product
from stream_server.demo.shop import packaged
from stream_server.ids import JobId, ModelId, ProductId
from stream_server.products3d.job import Category, Job, JobOrder
from stream_server.products3d.job_service import SOURCE_SUFFIX
from stream_server.products3d.model import Finish, Lipstick, Model, Publication, Shade
from stream_server.products3d.model_service import Wanted

WORKER = "demo"


class DemoModel(BaseModel):
    """One product in 3D. Either a ``folder`` with its ``source``, or a lipstick's ``finish``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str
    """Slug."""
    category: Category
    folder: str | None = None
    source: str | None = None
    looks: Mapping[str, str] = {}
    """Look (slug) → SKU of the variant that looks like it."""
    finish: Finish | None = None


@dataclass(frozen=True)
class _Bundle:
    entry: DemoModel
    folder: Path
    source: Path

    @property
    def fingerprint(self) -> str:
        """Changes when the files do: then there is a new model."""
        return hashlib.sha256((self.folder / "facts.json").read_bytes()).hexdigest()


async def publish_models(parts: Parts, products: Mapping[str, ProductId]) -> None:
    """Show what is in ``models.json``. Doing it again changes nothing; what a brand published since stays."""
    entries = TypeAdapter(list[DemoModel]).validate_json(packaged("models", "models.json").read_text("utf-8"))
    shown = await parts.desk.models.published(list(products.values()))
    for entry in entries:
        product = await parts.shop.catalogue.product(products[entry.product])
        known = shown.get(product.product_id)
        if known is not None and not _is_ours(known):
            continue
        wanted = _shades(entry, product) if entry.finish is not None else await _model(parts, entry, product)
        if known is None or known.model is None or known.model.model_id != wanted.model_id:
            await parts.desk.models.publish(product.product_id, wanted, product.brand_id)


def _is_ours(shown: Publication) -> bool:
    return shown.model is not None and shown.model.job_id.startswith("job_demo_")


def _shades(entry: DemoModel, product: Product) -> Wanted:
    """A lipstick's shades are the swatches of its variants."""
    assert entry.finish is not None
    shades = tuple(
        Shade(variant.label["en"], variant.swatch, variant.variant_id)
        for variant in product.variants
        if variant.swatch is not None
    )
    return Wanted(lipstick=Lipstick(entry.finish, shades))


async def _model(parts: Parts, entry: DemoModel, product: Product) -> Wanted:
    assert entry.folder is not None
    assert entry.source is not None
    with as_file(packaged("models", entry.folder)) as folder, as_file(packaged("models", entry.source)) as source:
        model_id = await _keep(parts, _Bundle(entry, folder, source), product)
    by_sku = {variant.sku: variant.variant_id for variant in product.variants}
    return Wanted(model_id=model_id, variant_ids={look: by_sku[sku] for look, sku in entry.looks.items()})


async def _keep(parts: Parts, bundle: _Bundle, product: Product) -> ModelId:
    """The model in the server's stores, as if its worker had just made it."""
    ports, now = parts.ports.models, parts.clock.now()
    mark = await asyncio.to_thread(lambda: bundle.fingerprint[:20])
    job_id, model_id = JobId(f"job_demo_{mark}"), ModelId(f"model_demo_{mark}")
    if await ports.models.load(model_id) is not None:
        return model_id
    made = await asyncio.to_thread(collect, bundle.folder)
    source = await ports.sources.keep(bundle.source, SOURCE_SUFFIX)
    files = {name: await ports.published.keep(path, path.suffix[1:]) for name, path in made.files.items()}
    waiting = await ports.jobs.load(job_id) or await ports.jobs.add(
        Job(
            job_id=job_id,
            brand_id=product.brand_id,
            kind="upload",
            order=JobOrder(category=bundle.entry.category),
            source_sha256=source.sha256,
            source_name=bundle.source.name,
            source_bytes=source.size_bytes,
            created_at=now,
            rank=0.0,
            product_id=product.product_id,
        ),
        per_brand=1000,
        in_total=100_000,
    )
    taken = waiting.claimed(WORKER, now, 60)
    await ports.jobs.step(waiting, taken)
    model = Model(
        model_id=model_id,
        brand_id=product.brand_id,
        job_id=job_id,
        source_sha256=source.sha256,
        source_name=bundle.source.name,
        source_bytes=source.size_bytes,
        facts=made.facts,
        report=made.report,
        files=files,
        created_at=now,
    )
    await ports.jobs.finish(taken, taken.done(model_id, now), model)
    return model_id
