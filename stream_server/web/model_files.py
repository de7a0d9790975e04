"""Finished model files to everybody: they never change, can be fetched in parts, and say what they are.

Nothing that was uploaded is in this store: only what our own encoders wrote.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from stream_server.errors import NotFound
from stream_server.products3d.model import ModelFile
from stream_server.products3d.ports import FileStore

MEDIA_TYPES = {
    "glb": "model/gltf-binary",
    "usdz": "model/vnd.usdz+zip",
    "webp": "image/webp",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_NAME = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,79}}\.({'|'.join(MEDIA_TYPES)})")
_HASH = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def model_url(path: str, file: ModelFile) -> str:
    """The address of a file; the last part is for people and for programs that look at the ending."""
    return f"/models/{file.sha256}/{path.rpartition('/')[2]}"


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and the last but one byte asked for (RFC 9110 §14.2), None for the whole file.

    Anything but one range of bytes counts as none, as the RFC allows. Raises: ValueError when it lies outside.
    """
    match = _RANGE.fullmatch(header.strip()) if header is not None else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many
        length = min(int(match[2]), size)
        if length == 0:
            raise ValueError("an empty end")
        return size - length, size
    start = int(match[1])
    end = min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return None  # not valid, so as if it were not there
    if start >= size:
        raise ValueError("behind the end")
    return start, end


class ModelFiles:
    """``/models/{sha256}/{name}``."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def routes(self) -> list[Route]:
        """One file each."""
        return [Route("/models/{sha256}/{name}", self._serve, methods=["GET", "HEAD"])]

    async def _serve(self, request: Request) -> Response:
        sha256, name = request.path_params["sha256"], request.path_params["name"]
        if not _HASH.fullmatch(sha256) or not _NAME.fullmatch(name):
            raise NotFound(kind="file", id=name[:60])
        suffix = name.rpartition(".")[2]
        size = await self._files.size(sha256, suffix)
        if size is None:
            raise NotFound(kind="file", id=name)
        etag = f'"{sha256}"'
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        if _names(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        try:
            wanted = byte_range(_if_unchanged(request, etag), size)
        except ValueError:
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        start, end = wanted or (0, size)
        headers["Content-Length"] = str(end - start)
        if wanted is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        status, kind = 200 if wanted is None else 206, MEDIA_TYPES[suffix]
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers, media_type=kind)
        return StreamingResponse(self._files.read(sha256, suffix, start, end), status, headers, media_type=kind)


def _names(header: str | None, etag: str) -> bool:
    """If-None-Match (RFC 9110 §13.1.2): weak comparison, a list or ``*``."""
    if header is None:
        return False
    return any(part.strip().removeprefix("W/") in (etag, "*") for part in header.split(",")[:20])


def _if_unchanged(request: Request, etag: str) -> str | None:
    """The Range header, unless If-Range names something else than what we have."""
    condition = request.headers.get("if-range")
    return None if condition is not None and condition != etag else request.headers.get("range")
