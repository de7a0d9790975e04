from stream_server.media.feedback import (
    KEYFRAME_INTERVAL_S,
    MIN_BPS,
    BitrateLimit,
    KeyframeRequests,
    RetransmissionBudget,
)


def test_a_keyframe_is_asked_for_at_once_and_then_twice_a_second_at_most() -> None:
    requests = KeyframeRequests()
    assert not requests.take(1.0)
    requests.want()
    assert requests.take(1.0)
    requests.want()
    assert not requests.take(1.1)
    assert requests.take(1.0 + KEYFRAME_INTERVAL_S)
    assert not requests.take(9.0)


def test_a_keyframe_that_came_meanwhile_serves_all_who_waited() -> None:
    requests = KeyframeRequests()
    requests.want()
    assert requests.take(1.0)
    requests.want()
    requests.on_keyframe()
    assert not requests.take(2.0)


def test_the_limit_starts_at_the_cap_falls_with_loss_and_grows_back() -> None:
    limit = BitrateLimit(2_500_000)
    assert limit.bps == 2_500_000
    assert limit.on_loss(0.05) == 2_500_000
    fallen = limit.on_loss(0.5)
    assert fallen == 1_875_000
    assert fallen < limit.on_loss(0.0) < 2_500_000
    for _ in range(100):
        limit.on_loss(0.0)
    assert limit.bps == 2_500_000
    for _ in range(100):
        limit.on_loss(1.0)
    assert limit.bps == MIN_BPS


def test_the_budget_is_spent_and_earned_again() -> None:
    budget = RetransmissionBudget(share=0.5, burst=2)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    budget.earn(1)
    assert not budget.take()
    budget.earn(1)
    assert budget.take()
    budget.earn(1000)
    assert [budget.take() for _ in range(3)] == [True, True, False]


def test_the_limit_follows_the_best_viewer_once_even_that_one_lags_behind() -> None:
    limit = BitrateLimit(2_500_000)
    assert [limit.on_audience(None, 2_000_000), limit.on_audience(2_600_000, 2_000_000)] == [2_500_000, 2_500_000]
    limits = [limit.on_audience(900_000, 2_000_000) for _ in range(3)]
    assert limits == [2_500_000, 2_500_000, 900_000]
    assert limit.on_audience(900_000, 880_000) > 900_000
    for _ in range(60):
        limit.on_audience(3_000_000, 1_500_000)
    assert limit.bps == 2_500_000


def test_one_bad_estimate_is_no_reason() -> None:
    limit = BitrateLimit(2_500_000)
    for estimate in (900_000, 900_000, 2_500_000, 900_000, 900_000, 2_500_000):
        limit.on_audience(estimate, 2_000_000)
    assert limit.bps == 2_500_000


def test_the_smaller_of_both_limits_counts_and_never_falls_below_the_floor() -> None:
    limit = BitrateLimit(2_500_000)
    for _ in range(30):
        limit.on_audience(10_000, 2_000_000)
    assert limit.bps == MIN_BPS
    limit = BitrateLimit(2_500_000)
    limit.on_loss(0.5)
    assert limit.on_audience(3_000_000, 2_000_000) == 1_875_000
