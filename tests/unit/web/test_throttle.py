from __future__ import annotations

import pytest
from starlette.requests import Request

from stream_server.clock import ManualClock
from stream_server.errors import TooMany
from stream_server.web.throttle import Rate, Throttle, address_of


def test_a_burst_passes_and_the_next_one_waits() -> None:
    clock = ManualClock()
    throttle = Throttle(clock)
    rate = Rate(burst=3, per_second=0.5)
    for _ in range(3):
        throttle.take("post", "a", rate)
    with pytest.raises(TooMany) as refused:
        throttle.take("post", "a", rate)
    assert refused.value.retry_after_s == pytest.approx(2.0)
    clock.advance(2.0)
    throttle.take("post", "a", rate)


def test_being_refused_costs_nothing() -> None:
    clock = ManualClock()
    throttle = Throttle(clock)
    rate = Rate(burst=1, per_second=1)
    throttle.take("post", "a", rate)
    for _ in range(10):
        with pytest.raises(TooMany):
            throttle.take("post", "a", rate)
    clock.advance(1.0)
    throttle.take("post", "a", rate)


def test_clients_and_kinds_do_not_share_a_bucket() -> None:
    throttle = Throttle(ManualClock())
    rate = Rate(burst=1, per_second=1)
    throttle.take("post", "a", rate)
    throttle.take("post", "b", rate)
    throttle.take("delete", "a", rate)


def test_the_number_of_buckets_is_bounded() -> None:
    throttle = Throttle(ManualClock(), max_buckets=10)
    for number in range(100):
        throttle.take("post", str(number), Rate(burst=1, per_second=1))
    assert len(throttle._buckets) == 10


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_client_is_its_network(host: str, key: str) -> None:
    assert address_of(Request({"type": "http", "headers": [], "client": (host, 1)})) == key
