"""Who of host and stand-in has the air, and when."""

from __future__ import annotations

from stream_server.media.turn import SILENT_S, STEADY_S, Turn


def test_the_stand_in_waits_while_the_host_is_heard() -> None:
    turn = Turn()
    turn.heard(10.0, is_own=True)
    assert not turn.is_over(10.0 + SILENT_S, own_is_on_air=True)
    assert turn.is_over(10.01 + SILENT_S, own_is_on_air=True)


def test_packets_of_the_stand_in_say_nothing_about_the_host() -> None:
    turn = Turn()
    turn.heard(10.0, is_own=True)
    turn.heard(13.0, is_own=False)
    assert turn.is_over(13.0, own_is_on_air=True)


def test_the_host_has_the_air_back_only_when_it_is_steady() -> None:
    turn = Turn()
    turn.heard(20.0, is_own=True)
    assert not turn.is_over(20.0, own_is_on_air=False)
    turn.heard(20.0 + STEADY_S, is_own=True)
    assert turn.is_over(20.0 + STEADY_S, own_is_on_air=False)


def test_a_host_who_falls_silent_again_begins_anew() -> None:
    turn = Turn()
    turn.heard(20.0, is_own=True)
    turn.heard(23.0, is_own=True)
    assert not turn.is_over(23.0, own_is_on_air=False)
