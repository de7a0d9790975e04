"""What a media process knows of the others' shows."""

from __future__ import annotations

from stream_server.ids import ShowId
from stream_server.media.directory import MAX_SHOWS, Directory
from stream_server.media.trunk_wire import Standing
from tests.unit.media.trunk_talk import SHOW, announcement


def standing(position_ms: float, at_s: float) -> Standing:
    return Standing(SHOW, position_ms, at_s, at_s, {}, ())


def test_the_source_that_began_last_counts() -> None:
    directory = Directory()
    directory.announce(1, announcement(20.0))
    known = directory.announce(2, announcement(10.0))
    found = known.source()
    assert found is not None
    assert (found[0], known.newest.started_s) == (1, 20.0)


def test_the_clock_goes_on_from_where_it_was_told_to_stand() -> None:
    directory = Directory()
    known = directory.announce(1, announcement(10.0))
    assert known.position_at(11.0) == 2000.0
    assert directory.stand(1, standing(5000.0, 12.0))
    assert known.position_at(12.5) == 5500.0


def test_the_clock_never_goes_back() -> None:
    directory = Directory()
    known = directory.announce(1, announcement(10.0))
    directory.stand(1, standing(10.0, 12.0))
    assert known.position_at(12.0) == 3000.0


def test_only_the_process_with_the_source_says_where_a_show_stands() -> None:
    directory = Directory()
    directory.announce(1, announcement(20.0))
    directory.announce(2, announcement(10.0))
    assert not directory.stand(2, standing(9e9, 30.0))
    assert not directory.stand(3, standing(9e9, 30.0))


def test_a_show_without_source_is_still_known() -> None:
    directory = Directory()
    directory.announce(1, announcement())
    directory.withdraw(1, SHOW)
    known = directory.find(SHOW)
    assert known is not None
    assert known.source() is None
    assert known.newest.encodings["audio"].codec == "opus"


def test_what_a_dead_process_had_is_told() -> None:
    directory = Directory()
    directory.announce(1, announcement())
    directory.announce(2, announcement(show_id=ShowId("show_2")))
    assert directory.lose(1) == [SHOW]
    assert directory.lose(1) == []


def test_an_ended_show_is_forgotten() -> None:
    directory = Directory()
    directory.announce(1, announcement())
    directory.forget(SHOW)
    assert directory.find(SHOW) is None


def test_there_is_room_for_so_many_shows_and_the_ones_not_heard_of_for_longest_go() -> None:
    directory = Directory()
    for number in range(MAX_SHOWS):
        directory.announce(1, announcement(show_id=ShowId(f"show_{number}")))
    directory.announce(1, announcement(show_id=ShowId("show_0")))
    directory.announce(1, announcement(show_id=ShowId("one_more")))
    assert len(directory) == MAX_SHOWS
    assert directory.find(ShowId("show_0")) is not None
    assert directory.find(ShowId("show_1")) is None
