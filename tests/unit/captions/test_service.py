"""What is said is captioned at once, and translated for whoever reads along."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from stream_server.captions.fakes import KnownReaders, PlainInterpreter
from stream_server.captions.files import CaptionFiles, CaptionsNotYet, FilePolicy, NoCaptions
from stream_server.captions.model import BadCaption, Mark, Script, Spoken
from stream_server.captions.service import CaptionOptions, CaptionService
from stream_server.ids import SessionId
from stream_server.shows.events import Event
from tests.unit.captions.parser import read_webvtt
from tests.unit.shows.making import SHOW, House, until


@dataclass
class Studio:
    """A live show with captions."""

    house: House
    service: CaptionService
    interpreter: PlainInterpreter
    readers: KnownReaders

    async def events(self) -> list[Event]:
        return [event for event in await self.house.store.read(SHOW, 0, 500) if event.type.startswith("caption")]

    async def lines(self) -> list[tuple[str, str, str]]:
        """Language, audience and text of each line that was written."""
        return [
            (event.payload["language"], event.audience, " ".join(cue["text"] for cue in event.payload["cues"]))
            for event in await self.events()
            if event.type == "caption"
        ]

    def files(self, policy: FilePolicy = "while_live") -> CaptionFiles:
        return CaptionFiles(self.house.shows, self.house.log, self.house.captions, policy)


@asynccontextmanager
async def studio(*languages: str, options: CaptionOptions | None = None) -> AsyncIterator[Studio]:
    async with House().open() as house:
        await house.shows.source_started(SHOW, SessionId("s1"))
        interpreter, readers = PlainInterpreter(), KnownReaders(*languages)
        service = CaptionService(house.log, house.states, house.captions, interpreter, readers, options)
        async with service.run():
            yield Studio(house, service, interpreter, readers)


def script(text: str = "It is blue. It weighs 350 g.", utterance_id: str = "u1", **translations: str) -> Script:
    return Script(utterance_id, "en-US", text, translations)


def spoken(of: Script, start_ms: int = 1000, word_ms: int = 300) -> Spoken:
    begins = [0, *(at + 1 for at, sign in enumerate(of.text) if sign == " ")]
    marks = tuple(Mark(at, start_ms + n * word_ms) for n, at in enumerate(begins))
    return Spoken(of, marks, marks[-1].ms + word_ms)


def starts(events: Sequence[Event]) -> list[Any]:
    return [event.payload["cues"][0]["start_ms"] for event in events if event.type == "caption"]


async def test_what_is_said_is_everybodys_and_at_its_moment() -> None:
    async with studio() as made:
        await made.service.said(SHOW, spoken(script()))
        assert await made.lines() == [("en", "all", "It is blue. It weighs 350 g.")]
        assert starts(await made.events()) == [1000]
        assert made.interpreter.asked == []


async def test_each_language_that_is_read_is_translated_once() -> None:
    async with studio("es", "zh", "en") as made:
        made.service.prepare(SHOW, script())
        await until(lambda: len(made.interpreter.asked) == 2)
        await made.service.said(SHOW, spoken(script()))
        await until(lambda: len(made.house.captions[SHOW].languages) == 3)
        assert sorted(target for _, _, target in made.interpreter.asked) == ["es", "zh"]
        assert made.interpreter.asked[0][0] == ("It is blue.", "It weighs 350 g.")
        assert {(language, audience) for language, audience, _ in await made.lines()} == {
            ("en", "all"),
            ("es", "language:es"),
            ("zh", "language:zh"),
        }


async def test_a_translation_that_comes_late_still_comes() -> None:
    async with studio("es") as made:
        made.interpreter.gate.clear()
        await made.service.said(SHOW, spoken(script()))
        assert [language for language, _, _ in await made.lines()] == ["en"]
        made.interpreter.gate.set()
        await until(lambda: "es" in made.house.captions[SHOW].languages)
        assert starts(await made.events()) == [1000, 1000]


async def test_who_speaks_may_know_the_translation_better() -> None:
    async with studio("es") as made:
        await made.service.said(SHOW, spoken(script(es="Es azul. Pesa 350 g.")))
        await until(lambda: "es" in made.house.captions[SHOW].languages)
        assert made.interpreter.asked == []
        (line,) = [event.payload for event in await made.events() if event.payload["language"] == "es"]
        assert line["trust"] == "template"
        assert " ".join(cue["text"] for cue in line["cues"]) == "Es azul. Pesa 350 g."


async def test_readers_whose_language_cannot_be_translated_have_the_original() -> None:
    async with studio("ja") as made:
        made.interpreter.trust = "original"
        await made.service.said(SHOW, spoken(script()))
        await until(lambda: len(made.interpreter.asked) == 1)
        assert [language for language, _, _ in await made.lines()] == ["en"]


async def test_too_much_to_translate_leaves_the_oldest_out_and_never_what_is_said() -> None:
    async with studio("es", options=CaptionOptions(workers=1, waiting=2)) as made:
        made.interpreter.gate.clear()
        for n in range(6):
            await made.service.said(SHOW, spoken(script(utterance_id=f"u{n}")))
        assert len(await made.lines()) == 6
        assert made.service.left_out > 0
        made.interpreter.gate.set()
        await until(lambda: made.house.captions[SHOW].has("u5", "es"))


async def test_another_process_does_not_write_the_same_again() -> None:
    async with studio() as made:
        await made.service.said(SHOW, spoken(script()))
        await made.service.said(SHOW, spoken(script()))
        assert len(await made.lines()) == 1


async def test_times_of_another_show_are_refused() -> None:
    async with studio() as made:
        with pytest.raises(BadCaption, match="now"):
            await made.service.said(SHOW, spoken(script(), start_ms=500_000))
        assert await made.lines() == []


async def test_the_file_has_what_was_heard_and_no_more() -> None:
    async with studio("es") as made:
        await made.service.said(SHOW, spoken(script()))
        await until(lambda: "es" in made.house.captions[SHOW].languages)
        await made.service.said(SHOW, spoken(script("Now something else.", "u2"), 6000))
        await made.service.stopped(SHOW, "u2", 6400)
        await until(lambda: made.house.captions[SHOW].has("u2", "es"))
        files = made.files()
        assert await files.languages(SHOW) == ["en", "es"]
        english = await files.file(SHOW, "en-GB")
        assert [cue.text for cue in read_webvtt(english.text)] == ["It is blue. It weighs 350 g.", "Now something"]
        assert await files.file(SHOW, "en") is english
        spanish = read_webvtt((await files.file(SHOW, "es")).text)
        assert spanish[0].text.startswith("[es] It is blue.")
        with pytest.raises(NoCaptions):
            await files.file(SHOW, "fr")


async def test_a_file_changes_its_name_with_what_is_said() -> None:
    async with studio() as made:
        await made.service.said(SHOW, spoken(script()))
        before = await made.files().etag(SHOW, "en")
        await made.service.said(SHOW, spoken(script(utterance_id="u2"), 5000))
        assert await made.files().etag(SHOW, "en") != before


async def test_files_are_given_out_as_the_shop_wants() -> None:
    async with studio() as made:
        await made.service.said(SHOW, spoken(script()))
        with pytest.raises(CaptionsNotYet):
            await made.files("after_show").file(SHOW, "en")
        with pytest.raises(NoCaptions):
            await made.files("never").file(SHOW, "en")
        await made.house.shows.end(SHOW)
        assert read_webvtt((await made.files("after_show").file(SHOW, "en")).text)


async def test_what_the_speaker_knows_in_further_languages_is_kept_only_where_somebody_reads_it() -> None:
    known = {"es": "Es azul.", "fr": "C'est bleu.", "ja": "青いです。"}
    async with studio("fr") as made:
        await made.service.said(SHOW, spoken(script("It is blue.", **known)))
        await until(lambda: {"es", "fr"} <= set(made.house.captions[SHOW].languages))
        assert {language for language, _, _ in await made.lines()} == {"en", "es", "fr"}
        assert made.interpreter.asked == []
