"""A finished model, and a product's place for one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from stream_server.ids import BrandId, JobId, ModelId, ProductId, VariantId
from stream_server.products3d.errors import BadPublication

MAX_SHADES = 60
Finish = Literal["matte", "satin", "gloss"]
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_OWN_PICTURE = re.compile(r"/pictures/[0-9a-f]{40}\.(png|jpg|webp)")


@dataclass(frozen=True)
class ModelFile:
    """One published file, found by its content."""

    sha256: str
    suffix: str
    """``glb``, ``usdz``, ``webp``, ``png`` or ``jpg``; it decides the media type."""
    size_bytes: int


@dataclass(frozen=True)
class Model:
    """What a job made: files, what they contain (``facts.json``), and the report for people."""

    model_id: ModelId
    brand_id: BrandId
    job_id: JobId
    source_sha256: str
    source_name: str
    source_bytes: int
    facts: Mapping[str, Any]
    report: Mapping[str, Any]
    files: Mapping[str, ModelFile]
    """Path in the output folder (``web.glb``, ``usdz/oak.usdz``) → file."""
    created_at: datetime


@dataclass(frozen=True)
class Shade:
    """One colour of a lipstick."""

    name: str
    shade: str
    variant_id: VariantId | None = None


@dataclass(frozen=True)
class Lipstick:
    """A lipstick needs no model: a finish, and its colours."""

    finish: Finish
    shades: tuple[Shade, ...]


@dataclass(frozen=True)
class Publication:
    """What a product shows in 3D: a model, or a lipstick's shades."""

    product_id: ProductId
    model: Model | None
    published_at: datetime
    lipstick: Lipstick | None = None
    variant_ids: Mapping[str, VariantId] = field(default_factory=dict)
    """Look (slug) → the variant to buy that looks like it."""
    poster_url: str | None = None
    """An own picture instead of the rendered poster."""


def check_publication(publication: Publication, variants: Sequence[VariantId]) -> None:
    """See that a product may be shown like this. ``variants`` are what it sells. Raises: BadPublication."""
    model, lipstick = publication.model, publication.lipstick
    _require((model is None) != (lipstick is None), "name a model, or a lipstick's shades")
    _require(set(publication.variant_ids.values()) <= set(variants), "no such variant in this product")
    own = publication.poster_url
    _require(own is None or _OWN_PICTURE.fullmatch(own) is not None, "the poster is a picture uploaded here")
    if model is not None:
        looks = {str(variant["slug"]) for variant in model.facts["variants"]}
        _require(set(publication.variant_ids) <= looks, "no such look in this model")
    if lipstick is not None:
        _require(0 < len(lipstick.shades) <= MAX_SHADES, f"a lipstick has 1 to {MAX_SHADES} shades")
        for shade in lipstick.shades:
            _require(_COLOUR.fullmatch(shade.shade) is not None, "a shade is a colour like #A1B2C3")
            _require(shade.variant_id is None or shade.variant_id in variants, "no such variant in this product")


def _require(fits: bool, reason: str) -> None:
    if not fits:
        raise BadPublication(reason)
