"""Bodies of the REST interface under /api, requests and replies. Money is integer minor units of ISO 4217.

Like `messages`, these are the source of the generated TypeScript types.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from stream_server.shows.ai_host import AiMode as AiMode
from stream_server.signaling.messages import AiTicket as AiTicket
from stream_server.signaling.messages import AiTicketState, Id, Role, ShowStatus
from stream_server.signaling.translations import TranslatedTexts as TranslatedTexts

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Texts = Annotated[
    dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=2000)]], Field(max_length=20)
]
"""Language tag → text. English or the shop's own language is always there."""
Quantity = Annotated[int, Field(ge=1, le=99)]


class Resource(BaseModel):
    """Base of every body."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ErrorBody(Resource):
    """What every refused request gets."""

    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


# ---- people


class GuestRequest(Resource):
    """POST /api/guests."""

    name: str = Field(min_length=1, max_length=40)
    language: str = Field(default="en", max_length=20)


class SignedIn(Resource):
    """A token and whom it stands for. GET /api/me gives the same without the token."""

    token: str | None
    person_id: str
    name: str
    role: Role
    expires_at: str


# ---- models: a product in 3D, and how it comes to be

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
UpAxis = Literal["y", "z"]
LengthUnit = Literal["m", "cm", "mm", "inch", "ft"]
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


class UploadInput(Resource):
    """POST /api/uploads (brand, admin): announce a file. Its bytes follow by tus at the ``location`` of the answer."""

    name: str = Field(min_length=1, max_length=200)
    size_bytes: int = Field(ge=1, le=2**40)


class Upload(Resource):
    """GET /api/uploads/{upload_id}: how much of a file has arrived. DELETE forgets it."""

    upload_id: str
    location: str
    """Where to send the bytes: tus 1.0.0 (HEAD, PATCH, DELETE), at most ``chunk_bytes`` per PATCH."""
    name: str
    size_bytes: int
    received_bytes: int
    chunk_bytes: int
    expires_at: str


class ModelAnchorsInput(Resource):
    """PUT /api/models/{model_id}/anchors (brand): a quick job writes them into new files, as a new model."""

    anchors: Annotated[list[ModelAnchor], Field(max_length=20)]


class ModelJobInput(Resource):
    """POST /api/model-jobs (brand): make a model of an upload. POST /api/model-jobs/{job_id}/retry takes the same."""

    upload_id: Id | None = None
    """Not needed to try again."""
    brand_id: Id | None = None
    """For admins: whose model it is."""
    product_id: Id | None = None
    """The product it is meant for."""
    category: ModelCategory = "other"
    stated_size_m: Annotated[list[Metres], Field(min_length=3, max_length=3)] | None = None
    unit: LengthUnit | None = None
    """What one unit of the file is, when the guess was wrong."""
    up: UpAxis | None = None
    """Which axis points up in the file, when it is not y."""
    placement: Placement | None = None


ModelJobState = Literal["queued", "running", "done", "refused", "failed", "cancelled"]


class ModelProblem(Resource):
    """Why a job ended without a model."""

    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class ModelJob(Resource):
    """GET /api/model-jobs/{job_id}, GET /api/model-jobs (newest first), POST …/cancel, POST …/retry.

    ``refused``: the file cannot become a product as it is. ``failed``: our fault, given up after several attempts.
    """

    job_id: str
    kind: Literal["upload", "anchors"]
    brand_id: str
    product_id: str | None
    source_name: str
    source_bytes: int
    state: ModelJobState
    category: ModelCategory
    step: str | None
    """gate, import, validate, normalise, anchors, optimise, levels, usdz, pictures, verify or publish."""
    fraction: float
    """Of the whole work, 0 to 1."""
    ahead: int
    """Jobs that are taken before this one."""
    attempts: int
    problem: ModelProblem | None
    model_id: str | None
    """What came of it."""
    created_at: str
    finished_at: str | None


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


# ---- catalogue


class Picture(Resource):
    """One picture of a product; the first is the main one."""

    url: str = Field(max_length=500)
    alt: Texts
    width_px: int = Field(ge=1, le=10000)
    height_px: int = Field(ge=1, le=10000)


class Price(Resource):
    """A price in one currency, with the lowest of the last 30 days when it is reduced."""

    currency: Currency
    amount_minor: int = Field(ge=0, le=10**12)
    lowest_30d_minor: int | None = Field(default=None, ge=0, le=10**12)
    """Set only when ``amount_minor`` is a reduction (EU Omnibus directive, 98/6/EC art. 6a)."""


class Fact(Resource):
    """One checkable statement about a product ("Weight": "180 g")."""

    key: str = Field(max_length=40, pattern=r"^[a-z0-9_]+$")
    label: Texts
    value: Texts


class Variant(Resource):
    """One thing that can be bought."""

    variant_id: str
    sku: str
    label: Texts
    swatch: str | None
    """CSS colour of the swatch, ``#RRGGBB``."""
    picture_index: int
    prices: list[Price]
    left: int
    """How many can be reserved right now."""


