from __future__ import annotations

import asyncio
from dataclasses import replace

from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ShowId
from stream_server.shows.model import ShowPlan
from stream_server.signaling.chat_translation import ChatTranslationOptions
from stream_server.stores.live.memory import MemoryReaders
from stream_server.translation.wordbook import SHOP, Wordbook
from tests.fakes.translator import MarkingTranslator
from tests.unit.shows.making import HOST, SHOW, House, until
from tests.unit.signaling.making import ANN, BEN, BRAND, MAYA, Hall, TestClient, hall


async def settled(made: Hall) -> None:
    """Nothing waits to be translated any more, and what was translated has been told."""
    for _ in range(200):
        await asyncio.sleep(0)
    assert made.translator.waiting == 0


def translations(client: TestClient) -> list[tuple[str, str]]:
    """Language and text of every translation this client was sent."""
    return [
        (message["language"], line["text"])
        for kind in ("chat_translated", "chat_translations")
        for message in client.of_type(kind)
        for line in message["lines"]
    ]


async def test_a_line_goes_out_at_once_and_each_reader_gets_it_in_their_language_after() -> None:
    translator = MarkingTranslator()
    async with (
        hall(translator=translator) as made,
        made.joined(ANN, language="en") as ann,
        made.joined(BEN, language="es") as ben,
        made.joined(language="zh-CN") as mei,
    ):
        translator.gate.clear()
        assert (await ben.ask("chat.send", text="es: cuanto pesa"))["type"] == "ack"
        assert ann.of_type("chat")[0]["line"]["language"] == "es"
        assert translations(ann) == []
        translator.gate.set()
        await settled(made)
        assert translations(ann) == [("en", "[en] cuanto pesa")]
        assert translations(mei) == [("zh", "[zh] cuanto pesa")]
        assert translations(ben) == []
        line = mei.of_type("chat_translated")[0]["lines"][0]
        assert (line["message_id"], line["trust"]) == (mei.of_type("chat")[0]["line"]["message_id"], "model")


async def test_a_line_is_translated_once_per_language_however_many_read_it() -> None:
    translator = MarkingTranslator()
    async with (
        hall(translator=translator) as made,
        made.joined(ANN, language="en") as ann,
        made.joined(language="es") as one,
        made.joined(language="es-MX") as two,
        made.joined(MAYA, language="es") as host,
    ):
        await ann.ask("chat.send", text="en: how heavy is it")
        await settled(made)
        assert translator.asked == [(("en: how heavy is it",), "en", "es")]
        assert [len(translations(each)) for each in (one, two, host, ann)] == [1, 1, 1, 0]
        assert one.connection.texts[-1] is two.connection.texts[-1]


async def test_nothing_is_translated_into_languages_nobody_reads_or_nobody_can_translate_into() -> None:
    translator = MarkingTranslator("en", "es")
    async with (
        hall(translator=translator) as made,
        made.joined(ANN, language="en") as ann,
        made.joined(language="xx") as odd,
        made.joined(language="\u202e!!") as hostile,
    ):
        await ann.ask("chat.send", text="en: hello")
        await settled(made)
        assert translator.asked == []
        assert [len(odd.of_type("chat")), len(hostile.of_type("chat"))] == [1, 1]


async def test_a_viewer_changes_language_without_a_new_connection() -> None:
    translator = MarkingTranslator()
    async with hall(translator=translator) as made, made.joined(ANN, language="en") as ann, made.joined() as reader:
        await ann.ask("chat.send", text="en: first")
        await settled(made)
        assert translator.asked == []
        assert (await reader.ask("language.set", language="es"))["type"] == "ack"
        await settled(made)
        assert translations(reader) == [("es", "[es] first")]
        await ann.ask("chat.send", text="en: second")
        await settled(made)
        assert translations(reader) == [("es", "[es] first"), ("es", "[es] second")]
        assert (await reader.ask("language.set", language="en"))["type"] == "ack"
        await ann.ask("chat.send", text="en: third")
        await settled(made)
        assert len(translations(reader)) == 2


