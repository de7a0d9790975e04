"""How fast a host's connection is: a body that is read, timed by the client, and forgotten."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from stream_server.web.api.services import Writer

router = APIRouter(tags=["people"])


@router.post("/network-check", status_code=204)
async def network_check(request: Request, person: Writer) -> Response:
    """Take bytes and answer when all have arrived (`BodyBounds` limits how many, and how long it may take)."""
    async for _ in request.stream():
        pass
    return Response(status_code=204)
