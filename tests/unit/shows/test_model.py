from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stream_server.ids import PersonId, ProductId
from stream_server.shows.errors import BadShow
from stream_server.shows.events import ALL, STAFF, Change, Event, only, sees
from stream_server.shows.model import (
    AnnouncementTooLong,
    NotInRundown,
    Pin,
    Show,
    ShowEnded,
    ShowPlan,
    UnknownShow,
)
from tests.unit.shows.making import BOWL, CUP, PLAN, PLATE, SHOW, VASE

RUNDOWN = PLAN.rundown
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def after(show: Show, changes: Sequence[Change], at_ms: int = 0, at: datetime = NOON) -> Show:
    for change in changes:
        show = show.after(Event(SHOW, 1, at_ms, change.type, change.audience, change.payload, at))
    return show


def pinned(*product_ids: ProductId) -> Show:
    show = Show(SHOW)
    for at_ms, product_id in enumerate(product_ids):
        show = after(show, show.pinning(product_id, at_ms, RUNDOWN))
    return show


def test_show_goes_live_away_and_live_again() -> None:
    show = after(Show(SHOW), Show(SHOW).going_live(), 0)
    assert (show.status, show.started_at) == ("live", NOON)
    assert show.going_live() == []
    later = NOON.replace(hour=13)
    show = after(show, show.going_away(), 3_600_000, later)
    assert (show.status, show.status_since, show.status_at_ms) == ("away", later, 3_600_000)
    assert show.going_away() == []
    show = after(show, show.going_live(), 3_700_000, NOON.replace(hour=14))
    assert (show.status, show.started_at) == ("live", NOON)


def test_ended_show_stays_ended() -> None:
    show = after(Show(SHOW), Show(SHOW).ending())
    assert show.status == "ended"
    assert show.ending() == []
    assert show.going_away() == []
    refusals: tuple[Callable[[], object], ...] = (
        lambda: show.going_live(),
        lambda: show.pinning(CUP, 0, RUNDOWN),
        lambda: show.unpinning(CUP),
        lambda: show.marking(CUP, True, RUNDOWN),
        lambda: show.announcing("hello"),
        lambda: show.inviting(CUP, RUNDOWN),
    )
    for refuse in refusals:
        with pytest.raises(ShowEnded):
            refuse()


def test_invitation_to_try_on_is_a_moment_and_no_state() -> None:
    invited = Show(SHOW).inviting(CUP, RUNDOWN)
    assert [(change.type, change.payload) for change in invited] == [("try_on", {"product_id": CUP, "way": "try_on"})]
    in_3d = Show(SHOW).inviting(CUP, RUNDOWN, "model")
    assert in_3d[0].payload == {"product_id": CUP, "way": "model"}
    assert after(Show(SHOW), invited) == Show(SHOW)
    with pytest.raises(NotInRundown):
        Show(SHOW).inviting(ProductId("prod_stranger"), RUNDOWN)


def test_pins_keep_the_order_of_pinning() -> None:
    assert pinned(CUP, BOWL, PLATE).pins == (Pin(CUP, 0), Pin(BOWL, 1), Pin(PLATE, 2))


def test_fourth_pin_pushes_the_oldest_out() -> None:
    assert pinned(CUP, BOWL, PLATE, VASE).pins == (Pin(BOWL, 1), Pin(PLATE, 2), Pin(VASE, 3))


def test_pinning_again_moves_the_card_to_the_newest_place() -> None:
    assert pinned(CUP, BOWL, CUP).pins == (Pin(BOWL, 1), Pin(CUP, 2))


def test_unpinning_takes_one_card_away() -> None:
    show = pinned(CUP, BOWL)
    assert after(show, show.unpinning(CUP)).pins == (Pin(BOWL, 1),)
    assert show.unpinning(VASE) == []


def test_only_products_of_the_rundown_are_presented() -> None:
    with pytest.raises(NotInRundown) as refused:
        Show(SHOW).pinning(CUP, 0, [BOWL])
    assert refused.value.detail() == {"product_id": CUP}
    with pytest.raises(NotInRundown):
        Show(SHOW).marking(CUP, True, [BOWL])


def test_products_are_marked_sold_out_and_back() -> None:
    show = Show(SHOW)
    show = after(show, show.marking(CUP, True, RUNDOWN))
    show = after(show, show.marking(BOWL, True, RUNDOWN))
    assert show.sold_out == (CUP, BOWL)
    assert show.marking(CUP, True, RUNDOWN) == []
    show = after(show, show.marking(CUP, False, RUNDOWN))
    assert show.sold_out == (BOWL,)


def test_announcement_is_cleaned_and_removed_by_an_empty_text() -> None:
    show = Show(SHOW)
    show = after(show, show.announcing("  Free\u202e delivery\n today "))
    assert show.announcement == "Free delivery today"
    assert show.announcing("Free delivery today") == []
    assert after(show, show.announcing("")).announcement == ""


def test_too_long_announcement_is_refused() -> None:
    assert after(Show(SHOW), Show(SHOW).announcing("x" * 120)).announcement == "x" * 120
    with pytest.raises(AnnouncementTooLong) as refused:
        Show(SHOW).announcing("x" * 121)
    assert refused.value.detail() == {"limit": 120}


def test_events_of_other_features_change_nothing() -> None:
    show = pinned(CUP)
    assert after(show, [Change("chat", {"line": {}})]) == show


def test_events_are_seen_by_their_audience() -> None:
    viewer = PersonId("guest_1")
    assert sees(ALL, None, controls=False, moderates=False)
    assert not sees(STAFF, viewer, controls=False, moderates=True)
    assert sees(STAFF, viewer, controls=True, moderates=True)
    assert sees(only(viewer), viewer, controls=False, moderates=False)
    assert not sees(only(viewer), PersonId("guest_2"), controls=False, moderates=False)
    assert not sees(only(viewer), None, controls=False, moderates=False)
    assert sees(only(viewer), PersonId("mod_1"), controls=False, moderates=True)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (ShowPlan({}), "it needs a title"),
        (ShowPlan({"en": " \u200b "}), "it needs a title"),
        (replace(PLAN, starts_at=datetime(2026, 11, 1)), "the start needs a time zone"),  # noqa: DTZ001
        (replace(PLAN, rundown=(CUP, CUP)), "a product is in the rundown twice"),
        (
            replace(PLAN, rundown=tuple(ProductId(f"prod_{n}") for n in range(201))),
            "the rundown has more than 200 products",
        ),
    ],
)
def test_unusable_plans_are_refused(plan: ShowPlan, reason: str) -> None:
    with pytest.raises(BadShow) as refused:
        plan.checked()
    assert refused.value.reason == reason
    assert reason in str(refused.value)


def test_plan_texts_are_cleaned() -> None:
    plan = replace(PLAN, title={"en": " Clay\t", "es": "\u200b"}, starts_at=NOON)
    assert plan.checked() == replace(plan, title={"en": "Clay"})


@pytest.mark.parametrize(
    "error", [UnknownShow("show_x"), ShowEnded("show_x"), NotInRundown("p"), AnnouncementTooLong()]
)
def test_errors_read_as_sentences(error: Exception) -> None:
    assert str(error).endswith(".")
