"""The bytes of an upload, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): HEAD, PATCH, DELETE.

An upload is announced over REST (POST /api/uploads), where limits and rights are answered in words; its bytes come
here, in pieces, and go on where they stopped after any interruption. Python's tus servers write files in the event loop
and know no limits per owner, hence our own; the client is tus-js-client, which the tests use too (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.utils import format_datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from stream_server.ids import BrandId, UploadId
from stream_server.products3d.errors import UploadTooLarge
from stream_server.products3d.upload import Upload
from stream_server.products3d.upload_service import UploadService
from stream_server.web.access import Access, acting_brand
from stream_server.web.errors import Malformed, SlowRequest, TooLarge, WrongMediaType
from stream_server.web.request_body import media_type
from stream_server.web.throttle import Rates, Throttle

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
_HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


class Uploads:
    """``/uploads/{upload_id}``."""

    def __init__(self, uploads: UploadService, access: Access, throttle: Throttle, rates: Rates) -> None:
        self._uploads = uploads
        self._access = access
        self._throttle = throttle
        self._rates = rates

    def routes(self) -> list[Route]:
        """One resource per upload."""
        path = "/uploads/{upload_id}"
        return [
            Route(path, self._patch, methods=["PATCH"]),
            Route(path, self._head, methods=["HEAD"]),
            Route(path, self._delete, methods=["DELETE"]),
            Route(path, self._options, methods=["OPTIONS"]),
        ]

    async def _head(self, request: Request) -> Response:
        upload, received = await self._uploads.get(_id(request), self._brand(request))
        headers = {"Upload-Offset": str(received), "Upload-Length": str(upload.size_bytes), **_expires(upload)}
        return Response(status_code=200, headers={**_HEADERS, **headers})

    async def _patch(self, request: Request) -> Response:
        if request.headers.get("tus-resumable") != VERSION:
            return Response(status_code=412, headers={**_HEADERS, "Tus-Version": VERSION})
        if media_type(request) != CHUNK_TYPE:
            raise WrongMediaType(CHUNK_TYPE)
        brand_id = self._brand(request)
        offset = _number(request, "upload-offset")
        limit = self._uploads.limits.chunk_bytes
        declared = request.headers.get("content-length")
        if declared is not None and (not declared.isdecimal() or int(declared) > limit):
            raise TooLarge(limit)
        try:
            received = await self._uploads.receive(_id(request), brand_id, offset, _body(request))
        except UploadTooLarge as error:
            raise TooLarge(limit) from error
        except TimeoutError as error:
            raise SlowRequest from error
        except ClientDisconnect as error:
            raise Malformed("the client went away") from error  # what has arrived stays
        return Response(status_code=204, headers={**_HEADERS, "Upload-Offset": str(received)})

    async def _delete(self, request: Request) -> Response:
        await self._uploads.remove(_id(request), self._brand(request))
        return Response(status_code=204, headers=_HEADERS)

    async def _options(self, request: Request) -> Response:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Max-Size": str(self._uploads.limits.max_bytes),
            "Tus-Extension": "termination,expiration",
        }
        return Response(status_code=204, headers={**_HEADERS, **headers})

    def _brand(self, request: Request) -> BrandId | None:
        person = self._access.require(request)
        self._throttle.take("write", person.id, self._rates.writes)
        return acting_brand(person)


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for data in request.stream():
        if data:  # the end comes as an empty piece
            yield data


def _id(request: Request) -> UploadId:
    return UploadId(request.path_params["upload_id"][:60])


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isdecimal() or len(text) > 15:
        raise Malformed(f"{header} is no number")
    return int(text)


def _expires(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}
