"""When the media process may go before others."""

from __future__ import annotations

from stream_server.media.precedence import Moderation


def test_goes_first_while_it_leaves_most_of_the_machine_to_others() -> None:
    moderation = Moderation(cores=2, processes=1)
    assert moderation.goes_first(used_s=0.7, passed_s=1.0)


def test_flood_that_takes_a_core_ends_that_until_it_has_well_passed() -> None:
    moderation = Moderation(cores=2, processes=1)
    assert [moderation.goes_first(used_s, 1.0) for used_s in (0.2, 1.0, 0.6, 0.3, 0.6)] == [
        True, False, False, True, True,
    ]  # fmt: skip


def test_processes_share_what_is_allowed() -> None:
    moderation = Moderation(cores=4, processes=3)
    assert not moderation.goes_first(used_s=0.6, passed_s=1.0)
