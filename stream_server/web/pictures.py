"""Product pictures: kept once under the hash of their bytes, served as files that never change."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from stream_server.errors import NotFound
from stream_server.signaling.resources import PictureUploaded
from stream_server.web.errors import TooLarge
from stream_server.web.picture_header import read_picture_header

MAX_PICTURE_BYTES = 8 * 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{40}\.(png|jpg|webp)")
_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class PictureFolder:
    """Pictures in one directory, two levels deep."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def add(self, data: bytes) -> PictureUploaded:
        """Check and keep a picture; the same bytes always get the same URL. Raises: TooLarge, BadPicture."""
        if len(data) > MAX_PICTURE_BYTES:
            raise TooLarge(MAX_PICTURE_BYTES)
        header = read_picture_header(data)
        name = f"{hashlib.sha256(data).hexdigest()[:40]}.{header.kind}"
        await asyncio.to_thread(self._write, name, data)
        return PictureUploaded(url=f"/pictures/{name}", width_px=header.width_px, height_px=header.height_px)

    def path(self, name: str) -> Path:
        """Where a picture lies, whether or not it is there. Raises: NotFound for a name that we never give."""
        if not _NAME.fullmatch(name):
            raise NotFound(kind="picture", id=name[:60])
        return self._directory / name[:2] / name

    def routes(self) -> list[Route]:
        """``/pictures/{name}``."""
        return [Route("/pictures/{name}", self._serve, methods=["GET"])]

    def _write(self, name: str, data: bytes) -> None:
        path = self.path(name)
        if path.is_file():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # written aside and renamed: nobody is ever served half a picture
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self.path(name)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound(kind="picture", id=name)
        return FileResponse(
            path,
            media_type=_MEDIA_TYPES[path.suffix[1:]],
            headers={
                "Cache-Control": "public, max-age=31536000, immutable",
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )
