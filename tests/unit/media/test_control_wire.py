import pytest

from stream_server.errors import TooMany, Unavailable, VitrineError
from stream_server.ids import SessionId, ShowId
from stream_server.media.control_wire import (
    BadLine,
    LiveSession,
    Snapshot,
    read_error,
    read_event,
    read_line,
    write_error,
    write_event,
    write_line,
)
from stream_server.signaling.media_plane import (
    BadOffer,
    ClockAnchor,
    IngestReport,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    PublisherPresent,
    SessionClosed,
    SourceStarted,
    SourceStopped,
    StaleEtag,
    UnknownSession,
)

SHOW, SESSION = ShowId("show_1"), SessionId("wses_1")


@pytest.mark.parametrize(
    "event",
    [
        SourceStarted(SHOW, SESSION),
        SourceStopped(SHOW, SESSION, "timeout"),
        ClockAnchor(SHOW, 12.5, 99.25),
        SessionClosed(SHOW, SESSION, "closed"),
        IngestReport(SHOW, 1_000_000, 0.01, 1280, 720, 30.0, 7),
        Snapshot("epoch", (LiveSession(SHOW, SESSION, "publisher", True),), (ClockAnchor(SHOW, 1.0, 2.0),)),
    ],
)
def test_events_travel(event: MediaEvent | Snapshot) -> None:
    assert read_event(read_line(write_line(write_event(event)))) == event


@pytest.mark.parametrize(
    "error",
    [
        BadOffer("no codec", acceptable=True),
        PublisherPresent(SHOW),
        NoPublisher(SHOW),
        StaleEtag(),
        UnknownSession("session", SESSION),
        TooMany(2.0),
        MediaUnavailable(1.0),
    ],
)
def test_errors_travel_by_their_code(error: VitrineError) -> None:
    back = read_error(read_line(write_line(write_error(error))))
    assert type(back) is type(error)
    assert back.detail() == error.detail()


def test_errors_that_the_other_end_does_not_know_become_unavailable() -> None:
    class Odd(VitrineError):
        code = "odd"

    assert isinstance(read_error(write_error(Odd())), Unavailable)
    assert isinstance(read_error({"code": "from the future", "detail": {}}), Unavailable)


@pytest.mark.parametrize("line", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_lines_that_are_no_objects_are_refused(line: bytes) -> None:
    with pytest.raises(BadLine):
        read_line(line)


@pytest.mark.parametrize(
    "value", [{"event": "unknown"}, {"event": "source_started"}, {"event": "snapshot", "epoch": "x"}, {}]
)
def test_events_that_are_none_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(BadLine):
        read_event(value)


def test_errors_without_their_facts_are_refused() -> None:
    with pytest.raises(BadLine):
        read_error({"code": "bad_offer", "detail": {}})
