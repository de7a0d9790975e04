"""The one table of routes. Order matters: the built client takes every path that nobody else took."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from stream_server.web.health import Health
from stream_server.web.live import LiveEdge
from stream_server.web.model_files import ModelFiles
from stream_server.web.pages import Pages
from stream_server.web.payment_page import PaymentPages
from stream_server.web.pictures import PictureFolder
from stream_server.web.uploads import Uploads
from stream_server.web.whep import Whep
from stream_server.web.whip import Whip


@dataclass(frozen=True)
class Edges:
    """Everything that answers."""

    health: Health
    live: LiveEdge
    whip: Whip
    whep: Whep
    api: ASGIApp
    pictures: PictureFolder
    uploads: Uploads
    model_files: ModelFiles
    payments: PaymentPages
    pages: Pages


def build_routes(edges: Edges) -> list[BaseRoute]:
    """All routes of the web process.

    | path | who |
    |---|---|
    | ``/healthz`` ``/readyz`` ``/metrics`` | `health` |
    | ``/live`` | `live` |
    | ``/whip/{show_id}`` ``/whip/sessions/{session_id}`` | `whip` |
    | ``/whep/{show_id}`` ``/whep/sessions/{session_id}`` | `whep` |
    | ``/webhooks/payments`` ``/test-payments/…`` | `payment_page` |
    | ``/pictures/{name}`` | `pictures` |
    | ``/uploads/{upload_id}`` | `uploads` |
    | ``/models/{sha256}/{name}`` | `model_files` |
    | ``/api/…`` | `api` |
    | pages, ``/assets/…``, and what is left | `pages` |
    """
    return [
        *edges.health.routes(),
        *edges.live.routes(),
        *edges.whip.routes(),
        *edges.whep.routes(),
        *edges.payments.routes(),
        *edges.pictures.routes(),
        *edges.uploads.routes(),
        *edges.model_files.routes(),
        Mount("/api", edges.api),
        *edges.pages.routes(),
    ]