class Product(Resource):
    """GET /api/products/{product_id}; GET /api/products?ids=a,b or ?brand_id= gives a list."""

    product_id: str
    brand_id: str
    brand_name: str
    slug: str
    category: str
    title: Texts
    summary: Texts
    pictures: list[Picture]
    facts: list[Fact]
    variants: list[Variant]
    delivery: Texts
    returns: Texts
    provenance: Texts
    has_3d: bool = False
    """True when ``model`` is there."""
    model: ProductModel | None = None
    updated_at: str
    translation: TranslatedTexts | None = None
    """With ``?language=``: what the seller did not write in it."""


class VariantInput(Resource):
    """A variant as a brand writes it; ``variant_id`` null makes a new one."""

    variant_id: Id | None = None
    sku: str = Field(min_length=1, max_length=60)
    label: Texts
    swatch: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")
    picture_index: int = Field(default=0, ge=0, le=50)
    prices: Annotated[list[Price], Field(min_length=1, max_length=20)]
    stock: int = Field(ge=0, le=1_000_000)
    """Starting stock of a new variant; ignored for existing ones (use the stock call)."""


class ProductInput(Resource):
    """POST /api/products (brand) and PUT /api/products/{product_id}."""

    slug: str = Field(min_length=1, max_length=80, pattern=r"^[a-z0-9\-]+$")
    category: str = Field(max_length=40)
    title: Texts
    summary: Texts = Field(default_factory=dict)
    pictures: Annotated[list[Picture], Field(max_length=20)] = Field(default_factory=list)
    facts: Annotated[list[Fact], Field(max_length=50)] = Field(default_factory=list)
    variants: Annotated[list[VariantInput], Field(min_length=1, max_length=100)]
    delivery: Texts = Field(default_factory=dict)
    returns: Texts = Field(default_factory=dict)
    provenance: Texts = Field(default_factory=dict)


class StockChange(Resource):
    """POST /api/variants/{variant_id}/stock (brand): add (or take, when negative); never below what is reserved."""

    change: int = Field(ge=-1_000_000, le=1_000_000)


class PictureUploaded(Resource):
    """POST /api/pictures (brand, multipart field ``file``, PNG/JPEG/WebP ≤ 8 MB): where it is served now."""

    url: str
    width_px: int
    height_px: int


# ---- shows


class AiHostBlock(Resource):
    """A part of the week with products of its own."""

    begins: str = Field(max_length=5)
    """``HH:MM`` in the settings' time zone."""
    ends: str = Field(max_length=5)
    """``HH:MM``; over midnight when it is not later than ``begins``."""
    rundown: Annotated[list[Id], Field(min_length=1, max_length=200)]
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: list(range(7))
    )
    """On which it begins; 0 is Monday."""


class AiHostSettings(Resource):
    """The AI host of a show."""

    mode: AiMode
    language: str = Field(default="en", max_length=35)
    """BCP 47."""
    patience_s: float = Field(default=5.0, ge=2, le=120)
    """How long viewers wait for their host's picture before it takes over."""
    voice: str = Field(default="", max_length=40)
    """Beginning of a speech engine's name; empty: the best one for the language."""
    outfit: str = Field(default="", max_length=20)
    """Name of one; empty: as it is drawn."""
    turn_s: float = Field(default=60.0, ge=20, le=3600)
    """How long each product is presented."""
    time_zone: str = Field(default="UTC", max_length=60)
    """IANA name; of its greetings, and of ``blocks``."""
    blocks: Annotated[list[AiHostBlock], Field(max_length=21)] = Field(default_factory=list)
    """The first that holds says what is presented; where none does, the whole rundown."""


class ShowOffer(Resource):
    """An offer that is announced while its product is on. What the product costs is the shop's to say."""

    offer_id: Id
    product_id: Id
    text: Texts
    ends_at: str | None = Field(default=None, max_length=40)
    """ISO 8601; nobody is told about it from then on."""


class CaptionLanguages(Resource):
    """In which languages a show's captions can be had."""

    languages: list[str]
    """Primary subtags; those that were spoken first."""


class Recogniser(Resource):
    """What this server understands speech with."""

    engine: str
    languages: list[str]
    """Primary subtags; ``mul`` for any that it is told."""
    is_rough: bool
    """It mishears much of natural speech."""


class Listening(Resource):
    """GET /api/shows/{show_id}/listening: for the show's host."""

    is_on: bool
    language: str
    """What the host speaks, as set or by the title; a primary subtag."""
    recognisers: list[Recogniser]
    """Empty: none is installed, nothing is captioned and no command heard."""


