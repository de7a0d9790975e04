"""The web application: every edge with what it needs, and the one table of routes."""

from __future__ import annotations

from importlib.metadata import version

from starlette.applications import Starlette
from starlette.types import ASGIApp

from stream_server.app.choices import Choices
from stream_server.app.parts import Parts
from stream_server.payments.builtin import BuiltinPayments
from stream_server.web.access import Access
from stream_server.web.api.application import create_api
from stream_server.web.api.services import ApiServices
from stream_server.web.cross_origin import CrossOrigin
from stream_server.web.errors import HANDLERS
from stream_server.web.ice_servers import IceServers
from stream_server.web.live import LiveEdge, LiveEdgeOptions
from stream_server.web.model_files import ModelFiles
from stream_server.web.page_headers import PageOptions
from stream_server.web.pages import Pages
from stream_server.web.payment_page import PaymentPages
from stream_server.web.request_log import RequestLog
from stream_server.web.routes import Edges, build_routes
from stream_server.web.throttle import Throttle
from stream_server.web.uploads import Uploads
from stream_server.web.webrtc_http import EdgeOptions
from stream_server.web.whep import Whep
from stream_server.web.whip import Whip


def create_app(parts: Parts, choices: Choices) -> ASGIApp:
    """The web application on top of open parts."""
    access = Access(parts.tokens, parts.seat_keys)
    throttle = Throttle(parts.clock)
    ice = IceServers(choices.turn, parts.clock)
    edge = EdgeOptions(choices.rates, choices.joins_at_once)
    plane = parts.ports.plane
    page = PageOptions(choices.origins, choices.payment_frames)
    payments = parts.ports.payments
    services = ApiServices(
        access=access,
        tokens=parts.tokens,
        shows=parts.shows,
        tickets=parts.ports.tickets,
        interpreters=parts.interpreters,
        seat_keys=parts.seat_keys,
        plane=plane,
        presence=parts.presence,
        caption_files=parts.caption_files,
        shop=parts.shop,
        wordbooks=parts.wordbooks,
        texts=parts.texts,
        desk=parts.desk,
        pictures=parts.pictures,
        ice=ice,
        throttle=throttle,
        rates=choices.rates,
        clock=parts.clock,
        hearers=tuple(choices.hearers),
    )
    edges = Edges(
        health=parts.health,
        live=LiveEdge(
            parts.hub,
            throttle,
            parts.metrics,
            LiveEdgeOptions(choices.origins, choices.rates.live, choices.slow_bytes),
        ),
        whip=Whip(parts.shows, plane, access, parts.interpreters, ice, throttle, edge),
        whep=Whep(parts.shows, plane, access, ice, throttle, edge),
        api=create_api(services, version("vitrine")),
        pictures=parts.pictures,
        uploads=Uploads(parts.desk.uploads, access, throttle, choices.rates),
        model_files=ModelFiles(parts.desk.published),
        payments=PaymentPages(
            parts.shop,
            payments if isinstance(payments, BuiltinPayments) else None,
            throttle,
            choices.rates,
            page,
        ),
        pages=Pages(page),
    )
    app = Starlette(routes=build_routes(edges), exception_handlers=HANDLERS)
    return RequestLog(CrossOrigin(app, choices.origins), parts.clock, parts.metrics)