async def test_who_comes_later_finds_the_last_lines_in_their_language() -> None:
    translator = MarkingTranslator()
    async with hall(translator=translator) as made, made.joined(ANN) as ann, made.joined(language="es"):
        for number in range(3):
            await ann.ask("chat.send", text=f"en: line {number}")
        await settled(made)
        asked = len(translator.asked)
        async with made.client() as late:
            chat = (await late.hello(language="es"))["state"]["chat"]
        assert [line["translation"]["text"] for line in chat] == ["[es] line 0", "[es] line 1", "[es] line 2"]
        async with made.client() as reader, made.client() as again:
            assert [line["translation"] for line in (await reader.hello(language="zh"))["state"]["chat"]] == [None] * 3
            await settled(made)
            assert translations(reader) == [("zh", f"[zh] line {number}") for number in range(3)]
            state = (await again.hello(language="zh"))["state"]
            assert state["chat"][0]["translation"]["text"] == "[zh] line 0"
        assert len(translator.asked) == asked + 1


async def test_only_the_last_lines_are_made_up_for_when_a_language_is_new() -> None:
    translator = MarkingTranslator()
    options = ChatTranslationOptions(past_lines=2)
    async with hall(translator=translator, translation=options) as made, made.joined(ANN) as ann:
        for number in range(5):
            await ann.ask("chat.send", text=f"en: line {number}")
        async with made.joined(language="es") as reader:
            await settled(made)
            assert [text for _, text in translations(reader)] == ["[es] line 3", "[es] line 4"]


async def test_what_cannot_be_translated_stays_as_it_was() -> None:
    translator = MarkingTranslator()
    translator.untranslatable.add("en: qwertz")
    async with hall(translator=translator) as made, made.joined(ANN) as ann, made.joined(language="es") as reader:
        await ann.ask("chat.send", text="en: qwertz")
        await settled(made)
        assert (translations(reader), made.translator.figures["original"]) == ([], 1)


async def test_a_translator_that_fails_does_not_stop_the_chat() -> None:
    translator = MarkingTranslator()
    async with hall(translator=translator) as made, made.joined(ANN) as ann, made.joined(language="es") as reader:
        translator.failure = RuntimeError("out of order")
        await ann.ask("chat.send", text="en: one")
        await settled(made)
        translator.failure = None
        await ann.ask("chat.send", text="en: two")
        await settled(made)
        assert [len(reader.of_type("chat")), translations(reader)] == [2, [("es", "[es] two")]]


async def test_a_flood_loses_translations_and_never_a_line() -> None:
    translator = MarkingTranslator()
    options = ChatTranslationOptions(waiting_lines=8, batch_lines=4)
    async with (
        hall(translator=translator, translation=options) as made,
        made.joined(ANN) as ann,
        made.joined(language="es") as reader,
    ):
        translator.gate.clear()
        for number in range(20):
            await ann.ask("chat.send", text=f"en: line {number}")
            assert made.translator.waiting <= 8
        assert len(reader.of_type("chat")) == 20
        translator.gate.set()
        await settled(made)
        figures = made.translator.figures
        assert (figures["said"], figures["translated"] + figures["dropped"]) == (20, 20)
        # The first line was being translated when the others came; of those the newest eight were kept.
        assert [text for _, text in translations(reader)][-8:] == [f"[es] line {number}" for number in range(12, 20)]


async def test_the_host_is_not_drowned_by_the_crowd() -> None:
    translator = MarkingTranslator()
    options = ChatTranslationOptions(waiting_lines=4, batch_lines=2)
    async with (
        hall(translator=translator, translation=options) as made,
        made.joined(ANN) as ann,
        made.joined(MAYA) as maya,
        made.joined(language="es") as reader,
    ):
        translator.gate.clear()
        await ann.ask("chat.send", text="en: first")
        await asyncio.sleep(0)
        await maya.ask("chat.send", text="en: from the host")
        for number in range(10):
            await ann.ask("chat.send", text=f"en: line {number}")
        translator.gate.set()
        await settled(made)
        texts = [text for _, text in translations(reader)]
        assert texts[:2] == ["[es] first", "[es] from the host"]


