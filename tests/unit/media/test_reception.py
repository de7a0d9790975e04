from stream_server.media.reception import MAX_TRIES, RETRY_S, Reception


def receive(reception: Reception, *sequences: int) -> list[tuple[int, bool] | None]:
    return [reception.add(sequence & 0xFFFF, sequence * 3000, 1.0) for sequence in sequences]


def test_numbers_are_unwrapped_in_both_directions() -> None:
    assert receive(Reception(90_000), 65535, 65537, 65536) == [(65535, True), (65537, True), (65536, False)]


def test_duplicates_and_packets_from_before_the_start_are_not_passed_on() -> None:
    assert receive(Reception(90_000), 10, 11, 11, 9) == [(10, True), (11, True), None, None]


def test_missing_packets_are_asked_for_at_once_and_again_later() -> None:
    reception = Reception(90_000)
    receive(reception, 1, 4)
    assert reception.to_ask_for(1.0) == [2, 3]
    assert reception.to_ask_for(1.0 + RETRY_S / 2) == []
    assert reception.to_ask_for(1.0 + RETRY_S) == [2, 3]
    receive(reception, 3)
    assert reception.add_repaired(2) == 2
    assert reception.add_repaired(2) is None
    assert reception.to_ask_for(9.0) == []


def test_after_enough_tries_only_a_keyframe_helps() -> None:
    reception = Reception(90_000)
    receive(reception, 1, 3)
    for attempt in range(MAX_TRIES):
        assert reception.to_ask_for(1.0 + attempt * 1.01 * RETRY_S) == [2]
    assert not reception.gave_up
    assert reception.to_ask_for(9.0) == []
    assert reception.gave_up


def test_a_huge_gap_is_not_repaired_packet_by_packet() -> None:
    reception = Reception(90_000)
    receive(reception, 1, 2000)
    assert reception.gave_up
    assert reception.to_ask_for(1.0) == []


def test_reports_tell_loss_before_repair_and_the_delay_since_the_last_report() -> None:
    reception = Reception(90_000)
    assert reception.block(7, 1.0) is None
    receive(reception, 1, 2, 3, 5)
    reception.add_repaired(4)
    reception.on_sender_report(0x1111_2222_3333_4444, 2.0)
    found = reception.block(7, 2.5)
    assert found is not None
    block, fraction = found
    assert (block.ssrc, block.packets_lost, block.highest_sequence, fraction) == (7, 1, 5, 0.2)
    assert (block.fraction_lost, block.last_report) == (51, 0x2222_3333)
    assert block.delay_since_last_report == 32768
    receive(reception, 6, 7)
    following = reception.block(7, 3.5)
    assert following is not None
    assert following[1] == 0


def test_jitter_grows_with_uneven_arrival() -> None:
    even, uneven = Reception(90_000), Reception(90_000)
    for n in range(100):
        even.add(n, n * 3000, n / 30)
        uneven.add(n, n * 3000, n / 30 + (n % 2) * 0.01)
    smooth, rough = even.block(1, 9.0), uneven.block(1, 9.0)
    assert smooth is not None
    assert rough is not None
    assert smooth[0].jitter < 5
    assert 800 < rough[0].jitter < 950
