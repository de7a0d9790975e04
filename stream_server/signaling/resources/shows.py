"""A show: its title, rundown and offers.

POST /api/shows/{show_id}/end (host) gives a `Show`. A show goes live by itself when its host's media arrives.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stream_server.signaling.messages import ShowStatus
from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.ai_host import AiHostSettings
from stream_server.signaling.resources.base import Currency, Resource, Texts
from stream_server.signaling.translations import TranslatedTexts


class ShowOffer(Resource):
    """An offer that is announced while its product is on. What the product costs is the shop's to say."""

    offer_id: Id
    product_id: Id
    text: Texts
    ends_at: str | None = Field(default=None, max_length=40)
    """ISO 8601; nobody is told about it from then on."""


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