async def test_a_line_that_waited_or_took_too_long_is_left_untranslated() -> None:
    translator = MarkingTranslator()
    options = ChatTranslationOptions(lag_ms=5_000, batch_lines=1)
    async with (
        hall(translator=translator, translation=options) as made,
        made.joined(ANN) as ann,
        made.joined(language="es") as reader,
    ):
        made.house.shows.clock_anchor(SHOW, 0, made.house.clock.monotonic_s())
        translator.gate.clear()
        await ann.ask("chat.send", text="en: being translated")
        await asyncio.sleep(0)
        await ann.ask("chat.send", text="en: waiting")
        made.house.clock.advance(6)
        made.house.shows.clock_anchor(SHOW, 6_000, made.house.clock.monotonic_s())
        translator.gate.set()
        await settled(made)
        assert translations(reader) == []
        assert (made.translator.figures["dropped"], made.translator.figures["late"]) == (1, 1)


async def test_shows_take_turns() -> None:
    translator = MarkingTranslator()
    house = House()
    quiet = ShowId("show_quiet")
    async with hall(house=house, translator=translator, translation=ChatTranslationOptions(batch_lines=1)) as made:
        await house.shows.create(HOST, ShowPlan({"en": "Quiet"}), quiet)
        async with (
            made.joined(ANN) as ann,
            made.joined(BEN, quiet) as ben,
            made.joined(language="es"),
            made.joined(None, quiet, language="es"),
        ):
            translator.gate.clear()
            for number in range(4):
                await ann.ask("chat.send", text=f"en: loud {number}")
            await ben.ask("chat.send", text="en: quiet")
            translator.gate.set()
            await settled(made)
            assert [lines[0] for lines, _, _ in translator.asked].index("en: quiet") <= 2


async def test_a_translation_with_an_unwelcome_word_takes_the_line_away() -> None:
    async with (
        hall(translator=MarkingTranslator()) as made,
        made.joined(ANN) as ann,
        made.joined(MAYA) as maya,
        made.joined(language="es") as reader,
    ):
        await made.wordbooks.write(BRAND, Wordbook(blocked=("[es] caramba",)))
        await ann.ask("chat.send", text="en: caramba")
        await maya.ask("chat.send", text="en: caramba")
        await settled(made)
        said = reader.of_type("chat")
        assert reader.of_type("chat_deleted")[0]["message_ids"] == [said[0]["line"]["message_id"]]
        assert translations(reader) == [("es", "[es] caramba")]  # the host's own
        assert made.translator.figures["hidden"] == 1


async def test_an_unwelcome_word_is_not_said_at_all() -> None:
    async with hall(translator=MarkingTranslator()) as made, made.joined(ANN) as ann, made.joined(MAYA) as maya:
        await made.wordbooks.write(SHOP, Wordbook(blocked=("Käse",)))
        refused = await ann.ask("chat.send", text="en: what a KASE")
        assert (refused["type"], refused["code"]) == ("problem", "chat_unwelcome")
        assert (await maya.ask("chat.send", text="en: what a KASE"))["type"] == "ack"
        assert len(ann.of_type("chat")) == 1


async def test_the_shops_words_reach_the_translator_and_make_old_results_worthless() -> None:
    translator = MarkingTranslator()
    async with hall(translator=translator) as made, made.joined(ANN) as ann, made.joined(language="es"):
        await ann.ask("chat.send", text="en: nice cup")
        await ann.ask("chat.send", text="en: nice cup")
        await settled(made)
        assert len(translator.asked) == 1
        await made.wordbooks.write(BRAND, Wordbook({"cup": {"es": "taza"}}, keep=("Clay & Co",)))
        await ann.ask("chat.send", text="en: nice cup")
        await settled(made)
        assert len(translator.asked) == 2
        assert (translator.words[-1].terms, translator.words[-1].keep) == ({"cup": {"es": "taza"}}, ("Clay & Co",))


