"""Every use of what aiortc, aioice and pylibsrtp do not promise to keep: one place to look at when they change.

aiortc's minor version is pinned for this module's sake, and `tests/unit/media/test_seams.py` states what we rely
on. Upstream declines the use as a forwarding server (aiortc issues 55, 449, 627), so nothing here will become
public interface; hence we take the parts below its peer connection (RTCP parsing, STUN messages, certificates,
libsrtp) and bring our own endpoint.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pylibsrtp
from aioice import ice, stun
from aioice.ice import get_host_addresses
from aiortc import RTCRtpReceiver, rtp
from aiortc.rtcdtlstransport import RTCCertificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pylibsrtp._binding import ffi, lib

Address = tuple[Any, ...]
"""A socket address as the kernel gives it: (host, port) or, for IPv6, (host, port, flow, scope)."""

# ---------------------------------------------------------------- addresses and certificates


def host_addresses() -> list[str]:
    """This machine's addresses without loopback and link-local ones, IPv4 first."""
    found = get_host_addresses(use_ipv4=True, use_ipv6=True)
    usable = [a for a in dict.fromkeys(found) if not a.startswith(("127.", "169.254.", "fe80:"))]
    return sorted(usable, key=lambda address: ":" in address)


def make_certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A fresh P-256 key and its self-signed certificate."""
    certificate = RTCCertificate.generateCertificate()
    return certificate._key, certificate._cert


# ---------------------------------------------------------------- RTCP

RtcpPacket = (
    rtp.RtcpSrPacket
    | rtp.RtcpRrPacket
    | rtp.RtcpSdesPacket
    | rtp.RtcpByePacket
    | rtp.RtcpRtpfbPacket
    | rtp.RtcpPsfbPacket
)
SenderReport = rtp.RtcpSrPacket
ReceiverReport = rtp.RtcpRrPacket
Goodbye = rtp.RtcpByePacket
TransportFeedback = rtp.RtcpRtpfbPacket
PayloadFeedback = rtp.RtcpPsfbPacket
ReportBlock = rtp.RtcpReceiverInfo


def parse_rtcp(data: bytes) -> list[RtcpPacket]:
    """The packets of one RTCP compound. Raises: ValueError for anything malformed."""
    try:
        return rtp.RtcpPacket.parse(data)
    except (struct.error, IndexError) as error:
        raise ValueError(f"RTCP: {error}") from error


def remb(bitrate_bps: int, ssrcs: list[int]) -> bytes:
    """The control information of a REMB message (draft-alvestrand-rmcat-remb-03)."""
    fci: bytes = rtp.pack_remb_fci(bitrate_bps, ssrcs)
    return fci


# ---------------------------------------------------------------- STUN


@dataclass(frozen=True)
class BindingRequest:
    """An ICE connectivity check, not yet authenticated."""

    ufrag: str
    """Our part of its USERNAME: which session it is for."""
    nominates: bool
    """It carries USE-CANDIDATE."""
    is_controlled: bool
    """The sender believes to be the controlled agent, which we always are (487)."""
    message: stun.Message

    def is_authentic(self, password: str) -> bool:
        """True when it was made by someone who knows ``password``."""
        return bool(self.message.check_message_integrity(password.encode()))


def parse_binding_request(data: bytes) -> BindingRequest | None:
    """A connectivity check, or None for anything else, however broken."""
    if len(data) < 20 or data[0:2] != b"\x00\x01" or data[4:8] != b"\x21\x12\xa4\x42":
        return None
    try:
        message = stun.parse_message(data)
    except (ValueError, struct.error, IndexError):
        return None
    username = message.attributes.get("USERNAME")
    if not isinstance(username, str) or "MESSAGE-INTEGRITY" not in message.attributes:
        return None
    return BindingRequest(
        ufrag=username.partition(":")[0],
        nominates="USE-CANDIDATE" in message.attributes,
        is_controlled="ICE-CONTROLLED" in message.attributes,
        message=message,
    )


def answer_binding(request: BindingRequest, address: Address, password: str) -> bytes:
    """The reply that tells the sender its own address (or, for a controlled one, that roles conflict)."""
    conflict = request.is_controlled
    reply = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.ERROR if conflict else stun.Class.RESPONSE,
        transaction_id=request.message.transaction_id,
    )
    if conflict:
        reply.attributes["ERROR-CODE"] = (487, "Role Conflict")
    else:
        reply.attributes["XOR-MAPPED-ADDRESS"] = (address[0].partition("%")[0], address[1])
    reply.add_message_integrity(password.encode())
    return bytes(reply)


# ---------------------------------------------------------------- SRTP


@dataclass(frozen=True)
class SrtpProfile:
    """One protection profile of RFC 5764 / RFC 7714."""

    name: bytes
    """As OpenSSL calls it."""
    libsrtp_profile: int
    key_bytes: int
    salt_bytes: int


SRTP_PROFILES = (
    SrtpProfile(b"SRTP_AEAD_AES_128_GCM", pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    SrtpProfile(b"SRTP_AES128_CM_SHA1_80", pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
)
"""In our order of preference: GCM costs a third of CM-SHA1 in software and less with AES-NI."""


@dataclass(frozen=True)
class SrtpKeys:
    """What a DTLS handshake agreed on. Exactly one writer may use ``send_key`` for one SSRC (RFC 7714 §8)."""

    profile: SrtpProfile
    send_key: bytes
    """Master key and salt for what we send."""
    receive_key: bytes

    def __repr__(self) -> str:
        return f"SrtpKeys({self.profile.name.decode()})"


def split_keys(profile: SrtpProfile, material: bytes, *, is_server: bool) -> SrtpKeys:
    """Cut exported keying material into both directions' keys (RFC 5764 §4.2: client key, server key, salts)."""
    key, salt = profile.key_bytes, profile.salt_bytes
    client = material[:key] + material[2 * key : 2 * key + salt]
    server = material[key : 2 * key] + material[2 * key + salt : 2 * (key + salt)]
    return SrtpKeys(profile, server if is_server else client, client if is_server else server)


