"""What we rely on in aiortc 1.16, aioice 0.13 and pylibsrtp 1.0. When this fails after an update, read `seams.py`."""

import importlib.metadata

import pytest
from aioice import stun
from aiortc import rtp

from stream_server.media.rtp import write_nack, write_pli, write_remb, write_sdes, write_sender_report
from stream_server.media.seams import (
    SRTP_PROFILES,
    Goodbye,
    MediaSealer,
    PayloadFeedback,
    ReceiverReport,
    SealingBuffer,
    SenderReport,
    SrtpReceiver,
    SrtpSender,
    TransportFeedback,
    answer_binding,
    host_addresses,
    make_certificate,
    parse_binding_request,
    parse_rtcp,
    split_keys,
)
from tests.unit.media.sealed_link import Packet, key_pair

PASSWORD = "a-password-of-22-chars"


def check(**attributes: object) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes = {"USERNAME": "ours:theirs", "PRIORITY": 1, **attributes}
    message.add_message_integrity(PASSWORD.encode())
    return bytes(message)


def test_the_versions_are_the_ones_that_were_read() -> None:
    assert importlib.metadata.version("aiortc").startswith("1.16.")
    assert importlib.metadata.version("pylibsrtp").startswith("1.0.")


def test_a_check_is_parsed_and_authenticated() -> None:
    request = parse_binding_request(check(**{"ICE-CONTROLLING": 1, "USE-CANDIDATE": None}))
    assert request is not None
    assert (request.ufrag, request.nominates, request.is_controlled) == ("ours", True, False)
    assert request.is_authentic(PASSWORD)
    assert not request.is_authentic("another-password-22-ch")


@pytest.mark.parametrize("address", [("192.0.2.7", 4711), ("2001:db8::7", 4711, 0, 0)])
def test_the_answer_to_a_check_tells_the_address(address: tuple[object, ...]) -> None:
    request = parse_binding_request(check())
    assert request is not None
    reply = stun.parse_message(answer_binding(request, address, PASSWORD))
    assert reply.message_class == stun.Class.RESPONSE
    assert reply.attributes["XOR-MAPPED-ADDRESS"] == address[:2]
    assert reply.check_message_integrity(PASSWORD.encode())


def test_a_controlled_peer_is_told_that_roles_conflict() -> None:
    request = parse_binding_request(check(**{"ICE-CONTROLLED": 1}))
    assert request is not None
    assert stun.parse_message(answer_binding(request, ("192.0.2.7", 1), PASSWORD)).error_code == 487


def test_other_stun_messages_are_not_checks() -> None:
    indication = stun.Message(stun.Method.BINDING, stun.Class.INDICATION)
    unsigned = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "a:b"})
    assert parse_binding_request(bytes(indication)) is None
    assert parse_binding_request(bytes(unsigned)) is None
    assert parse_binding_request(b"\x00\x01" + bytes(50)) is None


def test_our_rtcp_is_read_back_by_aiortc() -> None:
    compound = (
        write_sender_report(1, 0xAAAA_BBBB_CCCC_DDDD, 90, 7, 800)
        + write_sdes(1, "show")
        + write_nack(2, 1, [10, 11, 40])
        + write_pli(2, 1)
        + write_remb(2, 2_500_000, [1])
    )
    report, names, nack, pli, remb = parse_rtcp(compound)
    assert isinstance(report, SenderReport)
    assert report.sender_info == rtp.RtcpSenderInfo(0xAAAA_BBBB_CCCC_DDDD, 90, 7, 800)
    assert isinstance(names, rtp.RtcpSdesPacket)
    assert names.chunks[0].items == [(1, b"show")]
    assert isinstance(nack, TransportFeedback)
    assert nack.lost == [10, 11, 40]
    assert isinstance(pli, PayloadFeedback)
    assert (pli.fmt, pli.media_ssrc) == (1, 1)
    assert isinstance(remb, PayloadFeedback)
    bitrate, ssrcs = rtp.unpack_remb_fci(remb.fci)
    assert bitrate == pytest.approx(2_500_000, rel=0.001)
    assert ssrcs == [1]


def test_reports_and_goodbyes_of_peers_are_read() -> None:
    block = rtp.RtcpReceiverInfo(1, 0, 0, 5, 0, 0, 0)
    report, goodbye = parse_rtcp(bytes(rtp.RtcpRrPacket(2, [block])) + bytes(rtp.RtcpByePacket([2])))
    assert isinstance(report, ReceiverReport)
    assert isinstance(goodbye, Goodbye)


def test_broken_rtcp_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="RTCP"):
        parse_rtcp(b"\x81\xc9\x00\x00")


@pytest.mark.parametrize("profile", range(len(SRTP_PROFILES)))
def test_what_the_sealer_writes_in_place_the_peer_can_open(profile: int) -> None:
    server, client = key_pair(profile)
    buffer = SealingBuffer()
    sealer = MediaSealer(server, buffer)
    plain = bytes(Packet(payload=b"x" * 1200))
    buffer.view[: len(plain)] = plain
    size = sealer.seal(len(plain))
    assert size > len(plain)
    assert SrtpReceiver(client).open_rtp(bytes(buffer.view[:size])) == plain


@pytest.mark.parametrize("profile", range(len(SRTP_PROFILES)))
def test_sealed_packets_open_only_with_the_right_keys(profile: int) -> None:
    server, client = key_pair(profile)
    sender, receiver = SrtpSender(client), SrtpReceiver(server)
    plain = bytes(Packet())
    sealed = sender.seal_rtp(plain)
    with pytest.raises(ValueError, match="auth"):
        receiver.open_rtp(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert receiver.open_rtp(sealed) == plain
    with pytest.raises(ValueError, match="replay"):
        receiver.open_rtp(sealed)
    assert receiver.open_rtcp(sender.seal_rtcp(write_pli(1, 2))) == write_pli(1, 2)


def test_too_long_packets_are_value_errors() -> None:
    server, _ = key_pair()
    with pytest.raises(ValueError, match="too long"):
        SrtpSender(server).seal_rtp(bytes(Packet(payload=bytes(3000))))
    with pytest.raises(ValueError, match="too long"):
        SrtpReceiver(server).open_rtp(bytes(3000))


def test_keys_do_not_show_in_logs() -> None:
    assert repr(key_pair()[0]) == "SrtpKeys(SRTP_AEAD_AES_128_GCM)"


def test_keying_material_is_cut_as_rfc_5764_says() -> None:
    profile = SRTP_PROFILES[0]
    material = b"C" * 16 + b"S" * 16 + b"c" * 12 + b"s" * 12
    keys = split_keys(profile, material, is_server=True)
    assert keys.send_key == b"S" * 16 + b"s" * 12
    assert keys.receive_key == b"C" * 16 + b"c" * 12


def test_certificates_are_fresh_and_on_p256() -> None:
    key, certificate = make_certificate()
    assert key.curve.name == "secp256r1"
    assert certificate.public_key() == key.public_key()


def test_own_addresses_leave_out_loopback_and_link_local() -> None:
    assert not [a for a in host_addresses() if a.startswith(("127.", "fe80", "169.254.")) or a == "::1"]