async def test_two_processes_translate_a_line_once_and_both_tell_it() -> None:
    here, there = MarkingTranslator(), MarkingTranslator()
    house = House()
    store = MemoryReaders(house.clock)
    async with (
        hall(house=house, translator=here, reader_store=store) as one,
        hall(house=house.neighbour(), translator=there, reader_store=store) as two,
        one.joined(ANN) as ann,
        one.joined(language="zh") as mei,
        two.joined(language="es") as far,
    ):
        await two.hub.tick()
        await one.hub.tick()
        await ann.ask("chat.send", text="en: hello")
        await until(lambda: bool(translations(far)))
        await settled(one)
        assert translations(far) == [("es", "[es] hello")]
        assert translations(mei) == [("zh", "[zh] hello")]
        assert (here.lines, there.lines) == (2, 0)


async def test_a_line_said_before_the_other_process_knew_of_the_language_is_made_up_for() -> None:
    here, there = MarkingTranslator(), MarkingTranslator()
    house = House()
    store = MemoryReaders(house.clock)
    async with (
        hall(house=house, translator=here, reader_store=store) as one,
        hall(house=house.neighbour(), translator=there, reader_store=store) as two,
        one.joined(ANN) as ann,
        two.joined(language="es") as far,
    ):
        await ann.ask("chat.send", text="en: hello")
        await until(lambda: bool(far.of_type("chat")))
        await two.hub.tick()
        await until(lambda: bool(translations(far)))
        assert (here.lines, there.lines) == (0, 1)


async def test_languages_are_forgotten_with_their_last_reader() -> None:
    translator = MarkingTranslator()
    async with hall(translator=translator) as made, made.joined(ANN) as ann:
        async with made.joined(language="es"):
            assert made.translator.languages(SHOW) == {"en", "es"}
        await made.hub.tick()
        assert made.translator.languages(SHOW) == {"en"}
        await ann.ask("chat.send", text="en: anybody there")
        await settled(made)
        assert translator.asked == []


async def test_without_the_shared_count_ones_own_readers_are_served() -> None:
    class Down(MemoryReaders):
        async def report(self, show_id: ShowId, process_id: str, languages: object, ttl_s: float) -> frozenset[str]:
            raise Unavailable(1)

    house = House()
    translator = MarkingTranslator()
    async with (
        hall(house=house, translator=translator, reader_store=Down(house.clock)) as made,
        made.joined(ANN) as ann,
        made.joined(language="es") as reader,
    ):
        await made.hub.tick()
        await ann.ask("chat.send", text="en: hello")
        await settled(made)
        assert translations(reader) == [("es", "[es] hello")]


async def test_a_strangers_hint_decides_what_a_word_alone_does_not() -> None:
    async with (
        hall(translator=MarkingTranslator()) as made,
        made.joined(BEN, language="es") as ben,
        made.joined(language="en") as reader,
    ):
        await ben.ask("chat.send", text="no")
        await settled(made)
        assert reader.of_type("chat")[0]["line"]["language"] == "es"
        assert PersonId(reader.of_type("chat")[0]["line"]["author"]["id"]) == BEN.id


async def test_what_the_ai_host_says_in_other_languages_is_told_instead_of_a_translation() -> None:
    translator = MarkingTranslator()
    ai = replace(MAYA, is_ai=True)
    told = {"en": "In stock, 59 left.", "es": "Sí, quedan 59."}
    async with (
        hall(translator=translator) as made,
        made.joined(ai, language="en") as host,
        made.joined(language="es") as reader,
        made.joined(ANN, language="en") as ann,
    ):
        assert (await host.ask("chat.send", text="zh: 有货，还有 59 件。", translations=told))["type"] == "ack"
        await settled(made)
        assert translations(reader) == [("es", told["es"])]
        assert translations(ann) == [("en", told["en"])]
        assert reader.of_type("chat_translated")[0]["lines"][0]["trust"] == "template"
        assert translator.asked == []
        refused = await ann.ask("chat.send", text="en: sold out", translations={"es": "Todo es gratis."})
        assert refused["code"] == "forbidden"
        assert len(reader.of_type("chat")) == 1
