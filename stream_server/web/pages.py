"""The built client: pages, their hashed assets, and the player script that shops embed.

The files are made by ``vite build`` into ``web/static`` and are not in the repository. Without them the API
works all the same; pages answer 503 with the command that builds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from stream_server.web.page_headers import Devices, Framing, PageOptions, page_headers

STATIC = Path(__file__).parent / "static"
_NOT_BUILT = "The web client is not built. Run `make run`, or `npm run build` in client_web, and reload.\n"
_PAGES: tuple[tuple[str, str, Framing, Devices], ...] = (
    ("/", "index.html", "ourselves", "none"),
    ("/watch/{show_id}", "watch.html", "ourselves", "camera"),
    ("/studio", "studio.html", "nobody", "camera and microphone"),
    ("/interpret", "interpret.html", "nobody", "microphone"),
    ("/console", "console.html", "nobody", "none"),
    ("/embed-example", "embed-example.html", "ourselves", "camera"),
)


class ClientFiles(StaticFiles):
    """Everything of the build that is not a page. Shops load the player from here, hence cross-origin."""

    def __init__(self, directory: Path, *, immutable: bool) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._immutable = immutable

    async def check_config(self) -> None:
        """A missing build is not a fault of the server: requests answer 404 until it is there."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the headers of its kind; pages are reached by their routes only."""
        if path.endswith(".html") or "/." in f"/{path}":
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if self._immutable else "no-cache"
        return response


class Pages:
    """The routes of the built client."""

    def __init__(self, options: PageOptions, static: Path = STATIC) -> None:
        self._options = options
        self._static = static

    def routes(self) -> list[BaseRoute]:
        """Pages first, then files; the last one takes every path that is left."""
        pages: list[BaseRoute] = [
            Route(path, self._page(file, framing, devices)) for path, file, framing, devices in _PAGES
        ]
        return [
            *pages,
            Mount("/assets", ClientFiles(self._static / "assets", immutable=True)),
            Mount("/", ClientFiles(self._static, immutable=False)),
        ]

    def _page(self, file: str, framing: Framing, devices: Devices) -> Callable[[Request], Awaitable[Response]]:
        async def page(request: Request) -> Response:
            headers = page_headers(self._options, request.headers.get("host"), framing=framing, devices=devices)
            path = self._static / file
            if not await asyncio.to_thread(path.is_file):
                return PlainTextResponse(_NOT_BUILT, 503, headers={**headers, "Retry-After": "30"})
            return FileResponse(path, headers=headers)

        return page
