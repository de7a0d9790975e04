"""For whoever operates the server: is it alive, can it work, what does it count."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stream_server.errors import Forbidden, VitrineError
from stream_server.web.metrics import Metrics

log = structlog.get_logger(__name__)

Probe = Callable[[], Awaitable[object]]
"""Returns when the part answers, raises when it does not."""
MediaFigures = Callable[[], Awaitable[Mapping[str, float]]]

PROBE_TIMEOUT_S = 1.5


class Health:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(self, probes: Mapping[str, Probe], metrics: Metrics, media_figures: MediaFigures) -> None:
        self._probes = probes
        self._metrics = metrics
        self._media_figures = media_figures
        self._closing = False

    def close(self) -> None:
        """From now on not ready: a balancer sends nobody new while the shutdown goes on."""
        self._closing = True

    def routes(self) -> list[Route]:
        """The three routes."""
        return [
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._count, methods=["GET"]),
        ]

    async def _alive(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def _ready(self, request: Request) -> Response:
        names = list(self._probes)
        states: dict[str, str] = {}
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(self._probe(name), name=f"probe {name}") for name in names}
        for name, task in tasks.items():
            states[name] = "ok" if task.result() else "no answer"
        ready = not self._closing and all(state == "ok" for state in states.values())
        status = "closing" if self._closing else "ok" if ready else "not ready"
        return JSONResponse(
            {"status": status, "parts": states}, 200 if ready else 503, headers={"Cache-Control": "no-store"}
        )

    async def _probe(self, name: str) -> bool:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                await self._probes[name]()
        except Exception as error:  # noqa: BLE001  a probe is a fault boundary: whatever it raises means "not ready"
            log.warning("part does not answer", part=name, error=repr(error))
            return False
        return True

    async def _count(self, request: Request) -> Response:
        if not is_near(request.client.host if request.client else ""):
            raise Forbidden()
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                self._metrics.set_media(await self._media_figures())
        except (VitrineError, TimeoutError, OSError) as error:
            log.warning("no figures from the media plane", error=repr(error))
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")


def is_near(host: str) -> bool:
    """Whether an address is this machine or its private network: figures are nobody else's business."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
