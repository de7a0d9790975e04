"""What a recogniser heard: read while it grows, kept and translated when it is whole."""

from __future__ import annotations

from typing import Any

from stream_server.captions.listening import ListeningWish, spoken_language
from stream_server.captions.model import CaptionLine, Mark, Script, Spoken
from stream_server.shows.events import Aside
from tests.unit.captions.test_service import studio
from tests.unit.shows.making import SHOW, until


def heard(text: str, start_ms: int = 500) -> Spoken:
    return Spoken(Script("ear_1", "en", text), (Mark(0, start_ms),), start_ms + 900, is_heard=True)


async def test_what_grows_is_told_but_not_kept() -> None:
    async with studio("es") as made:
        told: list[Aside] = []
        stop = made.house.log.listen(SHOW, lambda _: None, told.append)
        await made.service.growing(SHOW, heard("It is"))
        await made.service.growing(SHOW, heard("It is blue"))
        await until(lambda: len(told) == 2)
        stop()
        assert [aside.payload["cues"][0]["text"] for aside in told] == ["It is", "It is blue"]
        assert {(aside.type, aside.audience, aside.payload["is_heard"]) for aside in told} == {
            ("caption_growing", "all", True)
        }
        assert await made.lines() == []
        assert made.interpreter.asked == []


async def test_what_is_whole_is_kept_and_translated_with_the_times_of_the_sound() -> None:
    async with studio("es") as made:
        await made.service.said(SHOW, heard("It is blue."))
        await until(lambda: "es" in made.house.captions[SHOW].languages)
        rows: list[Any] = [event.payload for event in await made.events()]
        assert [(row["language"], row["is_heard"], row["cues"][0]["start_ms"]) for row in rows] == [
            ("en", True, 500),
            ("es", True, 500),
        ]


async def test_the_hosts_wish_is_in_the_log_and_told_to_those_who_run_the_show() -> None:
    async with studio() as made:
        assert made.house.captions[SHOW].wish == ListeningWish()
        await made.service.wish(SHOW, ListeningWish(is_on=False, language="es"))
        await made.service.wish(SHOW, ListeningWish(is_on=False, language="es"))
        rows = [event for event in await made.house.store.read(SHOW, 0, 500) if event.type == "listening"]
        assert [(row.audience, row.payload) for row in rows] == [("staff", {"is_on": False, "language": "es"})]
        assert made.house.captions[SHOW].wish.language == "es"


def test_rows_from_before_there_were_heard_ones_are_read() -> None:
    old = {"utterance_id": "u", "language": "en", "is_spoken": True, "trust": "original", "cues": []}
    assert not CaptionLine.from_payload(old).is_heard


def test_a_host_speaks_the_first_language_of_the_title_unless_told_otherwise() -> None:
    assert spoken_language(ListeningWish(), {"es-MX": "Barro", "en": "Clay"}) == "es"
    assert spoken_language(ListeningWish(language="zh"), {"es": "Barro"}) == "zh"
    assert spoken_language(ListeningWish(), {}) == "en"
