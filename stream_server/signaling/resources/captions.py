"""In which languages a show's captions can be had, and how its host is listened to."""

from __future__ import annotations

from stream_server.signaling.resources.base import Resource


class CaptionLanguages(Resource):
    """In which languages a show's captions can be had."""

    languages: list[str]
    """Primary subtags; those that were spoken first."""


class Recogniser(Resource):
    """What this server understands speech with."""

    engine: str
    languages: list[str]
    """Primary subtags; ``mul`` for any that it is told."""
    is_rough: bool
    """It mishears much of natural speech."""


class Listening(Resource):
    """GET /api/shows/{show_id}/listening: for the show's host."""

    is_on: bool
    language: str
    """What the host speaks, as set or by the title; a primary subtag."""
    recognisers: list[Recogniser]
    """Empty: none is installed, nothing is captioned and no command heard."""