class Show(Resource):
    """GET /api/shows, GET /api/shows/{show_id}."""

    show_id: str
    title: Texts
    host_id: str
    host_name: str
    host_picture_url: str | None
    poster_url: str | None
    status: ShowStatus
    starts_at: str | None
    started_at: str | None
    rundown: list[str]
    currency: str
    ai_host: AiHostSettings
    offers: list[ShowOffer] = Field(default_factory=list)
    viewers: int = 0
    translation: TranslatedTexts | None = None
    """With ``?language=``: the title, when the host did not write it in that language."""


class KeptTicket(Resource):
    """GET /api/shows/{show_id}/ai_tickets (host): a question that the AI host left to a person."""

    ticket: AiTicket
    state: AiTicketState
    answer: str
    opened_at: str
    closed_at: str | None


class ShowInput(Resource):
    """POST /api/shows (host) and PUT /api/shows/{show_id}."""

    title: Texts
    starts_at: str | None = Field(default=None, max_length=40)
    rundown: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    currency: Currency = "USD"
    ai_host: AiHostSettings | None = None
    """Left out: as it was; in a new show off."""
    offers: Annotated[list[ShowOffer], Field(max_length=20)] | None = None
    """Left out: as they were."""


# POST /api/shows/{show_id}/end (host) → Show. A show goes live by itself when its host's media arrives.

# ---- buying


class CartLine(Resource):
    """One variant in the cart, at the server's price."""

    variant_id: str
    product_id: str
    title: Texts
    label: Texts
    picture_url: str | None
    quantity: int
    unit_minor: int
    total_minor: int
    left: int


class Cart(Resource):
    """GET /api/shows/{show_id}/cart: the signed-in person's cart of a show; one currency each."""

    currency: str
    lines: list[CartLine]
    items_minor: int


class CartLineInput(Resource):
    """PUT /api/shows/{show_id}/cart/{variant_id}; DELETE removes. Sets (does not add) the quantity."""

    quantity: Quantity
    currency: Currency


class CheckoutInput(Resource):
    """POST /api/shows/{show_id}/checkouts, header Idempotency-Key: reserves what is in the cart for two minutes."""

    currency: Currency


class Totals(Resource):
    """All costs, before paying."""

    items_minor: int
    delivery_minor: int
    tax_included_minor: int
    total_minor: int


class DeliveryOption(Resource):
    """One way to send it."""

    id: str
    label: Texts
    price_minor: int
    days_min: int
    days_max: int


class Checkout(Resource):
    """A reservation being paid. GET /api/checkouts/{id}. DELETE gives the goods back at once."""

    checkout_id: str
    show_id: str
    state: Literal["open", "paying", "completed", "expired", "cancelled"]
    expires_at: str
    seconds_left: float
    currency: str
    lines: list[CartLine]
    delivery_options: list[DeliveryOption]
    totals: Totals
    order_id: str | None


class Address(Resource):
    """Where it goes. Field names follow HTML autofill."""

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(min_length=3, max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    street_address: str = Field(min_length=1, max_length=200)
    postal_code: str = Field(min_length=1, max_length=20)
    city: str = Field(min_length=1, max_length=100)
    country: str = Field(pattern=r"^[A-Z]{2}$")


class PaymentInput(Resource):
    """POST /api/checkouts/{id}/payment, header Idempotency-Key."""

    address: Address
    delivery_option_id: Id
    payment_method: str = Field(min_length=1, max_length=200)
    """A token of the payment provider. The built-in test provider takes ``pm_test_ok``, ``pm_test_declined``,
    ``pm_test_authenticate`` and ``pm_test_slow`` (succeeds by webhook alone); card numbers never reach this server."""


class PaymentState(Resource):
    """How the payment stands. GET /api/checkouts/{id}/payment asks again."""

    status: Literal["processing", "requires_action", "succeeded", "declined"]
    action_url: str | None
    """For ``requires_action``: a page of the provider to show in a frame; when finished it posts
    ``{"vitrine": "payment_action_done"}`` to its parent. Then ask again."""
    decline_code: str | None
    order_id: str | None


OrderState = Literal["paid", "packed", "shipped", "delivered", "cancelled", "refunded"]


class Order(Resource):
    """GET /api/orders/{id} and GET /api/orders, newest first.

    A viewer sees the own orders, a brand those with its products, a host those of its shows, an admin all.
    """

    order_id: str
    show_id: str
    show_ms: int
    """Show clock at which it was placed."""
    placed_at: str
    state: OrderState
    buyer_name: str
    currency: str
    lines: list[CartLine]
    totals: Totals
    address: Address | None
    """Only for the buyer, the brand and admin."""


class OrderMove(Resource):
    """POST /api/orders/{id}/state (brand, admin): move to the next state."""

    state: OrderState


class IceServers(Resource):
    """GET /api/ice-servers: for RTCPeerConnection."""

    ice_servers: list[dict[str, Any]]