def _session(profile: SrtpProfile, key: bytes, direction: int) -> pylibsrtp.Session:
    policy = pylibsrtp.Policy(key=key, ssrc_type=direction, srtp_profile=profile.libsrtp_profile)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return pylibsrtp.Session(policy)


class SrtpReceiver:
    """Opens what one peer sends."""

    def __init__(self, keys: SrtpKeys) -> None:
        self._session = _session(keys.profile, keys.receive_key, pylibsrtp.Policy.SSRC_ANY_INBOUND)

    def open_rtp(self, data: bytes) -> bytes:
        """The RTP packet in ``data``. Raises: ValueError when it is not authentic, replayed or too long."""
        try:
            packet: bytes = self._session.unprotect(data)
        except pylibsrtp.Error as error:
            raise ValueError(str(error)) from error
        return packet

    def open_rtcp(self, data: bytes) -> bytes:
        """The RTCP compound in ``data``. Raises: ValueError like `open_rtp`."""
        try:
            packet: bytes = self._session.unprotect_rtcp(data)
        except pylibsrtp.Error as error:
            raise ValueError(str(error)) from error
        return packet


class SrtpSender:
    """Seals what we send to one peer outside of the egress: RTCP and retransmissions."""

    def __init__(self, keys: SrtpKeys) -> None:
        self._session = _session(keys.profile, keys.send_key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)

    def seal_rtp(self, packet: bytes) -> bytes:
        """``packet`` as SRTP. Raises: ValueError when libsrtp refuses it."""
        try:
            data: bytes = self._session.protect(packet)
        except pylibsrtp.Error as error:
            raise ValueError(str(error)) from error
        return data

    def seal_rtcp(self, packet: bytes) -> bytes:
        """``packet`` as SRTCP. Raises: ValueError when libsrtp refuses it."""
        try:
            data: bytes = self._session.protect_rtcp(packet)
        except pylibsrtp.Error as error:
            raise ValueError(str(error)) from error
        return data


class SealingBuffer:
    """One buffer in which packets are sealed in place, for any number of `MediaSealer`s, one after the other.

    `pylibsrtp.Session.protect` copies twice and allocates; sealing in place takes 8.5 µs per delivered packet
    instead of 10.
    """

    SIZE = 2048
    MAX_PACKET = 1452
    """A sealed packet must fit one Ethernet frame over IPv4: 1500 - 28 - 16 (GCM tag) and some room."""

    def __init__(self) -> None:
        self._data = ffi.new("unsigned char[]", self.SIZE)
        self._length = ffi.new("int *")
        self.view = memoryview(ffi.buffer(self._data))
        """Write the plain packet here, beginning with its 12 byte header."""


class MediaSealer:
    """Seals one SSRC's packets in a `SealingBuffer`; the only writer of that SSRC under these keys."""

    def __init__(self, keys: SrtpKeys, buffer: SealingBuffer) -> None:
        self._session = _session(keys.profile, keys.send_key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self._srtp = self._session._srtp[0]
        self._data = buffer._data
        self._length = buffer._length

    def advance(self, header: bytes, first: int, to: int) -> None:
        """Behave as if packets ``first`` to ``to`` (sequence numbers that do not wrap) had been sealed here.

        libsrtp counts rollovers by what it sees, and cannot be told; what is sealed on the way never leaves.
        """
        view = memoryview(ffi.buffer(self._data))
        for index in range(first, to + 1, 0x4000):
            view[:12] = header[:2] + (index & 0xFFFF).to_bytes(2, "big") + header[4:12]
            self.seal(12)

    def seal(self, size: int) -> int:
        """Seal the first ``size`` bytes of the buffer; gives the new size, 0 when libsrtp refuses."""
        length = self._length
        length[0] = size
        if lib.srtp_protect(self._srtp, self._data, length) != 0:
            return 0
        return length[0]  # type: ignore[no-any-return]


# ---------------------------------------------------------------- a listener (`media.ear`)


def rtp_timestamp(receiver: RTCRtpReceiver, pts: int) -> int:
    """The RTP timestamp of a decoded frame: aiortc counts ``pts`` from the first one that it saw."""
    mapper: Any = vars(receiver)["_RTCRtpReceiver__timestamp_mapper"]
    origin: int = mapper._origin
    return (origin + pts) & 0xFFFFFFFF


@contextmanager
def loopback_gathered() -> Iterator[None]:
    """Offers made within have this machine's loopback address, which aioice leaves out, and no other."""
    gather = ice.get_host_addresses
    ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    try:
        yield
    finally:
        ice.get_host_addresses = gather
