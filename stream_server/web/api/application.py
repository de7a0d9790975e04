"""The application behind ``/api``: routers, error bodies, bounds, and the OpenAPI description."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from stream_server.signaling.resources import ErrorBody
from stream_server.web.api import buying, captions, catalogue, interpreters, models, network, people, shows, words
from stream_server.web.api.services import ApiServices
from stream_server.web.errors import HANDLERS
from stream_server.web.pictures import MAX_PICTURE_BYTES
from stream_server.web.request_body import BodyBounds

MAX_JSON_BYTES = 512 * 1024
"""A product with a hundred variants in twenty languages is about half of that."""
_MULTIPART_OVERHEAD = 64 * 1024


def create_api(services: ApiServices, version: str) -> ASGIApp:
    """The REST interface, to be mounted at ``/api``."""
    api = FastAPI(
        title="Vitrine",
        version=version,
        summary="Shows, products, carts and orders. Live events: WebSocket /live; video: WHIP and WHEP.",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        responses={
            400: {"model": ErrorBody},
            401: {"model": ErrorBody},
            403: {"model": ErrorBody},
            404: {"model": ErrorBody},
            409: {"model": ErrorBody},
            422: {"model": ErrorBody},
            429: {"model": ErrorBody},
            503: {"model": ErrorBody},
        },
    )
    api.state.services = services
    for module in (people, shows, interpreters, captions, catalogue, models, buying, words, network):
        api.include_router(module.router)
    larger = {"/api/pictures": MAX_PICTURE_BYTES + _MULTIPART_OVERHEAD}
    return BodyBounds(api, MAX_JSON_BYTES, larger)
