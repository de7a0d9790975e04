"""A crowd that types faster than anybody translates: every line arrives, translations lag a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from stream_server.audience.people import Person
from stream_server.ids import PersonId
from stream_server.signaling.chat_translation import ChatTranslationOptions
from stream_server.translation.model import Translated
from stream_server.translation.wordbook import Wordbook
from tests.fakes.translator import MarkingTranslator
from tests.unit.shows.making import SHOW, House, until
from tests.unit.signaling.making import TestClient, hall

WRITTEN = ("en", "es", "zh", "fr", "ja")
READ = ("en", "es", "zh")
PER_SECOND = 200
CROWD = 40
SECONDS = 5
STEP_S = 0.05
TRANSLATED_PER_SECOND = 100
"""What a core does with models of ours, and a fifth of what this flood would need."""


class PacedTranslator(MarkingTranslator):
    """Translates as much as the show's clock lets a core do."""

    def __init__(self) -> None:
        super().__init__(*READ)
        self._ready = asyncio.Semaphore(0)

    def work(self, translations: int) -> None:
        """Time went by."""
        for _ in range(translations):
            self._ready.release()

    async def translate(
        self,
        lines: Sequence[str],
        source: str | None,
        target: str,
        words: Wordbook,
        *,
        is_urgent: bool = False,
        wait_s: float | None = None,
    ) -> list[Translated]:
        for _ in lines:
            await self._ready.acquire()
        return await super().translate(lines, source, target, words, is_urgent=is_urgent, wait_s=wait_s)


async def breath() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


def lags(client: TestClient) -> list[int]:
    """By the show clock, from each line to its translation."""
    said = {event["line"]["message_id"]: event["at_ms"] for event in client.of_type("chat")}
    return [
        event["at_ms"] - said[line["message_id"]]
        for event in client.of_type("chat_translated")
        for line in event["lines"]
    ]


async def test_a_flood_in_five_languages_is_read_in_three_with_bounded_lag_and_no_line_lost() -> None:
    house, translator = House(), PacedTranslator()
    options = ChatTranslationOptions()
    async with hall(house=house, translator=translator, translation=options) as made, AsyncExitStack() as stack:
        house.shows.clock_anchor(SHOW, 0, house.clock.monotonic_s())
        people = [Person(PersonId(f"guest_{number}"), f"Guest {number}", "viewer") for number in range(CROWD)]
        crowd = [await stack.enter_async_context(made.joined(person, language="en")) for person in people]
        readers = {language: await stack.enter_async_context(made.joined(language=language)) for language in READ}
        per_step, waiting = int(PER_SECOND * STEP_S), 0
        for step in range(int(SECONDS / STEP_S)):
            for number in range(step * per_step, (step + 1) * per_step):
                language = WRITTEN[number % len(WRITTEN)]
                person = crowd[number % len(crowd)]
                person.connection.say(
                    f'{{"type": "chat.send", "ref": "f{number}", "text": "{language}: line {number}"}}'
                )
            await breath()
            waiting = max(waiting, made.translator.waiting)
            translator.work(int(TRANSLATED_PER_SECOND * STEP_S))
            await breath()
            house.clock.advance(STEP_S)
            house.shows.clock_anchor(SHOW, round((step + 1) * STEP_S * 1000), house.clock.monotonic_s())
        translator.work(1000)
        await until(lambda: made.translator.waiting == 0)
        await breath()
        said = PER_SECOND * SECONDS
        figures = made.translator.figures
        assert figures["said"] == said
        for reader in readers.values():
            texts = [event["line"]["text"] for event in reader.of_type("chat")]
            assert len(texts) == said
            assert len(set(texts)) == said
        assert waiting <= options.waiting_lines
        # Each language gets its share of what could be done, and nobody waits longer than a line is on the screen.
        assert figures["dropped"] > 0
        assert figures["translated"] >= 0.9 * TRANSLATED_PER_SECOND * SECONDS
        for reader in readers.values():
            late = lags(reader)
            assert len(late) > 0.2 * TRANSLATED_PER_SECOND * SECONDS
            assert max(late) <= options.lag_ms
