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


HEARING: dict[str, Any] = {
    "state": "hearing",
    "language": "en",
    "engine": "pocketsphinx",
    "left_out_s": 0.5,
    "hears_commands": True,
}


async def test_words_that_grow_reach_everybody_at_once() -> None:
    async with hall() as made, made.joined(AI) as ear, made.joined(ANN) as ann:
        grown = {key: SAID[key] for key in ("utterance_id", "language", "text", "marks", "end_ms")}
        assert (await ann.ask("caption.grow", **grown))["code"] == "forbidden"
        assert (await ear.ask("caption.grow", **grown))["type"] == "ack"
        await until(lambda: bool(ann.of_type("caption_growing")))
        assert ann.of_type("caption_growing")[0]["is_heard"] is True
        assert (await ear.ask("caption.said", **SAID, is_heard=True))["type"] == "ack"
        await until(lambda: bool(ann.of_type("caption")))
        assert ann.of_type("caption")[0]["is_heard"] is True


async def test_how_the_host_is_listened_to_is_told_to_those_who_run_the_show_by_the_listener_alone() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ear, made.joined(ANN) as ann:
        assert (await maya.ask("listening.state", hearing=HEARING))["code"] == "forbidden"
        assert (await ear.ask("listening.state", ref="ear-1", hearing=HEARING))["type"] == "ack"
        steps = [{"act": "unpin", "product_id": "prod_cup"}]
        heard: dict[str, Any] = {"heard": "next_product", "product_id": "prod_cup", "undo": steps}
        assert (await ann.ask("voice.heard", **heard))["code"] == "forbidden"
        assert (await ear.ask("voice.heard", ref="ear-2", **heard))["type"] == "ack"
        assert (await ann.ask("listening.set", is_on=False))["code"] == "forbidden"
        assert (await maya.ask("listening.set", is_on=False, language="es-MX"))["type"] == "ack"
        await until(lambda: bool(ear.of_type("listening")) and bool(maya.of_type("voice_command")))
        assert maya.of_type("listening_state")[0]["hearing"] == HEARING
        assert maya.of_type("voice_command")[0]["undo"] == steps
        assert (ear.of_type("listening")[0]["is_on"], ear.of_type("listening")[0]["language"]) == (False, "es")
        assert not ann.of_type("listening_state") + ann.of_type("voice_command") + ann.of_type("listening")
