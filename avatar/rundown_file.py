"""Read a rundown from JSON: the products of a show, what to say about them, and for how long.

    {"lang": "en", "currency": "USD", "market": "us", "title": {"en": "The autumn edit"},
     "items": [{"product": {…as GET /api/products/{id}…}, "seconds": 120, "demonstrate": "model",
                "talking_points": [{"en": "The glaze stops short of the foot."}],
                "offers": [{"id": "welcome", "code": "AUTUMN10", "percent": 10, "ends_at": "2026-12-01T00:00+01:00"}]}]}

An empty list of items is a rundown: the host then keeps the viewers company until there is something to show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from avatar.errors import BadRundown
from avatar.model import Demonstration, Offer, ProductFacts, Rundown, RundownItem
from avatar.product_file import MAX_TEXT_CHARS, read_product

MAX_FILE_CHARS = 4_000_000
MAX_ITEMS = 200

_Texts = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=20)], Annotated[str, Field(max_length=MAX_TEXT_CHARS)]],
    Field(max_length=20),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Offer(_Part):
    id: Annotated[str, Field(min_length=1, max_length=80)]
    text: _Texts = Field(default_factory=dict)
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9\-_]{1,30}$")] | None = None
    percent: Annotated[int, Field(ge=1, le=99)] | None = None
    ends_at: AwareDatetime | None = None


class _Item(_Part):
    product: dict[str, Any]
    talking_points: Annotated[list[_Texts], Field(max_length=50)] = Field(default_factory=list)
    seconds: Annotated[float, Field(ge=5, le=4 * 3600)] = 120.0
    offers: Annotated[list[_Offer], Field(max_length=10)] = Field(default_factory=list)
    demonstrate: Demonstration | None = None


class _File(_Part):
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=20)] = "en"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    market: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "us"
    title: _Texts = Field(default_factory=dict)
    items: Annotated[list[_Item], Field(max_length=MAX_ITEMS)] = Field(default_factory=list)


@dataclass(frozen=True)
class PlannedShow:
    """A rundown with everything that is needed to go through it."""

    rundown: Rundown
    products: Mapping[str, ProductFacts]
    lang: str
    currency: str
    market: str


def read_rundown(content: str) -> PlannedShow:
    """A rundown from JSON text. Raises: BadRundown saying what is wrong and where."""
    if len(content) > MAX_FILE_CHARS:
        raise BadRundown(f"more than {MAX_FILE_CHARS} characters")
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadRundown(f"not JSON: {error}") from error
    return plan_from(parsed)


def plan_from(parsed: object) -> PlannedShow:
    """A rundown from parsed JSON. Raises: BadRundown saying what is wrong and where."""
    try:
        file = _File.model_validate(parsed)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRundown(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    products: dict[str, ProductFacts] = {}
    items: list[RundownItem] = []
    for entry in file.items:
        product = read_product(entry.product, file.currency)
        products[product.product_id] = product
        items.append(
            RundownItem(
                product.product_id,
                tuple(point for point in entry.talking_points if point),
                entry.seconds,
                tuple(_offer(offer) for offer in entry.offers),
                entry.demonstrate,
            )
        )
    return PlannedShow(Rundown(tuple(items), file.title), products, file.lang, file.currency, file.market)


def _offer(offer: _Offer) -> Offer:
    ends_at: datetime | None = offer.ends_at
    return Offer(offer.id, offer.text, offer.code, offer.percent, ends_at)
