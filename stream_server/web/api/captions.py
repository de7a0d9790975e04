"""What was said in a show, as WebVTT files: one a language, for replays, editors and search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response

from stream_server.audience.people import may_control, require
from stream_server.captions.listening import spoken_language
from stream_server.captions.webvtt import CONTENT_TYPE
from stream_server.ids import ShowId
from stream_server.signaling.resources import CaptionLanguages, Listening, Recogniser
from stream_server.web.api.services import PublicRead, Reader, Services

router = APIRouter(tags=["shows"])


@router.get("/shows/{show_id}/captions", dependencies=[PublicRead])
async def caption_languages(show_id: str, services: Services) -> CaptionLanguages:
    """The languages there are captions in: those that were spoken first, then those they were translated into."""
    return CaptionLanguages(languages=await services.caption_files.languages(ShowId(show_id)))


@router.get("/shows/{show_id}/listening")
async def listening(show_id: str, services: Services, person: Reader) -> Listening:
    """Whether the host's voice is captioned, and what could do it. For those who run the show."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    wish = await services.caption_files.wish(record.show_id)
    return Listening(
        is_on=wish.is_on,
        language=spoken_language(wish, record.plan.title),
        recognisers=[
            Recogniser(engine=each.engine, languages=list(each.languages), is_rough=each.is_rough)
            for each in services.hearers
        ],
    )


@router.get(
    "/shows/{show_id}/captions/{language}.vtt",
    dependencies=[PublicRead],
    response_class=Response,
    responses={200: {"content": {"text/vtt": {}}}, 304: {"description": "Nothing was said since."}},
)
async def captions(
    show_id: str, language: str, services: Services, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The captions of a show in a language, on its show clock. A line without translation stays as it was spoken."""
    files = services.caption_files
    etag = f'"{await files.etag(ShowId(show_id), language)}"'
    # While the show goes on the next line is seconds away: kept, but asked for again each time.
    headers = {"ETag": etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if if_none_match is not None and etag in (each.strip() for each in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    made = await files.file(ShowId(show_id), language)
    headers["ETag"] = f'"{made.etag}"'
    return Response(made.text, media_type=CONTENT_TYPE, headers=headers)
