"""Who may direct the AI host over the live channel, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from stream_server.shows.offers import Offer
from tests.unit.shows.making import SHOW, until
from tests.unit.signaling.making import ADA, ANN, MAYA, MO, hall

AI = replace(MAYA, name="AI host", is_ai=True)
LINE: dict[str, Any] = {
    "text": "It weighs 350 g.",
    "language": "en",
    "beat": "present",
    "source": "template",
    "fact_ids": [],
}


async def test_orders_to_the_ai_host_come_from_the_host_or_an_admin() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ADA) as ada:
        assert (await maya.ask("ai.direct", act="skip"))["type"] == "ack"
        assert (await ada.ask("ai.direct", act="pause"))["type"] == "ack"


async def test_moderators_and_viewers_cannot_direct_the_ai_host() -> None:
    async with hall() as made, made.joined(MO) as mo, made.joined(ANN) as ann, made.joined() as stranger:
        assert (await mo.ask("ai.direct", act="skip"))["code"] == "forbidden"
        assert (await ann.ask("ai.direct", act="say", text="Everything is free"))["code"] == "forbidden"
        assert (await stranger.ask("ai.direct", act="skip"))["type"] == "problem"


async def test_orders_and_lines_reach_the_staff_and_no_viewer() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ai, made.joined(ANN) as ann:
        assert (await maya.ask("ai.direct", act="say", text="Back at eight."))["type"] == "ack"
        assert (await ai.ask("ai.line", ref="ai-1", **LINE))["type"] == "ack"
        assert (await maya.ask("announce", text="after both"))["type"] == "ack"
        await until(lambda: bool(ann.of_type("announcement")) and bool(ai.of_type("announcement")))
        (order,) = ai.of_type("ai_directed")
        assert (order["act"], order["text"]) == ("say", "Back at eight.")
        assert [line["text"] for line in maya.of_type("ai_line")] == ["It weighs 350 g."]
        assert not ann.of_type("ai_directed") + ann.of_type("ai_line")


async def test_only_the_ai_host_itself_tells_what_it_says() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ANN) as ann:
        assert (await maya.ask("ai.line", **LINE))["code"] == "forbidden"
        assert (await ann.ask("ai.line", **LINE))["code"] == "forbidden"
        assert not maya.of_type("ai_line")


async def test_an_order_without_words_or_without_a_line_is_none() -> None:
    async with hall() as made, made.joined(MAYA) as maya:
        for order in (
            {"act": "say"},
            {"act": "say", "text": " \n\t"},
            {"act": "edit", "text": "Now in blue."},
            {"act": "edit", "line_id": 4, "text": " "},
            {"act": "dismiss"},
            {"act": "dance"},
            {"act": "skip", "line_id": -1},
        ):
            assert (await maya.ask("ai.direct", **order))["code"] == "bad_message", order
        assert not maya.of_type("ai_directed")


async def test_a_verdict_names_the_order_it_is_about() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ai, made.joined(ANN) as ann:
        assert (await maya.ask("ai.direct", ref="o1", act="say", text="It costs $5."))["type"] == "ack"
        assert [order["order"] for order in ai.of_type("ai_directed")] == ["o1"]
        findings = [{"kind": "number", "found": "$5", "rule": ""}]
        assert (await ai.ask("ai.verdict", ref="ai-2", order="o1", accepted=False, findings=findings))["type"] == "ack"
        await until(lambda: bool(maya.of_type("ai_verdict")))
        (verdict,) = maya.of_type("ai_verdict")
        assert (verdict["order"], verdict["accepted"], verdict["findings"]) == ("o1", False, findings)
        assert (await maya.ask("ai.verdict", order="o1", accepted=True, findings=[]))["code"] == "forbidden"
        assert not ann.of_type("ai_verdict")


DESK: dict[str, Any] = {
    "is_on_air": True,
    "floor": "host",
    "is_paused": False,
    "language": "en",
    "voice": "flite:slt",
    "now": None,
    "next": [{"line_id": 8, "beat": "present", "text": "It is stoneware.", "product_id": None, "is_edited": False}],
    "mood": "calm",
    "mood_score": 0.0,
    "minutes": [{"at_ms": 60_000, "mood": "confused", "score": -0.1, "lines": 9, "steering": "slower"}],
    "waiting": 0,
    "tickets": [],
}


async def test_the_desk_reaches_the_staff_is_not_kept_and_no_viewer_sees_it() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ai, made.joined(ANN) as ann:
        assert (await ai.ask("ai.state", ref="ai-3", desk=DESK))["type"] == "ack"
        await until(lambda: bool(maya.of_type("ai_state")))
        assert maya.of_type("ai_state")[0]["desk"] == DESK
        assert (await maya.ask("ai.state", desk=DESK))["code"] == "forbidden"
        assert (await maya.ask("announce", text="after it"))["type"] == "ack"
        await until(lambda: bool(ann.of_type("announcement")))
        assert not ann.of_type("ai_state")
        async with made.joined(ADA) as late:
            assert not late.of_type("ai_state")


TICKET: dict[str, Any] = {
    "ticket_id": "msg_1",
    "wants_person": False,
    "question": "Is there a lid?",
    "author": "Ann",
    "language": "en",
    "asked_by": 2,
    "product_id": None,
    "at_ms": 65_000,
}


async def test_a_ticket_is_kept_with_what_became_of_it_and_only_the_ai_host_opens_one() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(AI) as ai:
        assert (await ai.ask("ai.ticket", ref="t1", ticket=TICKET, state="open"))["type"] == "ack"
        (kept,) = await made.tickets.of_show(SHOW)
        assert (kept.content, kept.state, kept.closed_at) == (TICKET, "open", None)
        closing = {"ticket": TICKET, "state": "answered", "answer": "Yes, of cork."}
        assert (await ai.ask("ai.ticket", ref="t2", **closing))["type"] == "ack"
        (kept,) = await made.tickets.of_show(SHOW)
        assert (kept.state, kept.answer, kept.closed_at is not None) == ("answered", "Yes, of cork.", True)
        assert (await maya.ask("ai.ticket", ticket=TICKET, state="open"))["code"] == "forbidden"


async def test_an_offer_of_the_plan_reaches_everybody_until_it_is_over() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ANN) as ann:
        record = await made.house.shows.get(SHOW)
        cup, now = record.plan.rundown[0], made.house.clock.now()
        saucer = Offer("saucer", cup, {"en": "A saucer with every cup"}, now + timedelta(seconds=10))
        await made.house.shows.update(SHOW, replace(record.plan, offers=(saucer,)))
        assert (await maya.ask("offer.show", offer_id="saucer"))["type"] == "ack"
        await until(lambda: bool(ann.of_type("offer")))
        (shown,) = ann.of_type("offer")
        assert (shown["product_id"], shown["text"]) == (cup, saucer.text)
        assert datetime.fromisoformat(shown["ends_at"]) == saucer.ends_at
        assert (await ann.ask("offer.show", offer_id="saucer"))["code"] == "forbidden"
        assert (await maya.ask("offer.show", offer_id="another"))["code"] == "unknown_offer"
        made.house.clock.advance(10)
        assert (await maya.ask("offer.show", offer_id="saucer"))["code"] == "offer_over"
