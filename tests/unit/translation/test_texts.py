from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from stream_server.clock import ManualClock
from stream_server.errors import Unavailable
from stream_server.stores.translation_memory import MemoryTextStore
from stream_server.translation.model import Translated
from stream_server.translation.text_service import TextOptions, TextTranslator
from stream_server.translation.wordbook import Wordbook
from tests.fakes.translator import MarkingTranslator

LAMP = {"en": "Lamp"}
NONE = Wordbook()


@asynccontextmanager
async def made(
    translator: MarkingTranslator,
    store: MemoryTextStore | None = None,
    options: TextOptions | None = None,
    clock: ManualClock | None = None,
) -> AsyncIterator[TextTranslator]:
    async with TextTranslator(store or MemoryTextStore(), translator, clock or ManualClock(), options).run() as texts:
        yield texts


async def test_a_text_is_translated_once_and_kept() -> None:
    translator, store = MarkingTranslator(), MemoryTextStore()
    async with made(translator, store) as texts:
        read = await texts.read({"title": LAMP}, "es", NONE)
        assert (read.texts["title"].text, read.is_complete) == ("[es] Lamp", True)
        await texts.read({"title": LAMP, "other": LAMP}, "es", NONE)
    async with made(translator, store) as later:
        assert (await later.read({"title": LAMP}, "es", NONE)).texts["title"].text == "[es] Lamp"
    assert translator.lines == 1


async def test_the_sellers_own_words_come_first() -> None:
    translator = MarkingTranslator()
    async with made(translator) as texts:
        read = await texts.read(
            {"title": {"en": "Lamp", "es-MX": "Lámpara"}, "empty": {}, "dots": {"en": "…"}}, "es", NONE
        )
        assert (dict(read.texts), read.is_complete, translator.lines) == ({}, True, 0)


async def test_other_words_make_another_translation() -> None:
    translator = MarkingTranslator()
    async with made(translator) as texts:
        await texts.read({"title": LAMP}, "es", NONE)
        await texts.read({"title": LAMP}, "es", Wordbook(blocked=("x",)))
        assert translator.lines == 1
        await texts.read({"title": LAMP}, "es", Wordbook(keep=("Lamp",)))
        assert translator.lines == 2


async def test_who_has_no_patience_finds_it_at_the_next_question() -> None:
    translator = MarkingTranslator()
    async with made(translator) as texts:
        translator.gate.clear()
        read = await texts.read({"title": LAMP}, "es", NONE, patience_s=0)
        assert (dict(read.texts), read.is_complete) == ({}, False)
        translator.gate.set()
        for _ in range(10):
            await asyncio.sleep(0)
        assert (await texts.read({"title": LAMP}, "es", NONE, patience_s=0)).is_complete


async def test_what_cannot_be_translated_is_tried_again_much_later() -> None:
    translator, clock = MarkingTranslator(), ManualClock()
    translator.untranslatable.add("Lamp")
    async with made(translator, clock=clock, options=TextOptions(retry_s=60)) as texts:
        for _ in range(3):
            read = await texts.read({"title": LAMP}, "es", NONE)
            assert (dict(read.texts), read.is_complete) == ({}, True)
        assert translator.lines == 1
        clock.advance(61)
        translator.untranslatable.clear()
        assert (await texts.read({"title": LAMP}, "es", NONE)).texts["title"].text == "[es] Lamp"


async def test_too_many_new_texts_stay_as_they_are_for_now() -> None:
    translator = MarkingTranslator()
    async with made(translator, options=TextOptions(waiting=2)) as texts:
        read = await texts.read({str(n): {"en": f"Lamp {n} x"} for n in range(5)}, "es", NONE)
        assert len(read.texts) == 2


async def test_a_translator_or_store_that_fails_leaves_the_originals() -> None:
    class Down(MemoryTextStore):
        async def load(self, keys):  # type: ignore[no-untyped-def]
            raise Unavailable(1)

        async def save(self, translations: Mapping[str, Translated], at: datetime) -> None:
            raise Unavailable(1)

    translator = MarkingTranslator()
    async with made(translator, Down()) as texts:
        assert (await texts.read({"title": LAMP}, "es", NONE)).texts["title"].text == "[es] Lamp"
        translator.failure = RuntimeError("out of order")
        read = await texts.read({"title": {"en": "Chair"}}, "es", NONE)
        assert (dict(read.texts), read.is_complete) == ({}, True)


async def test_what_was_translated_long_ago_is_translated_anew() -> None:
    translator, store, clock = MarkingTranslator(), MemoryTextStore(), ManualClock()
    options = TextOptions(kept_days=10, kept=2)
    async with made(translator, store, options, clock) as texts:
        await texts.read({"title": LAMP}, "es", NONE)
    clock.advance(11 * 86_400)
    for name in ("Chair", "Table"):  # each process begins by looking after the store
        async with made(translator, store, options, clock) as texts:
            await texts.read({"title": {"en": name}}, "es", NONE)
    async with made(translator, store, options, clock) as later:
        assert len(await later.known([LAMP, {"en": "Chair"}, {"en": "Table"}], NONE)) == 2
        await later.read({"title": LAMP}, "es", NONE)
    assert translator.lines == 4


async def test_the_store_does_not_grow_beyond_what_is_kept() -> None:
    store, clock = MemoryTextStore(), ManualClock()
    goods = [{"en": f"{name} lamp"} for name in ("Red", "Blue", "Green", "Brass", "Oak")]
    async with made(MarkingTranslator(), store, TextOptions(kept=3, trim_every_s=60), clock) as texts:
        for each in goods:
            clock.advance(61)
            await texts.read({"title": each}, "es", NONE)
    async with made(MarkingTranslator(), store) as later:
        assert await later.known(goods, NONE) == ["[es] Green lamp", "[es] Brass lamp", "[es] Oak lamp"]


async def test_languages_nobody_translates_into_are_read_in_the_original() -> None:
    translator = MarkingTranslator("en", "es")
    async with made(translator) as texts:
        assert (await texts.read({"title": LAMP}, "xx", NONE)).is_complete
        assert translator.lines == 0


async def test_everything_a_text_was_translated_into_can_be_searched() -> None:
    async with made(MarkingTranslator()) as texts:
        assert await texts.known([LAMP], NONE) == []
        await texts.read({"title": LAMP}, "es", NONE)
        await texts.read({"title": LAMP}, "zh", NONE)
        assert sorted(await texts.known([LAMP], NONE)) == ["[es] Lamp", "[zh] Lamp"]


async def test_a_label_does_not_become_a_question() -> None:
    class Asking(MarkingTranslator):
        def _one(self, line: str, source: str, target: str) -> Translated:
            return Translated("¿Cuánto pesa?", source, target, "template")

    async with made(Asking()) as texts:
        assert dict((await texts.read({"label": {"en": "Weight"}}, "es", NONE)).texts) == {}
        assert len((await texts.read({"label": {"en": "How heavy is it?"}}, "es", NONE)).texts) == 1
