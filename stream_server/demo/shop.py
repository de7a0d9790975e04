"""What the demo shop sells and shows, read from the JSON files beside this module.

A product file is a `ProductInput` with three shorthands: ``brand`` (a slug), facts without ``label`` (taken from
``labels.json``) and no ``delivery`` or ``returns`` where the brand's own words hold. Pictures are named by their file
in ``pictures/``. A price with ``lowest_30d_minor`` is a reduction from that amount.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from stream_server.signaling.messages import Role
from stream_server.signaling.resources import ProductInput, Texts

LANGUAGES = ("en", "zh-CN", "es")
CURRENCIES = ("USD", "EUR", "CNY")
PICTURE_SIZE_PX = 1200
HOST_PICTURE_SIZE_PX = 256
POSTER_SIZE_PX = (720, 1280)
_SIZE: dict[str, Any] = {"width_px": PICTURE_SIZE_PX, "height_px": PICTURE_SIZE_PX}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DemoBrand(_Entry):
    """A brand and the words that hold for everything it sends."""

    slug: str
    name: str
    owner: str
    """Key of the person who runs it."""
    delivery: Texts
    returns: Texts


class DemoPerson(_Entry):
    """Somebody who signs in to the demo: host, brand owner, moderator or admin."""

    key: str
    role: Role
    name: str
    picture: str | None = None
    """File in ``pictures/``."""
    brand: str | None = None
    shows: tuple[str, ...] = ()
    """Keys of the shows a moderator looks after."""


class DemoShow(_Entry):
    """A show of the demo; ``status`` is what it should look like once seeded."""

    key: str
    host: str
    status: Literal["live", "scheduled", "ended"]
    currency: str
    poster: str
    starts_in_hours: float = Field(ge=-24 * 30, le=24 * 30)
    """From the moment of seeding; negative for one that is over."""
    title: Texts
    rundown: tuple[str, ...]
    """Product slugs, in order."""


@dataclass(frozen=True)
class DemoProduct:
    """A product ready for the catalogue, and the brand it belongs to."""

    brand: str
    product: ProductInput


@dataclass(frozen=True)
class DemoShop:
    """Everything the demo is seeded with."""

    brands: tuple[DemoBrand, ...]
    people: tuple[DemoPerson, ...]
    products: tuple[DemoProduct, ...]
    shows: tuple[DemoShow, ...]


def packaged(*names: str) -> Traversable:
    """A file or folder that ships with the demo, e.g. ``packaged("pictures", "host-mira.webp")``."""
    return files("stream_server.demo").joinpath(*names)


def _read(*names: str) -> Any:
    return json.loads(packaged("shop", *names).read_text(encoding="utf-8"))


def _product(raw: dict[str, Any], brands: dict[str, DemoBrand], labels: dict[str, dict[str, str]]) -> DemoProduct:
    brand = brands[raw.pop("brand")]
    for fact in raw["facts"]:
        fact.setdefault("label", labels[fact["key"]])
    for picture in raw["pictures"]:
        picture.update(_SIZE)
    raw.setdefault("delivery", brand.delivery)
    raw.setdefault("returns", brand.returns)
    return DemoProduct(brand.slug, ProductInput.model_validate(raw))


def load_shop() -> DemoShop:
    """Read and check the whole demo shop; products come in the order of the first show's rundown.

    Raises: pydantic.ValidationError or KeyError when a file is wrong (a programmer's mistake).
    """
    brands = TypeAdapter(tuple[DemoBrand, ...]).validate_python(_read("brands.json"))
    people = TypeAdapter(tuple[DemoPerson, ...]).validate_python(_read("people.json"))
    shows = TypeAdapter(tuple[DemoShow, ...]).validate_python(_read("shows.json"))
    by_slug = {brand.slug: brand for brand in brands}
    labels = _read("labels.json")
    names = [f"{slug}.json" for slug in shows[0].rundown]
    products = tuple(_product(_read("products", name), by_slug, labels) for name in names)
    return DemoShop(brands, people, products, shows)
