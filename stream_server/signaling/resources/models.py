"""A product in 3D, and a lipstick in its shades."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.base import Resource

ModelCategory = Literal[
    "glasses",
    "hat",
    "earring",
    "necklace",
    "lipstick",
    "watch",
    "bracelet",
    "ring",
    "shoe",
    "clothing",
    "furniture",
    "other",
]

Placement = Literal["floor", "wall", "table"]
LipstickFinish = Literal["matte", "satin", "gloss"]
Metres = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]
Turn = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class ModelVariant(Resource):
    """One look of a model: a variant of KHR_materials_variants, chosen by ``name``."""

    name: str
    slug: str
    usdz_url: str | None
    """This look for Quick Look (iOS)."""
    variant_id: str | None
    """The thing to buy that looks like this, when the brand has said which."""


class ModelAnchor(Resource):
    """A named place on a model, in metres in model space; the rotation is a quaternion x, y, z, w."""

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]
    position: Annotated[list[Metres], Field(min_length=3, max_length=3)]
    rotation: Annotated[list[Turn], Field(min_length=4, max_length=4)]


class LipstickShade(Resource):
    """One colour of a lipstick."""

    name: str = Field(min_length=1, max_length=60)
    shade: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    variant_id: Id | None
    """The variant that has this colour."""


class Lipstick(Resource):
    """What a lipstick looks like on lips; it needs no model."""

    finish: LipstickFinish
    shades: Annotated[list[LipstickShade], Field(min_length=1, max_length=60)]


class ProductModel(Resource):
    """A product in 3D as published; a lipstick's shades have no files. Addresses never change their content."""

    category: ModelCategory
    size_m: list[float] | None
    """Width, height, depth in metres; +Y is up, +Z to the front."""
    placement: Placement | None
    """What it stands on or hangs from in a room."""
    variants: list[ModelVariant]
    anchors: list[ModelAnchor]
    lipstick: Lipstick | None
    glb_url: str | None
    glb_bytes: int | None
    try_on_url: str | None
    """The smaller file for a camera, only of what is worn."""
    lod_urls: list[str]
    """Smaller still, the finest first."""
    usdz_url: str | None
    """The default look for Quick Look."""
    poster_url: str | None
    thumbnail_url: str | None
    turntable_url: str | None
    published_at: str


class ModelAnchorsInput(Resource):
    """PUT /api/models/{model_id}/anchors (brand): a quick job writes them into new files, as a new model."""

    anchors: Annotated[list[ModelAnchor], Field(max_length=20)]


class ModelFile(Resource):
    """One file of a model."""

    name: str
    url: str
    size_bytes: int


class Model(Resource):
    """GET /api/models/{model_id}, GET /api/models (brand, newest first): a finished model with its report."""

    model_id: str
    brand_id: str
    job_id: str
    source_name: str
    source_bytes: int
    category: ModelCategory
    size_m: list[float]
    triangles: int
    materials: int
    draw_calls: int
    placement: Placement | None
    variants: list[ModelVariant]
    anchors: list[ModelAnchor]
    files: list[ModelFile]
    thumbnail_url: str | None
    report: dict[str, Any]
    """For people: changes, advice, quality, pictures (name → url)."""
    product_ids: list[str]
    """Where it is published."""
    created_at: str


class PublishModelInput(Resource):
    """PUT /api/products/{product_id}/model (brand): a finished model, or a lipstick's shades. DELETE takes it away."""

    model_id: Id | None = None
    lipstick: Lipstick | None = None
    variant_ids: Annotated[dict[Annotated[str, Field(max_length=60)], Id], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """Look (slug) → the variant to buy that looks like it."""
    poster_url: Annotated[str, Field(max_length=200, pattern=r"^/pictures/[0-9a-f]{40}\.(png|jpg|webp)$")] | None = None
    """An own picture (POST /api/pictures) instead of the rendered poster."""
