"""One viewer's layer over time."""

from __future__ import annotations

from stream_server.media.layer_choice import FIRST_WAIT_S, LayerChoice, LayerRate

LAYERS = [LayerRate(0, 150_000), LayerRate(1, 500_000), LayerRate(2, 1_500_000)]


class Network:
    """Feeds a choice what a receiver behind ``bps`` reports, twice a second."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.choice = LayerChoice(self.now_s)
        self.choice.choose(LAYERS, self.now_s)
        self.seen: list[tuple[float, int | None]] = []

    def run(self, seconds: float, bps: float, *, loss: float = 0.0, layers: list[LayerRate] = LAYERS) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += 0.5
            rate = next((one.bps for one in layers if one.layer == self.choice.layer), 0.0)
            if rate:
                self.choice.on_estimate(0.85 * bps if rate > bps else min(bps, 1.5 * rate), self.now_s)
            self.choice.on_loss(loss if rate > bps else 0.0, self.now_s)
            before = self.choice.layer
            after = self.choice.choose(layers, self.now_s)
            if after != before:
                self.seen.append((self.now_s, after))


def test_a_good_network_stays_on_the_best_layer() -> None:
    network = Network()
    network.run(60, 5_000_000)
    assert (network.choice.layer, network.choice.reason) == (2, "best")
    assert network.seen == []


def test_a_narrow_network_goes_down_to_what_fits_and_up_again_when_it_widens() -> None:
    network = Network()
    network.run(5, 5_000_000)
    network.run(4, 700_000)
    assert (network.choice.layer, network.choice.reason) == (1, "bandwidth")
    network.run(40, 5_000_000)
    assert (network.choice.layer, network.choice.reason) == (2, "best")


def test_trials_that_fail_become_rare() -> None:
    network = Network()
    network.run(5, 5_000_000)
    network.run(300, 700_000)
    trials = [at_s for at_s, layer in network.seen if layer == 2]
    assert 3 <= len(trials) <= 8
    assert trials[-1] - trials[-2] > 4 * (trials[1] - trials[0])


def test_loss_that_lasts_goes_down_one_layer_and_a_burst_does_not() -> None:
    network = Network()
    network.run(3, 5_000_000)
    network.choice.on_loss(0.4, network.now_s)
    network.run(3, 5_000_000)
    assert network.choice.layer == 2
    network.choice.on_estimate(5_000_000, network.now_s)
    for _ in range(4):
        network.now_s += 0.5
        network.choice.on_loss(0.2, network.now_s)
        network.choice.choose(LAYERS, network.now_s)
    assert (network.choice.layer, network.choice.reason) == (1, "loss")


def test_what_carries_not_even_the_smallest_gets_sound_and_is_tried_again() -> None:
    network = Network()
    network.run(3, 5_000_000)
    network.run(3, 50_000, loss=0.5)
    assert network.seen[-1][1] == 0
    network.run(5, 50_000, loss=0.5)
    assert (network.choice.layer, network.choice.reason) == (None, "bandwidth")
    network.run(FIRST_WAIT_S + 2, 5_000_000)
    assert network.choice.layer is not None
    network.run(40, 5_000_000)
    assert network.choice.layer == 2


def test_a_layer_that_is_not_sent_any_more_gives_way_and_comes_back() -> None:
    network = Network()
    network.run(1, 5_000_000, layers=LAYERS[:2])
    assert (network.choice.layer, network.choice.reason) == (1, "best")
    network.run(1, 5_000_000)
    assert (network.choice.layer, network.choice.reason) == (2, "best")


def test_an_estimate_that_lags_behind_a_livelier_picture_is_no_evidence() -> None:
    network = Network()
    network.choice.on_estimate(300_000, network.now_s)
    for second in range(10):
        network.now_s += 1
        network.choice.on_estimate(300_000 * 1.08**second, network.now_s)
        network.choice.choose(LAYERS, network.now_s)
    assert network.choice.layer == 2


def test_a_picture_of_which_much_is_asked_for_again_gives_way_though_little_is_reported_lost() -> None:
    network = Network()
    network.choice.on_estimate(400_000, network.now_s)
    for _ in range(8):
        network.now_s += 0.25
        network.choice.on_repair(40, network.now_s)
        network.choice.on_loss(0.0, network.now_s)
        network.choice.choose(LAYERS, network.now_s)
    assert (network.choice.layer, network.choice.reason) == (0, "bandwidth")


def test_a_trial_that_floods_the_network_ends_within_half_a_second() -> None:
    network = Network()
    network.run(5, 5_000_000)
    network.run(4, 700_000)
    while network.choice.layer != 2:
        network.run(0.5, 700_000)
    for _ in range(2):
        network.now_s += 0.25
        network.choice.on_repair(30, network.now_s)
        network.choice.choose(LAYERS, network.now_s)
    assert (network.choice.layer, network.choice.reason) == (1, "bandwidth")


def test_requests_at_the_rate_of_a_lossy_network_keep_the_picture() -> None:
    network = Network()
    for _ in range(40):
        network.now_s += 0.25
        network.choice.on_estimate(2_000_000, network.now_s)
        network.choice.on_repair(5, network.now_s)  # 10 % of 170 packets a second, some of them twice
        network.choice.choose(LAYERS, network.now_s)
    assert network.choice.layer == 2
