"""An operator and the AI host on the same live channel: orders go one way, verdicts, tickets and the desk come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any

import pytest

from stream_server.ids import SessionId
from stream_server.signaling.messages import ClientCommand, ServerMessage, server_adapter
from stream_server.virtual_host import desk as desk_module
from tests.unit.shows.making import SHOW, until
from tests.unit.signaling.making import ANN, MAYA, TestClient, hall
from tests.unit.virtual_host.test_presenter import House

AI = replace(MAYA, name="AI host", is_ai=True)


class HubWire:
    """A `Wire` whose server is a real hub, without a socket in between."""

    is_open = True

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._sent = 0

    def send(self, make: Callable[[str], ClientCommand]) -> None:
        self._sent += 1
        self._client.connection.say(make(f"ai-{self._sent}").model_dump_json())

    async def messages(self) -> AsyncGenerator[ServerMessage, None]:
        texts, read = self._client.connection.texts, 1  # the welcome was read
        while True:
            while len(texts) == read:
                await asyncio.sleep(0)
            read += 1
            yield server_adapter.validate_json(texts[read - 1])

    async def deliver(self) -> None:
        await asyncio.Event().wait()


def last(client: TestClient, kind: str) -> dict[str, Any]:
    found = client.of_type(kind)
    return found[-1] if found else {}


async def test_orders_reach_the_host_and_its_verdict_desk_and_answer_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_module, "TELL_AT_MOST_EVERY_S", 0.0)
    async with (
        hall() as made,
        made.joined(MAYA) as maya,
        made.joined(AI) as ai,
        made.joined(ANN) as ann,
        asyncio.TaskGroup() as group,
    ):
        house = House(HubWire(ai))
        task = group.create_task(house.presenter.run())
        await made.house.shows.source_started(SHOW, SessionId("whip_ai"), "ai")
        await until(lambda: last(maya, "ai_state").get("desk", {}).get("is_on_air", False))
        await house.settle()
        await house.next_line()

        await maya.ask("ai.direct", ref="o1", act="say", text="It costs $5.")
        await until(lambda: last(maya, "ai_verdict").get("order") == "o1")
        assert last(maya, "ai_verdict")["accepted"] is False
        assert last(maya, "ai_verdict")["findings"][0]["kind"] == "number"

        await maya.ask("ai.direct", ref="o2", act="say", text="It costs $5.", insist=True)
        await until(lambda: last(maya, "ai_verdict").get("order") == "o2")
        await house.settle()
        assert await house.next_line() == "It costs $5."

        await ann.ask("chat.send", text="Can I talk to a human?")
        await house.settle()
        await until(lambda: bool(house.director.questions) or house.log.said()[-1].beat == "answer")
        while not last(maya, "ai_state")["desk"]["tickets"]:
            await house.next_line()
        (ticket,) = last(maya, "ai_state")["desk"]["tickets"]
        assert (ticket["author"], ticket["wants_person"]) == ("Ann", True)
        assert not ann.of_type("ai_state") + ann.of_type("ai_verdict")
        task.cancel()
