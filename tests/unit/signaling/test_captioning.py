"""Who captions a show over the live channel, and who reads what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.shows.making import until
from tests.unit.signaling.making import ANN, MAYA, MO, hall

AI = replace(MAYA, name="AI host", is_ai=True)
SAID: dict[str, Any] = {
    "utterance_id": "utt_1",
    "language": "en-US",
    "text": "It weighs 350 g.",
    "marks": [[0, 0], [3, 200], [10, 500], [14, 800]],
    "end_ms": 1000,
}
AHEAD: dict[str, Any] = {"utterance_id": "utt_1", "language": "en-US", "text": "It weighs 350 g."}


async def test_only_those_who_run_the_show_caption_it() -> None:
    async with hall() as made, made.joined(ANN) as ann, made.joined(MO) as mo, made.joined(MAYA) as maya:
        assert (await ann.ask("caption.said", **SAID))["code"] == "forbidden"
        assert (await mo.ask("caption.prepare", **AHEAD))["code"] == "forbidden"
        assert (await maya.ask("caption.said", **SAID))["type"] == "ack"


async def test_what_is_said_is_everybodys_and_translations_are_their_readers() -> None:
    async with (
        hall() as made,
        made.joined(AI) as ai,
        made.joined(ANN, language="es-MX") as ann,
        made.joined() as english,
    ):
        ahead = {**AHEAD, "translations": {"es-ES": "Pesa 350 g."}}
        assert (await ai.ask("caption.prepare", **ahead))["type"] == "ack"
        assert (await ai.ask("caption.said", **SAID))["type"] == "ack"
        await until(lambda: len(ann.of_type("caption")) == 2)
        (original,) = english.of_type("caption")
        assert original["cues"][0]["text"] == "It weighs 350 g."
        assert original["cues"][0]["marks"] == [[0, 0], [3, 200], [10, 500], [14, 800]]
        (spanish,) = [line for line in ann.of_type("caption") if not line["is_spoken"]]
        assert (spanish["language"], spanish["trust"]) == ("es", "template")
        assert spanish["cues"][0]["text"] == "Pesa 350 g."


async def test_everybody_hears_of_an_interruption() -> None:
    async with hall() as made, made.joined(AI) as ai, made.joined() as reader:
        assert (await ai.ask("caption.said", **SAID))["type"] == "ack"
        assert (await ai.ask("caption.stop", utterance_id="utt_1", until_ms=600))["type"] == "ack"
        await until(lambda: bool(reader.of_type("caption_cut")))
        assert reader.of_type("caption_cut")[0]["until_ms"] == 600


async def test_captions_that_cannot_be_true_are_refused() -> None:
    async with hall() as made, made.joined(AI) as ai:
        later = {**SAID, "marks": [[0, 900_000]], "end_ms": 900_500}
        assert (await ai.ask("caption.said", **later))["code"] == "bad_caption"
        assert (await ai.ask("caption.said", **{**SAID, "marks": [[0, -5]]}))["code"] == "bad_message"
        assert (await ai.ask("caption.said", **{**SAID, "text": "x" * 1001}))["code"] == "bad_message"
        assert (await ai.ask("caption.said", **{**SAID, "marks": [[0, 0, 0]]}))["code"] == "bad_message"
