"""Writing answers: to publishers (WHIP, RFC 9725), to viewers (WHEP), and to ICE restarts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stream_server.media import round_trip
from stream_server.media.codecs import Chosen, Section
from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.rtp import Kind
from stream_server.media.sdp import EXTENSIONS, MID_EXTENSION, Offer

DtlsRole = Literal["server", "client"]

FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
"""What we understand. Without transport-cc on purpose: it would cost 10 to 20 packets a second from every viewer."""

_START_KBPS = 1500
"""Chromium begins with what the answer's x-google-start-bitrate says instead of crawling up from 300 kbit/s."""


@dataclass(frozen=True)
class SenderIds:
    """What we send a viewer in one section."""

    ssrc: int
    rtx_ssrc: int


@dataclass(frozen=True)
class Local:
    """Our side of the transport."""

    credentials: IceCredentials
    fingerprint: str
    dtls_role: DtlsRole
    candidates: Sequence[Candidate]


def dtls_role(offer: Offer) -> DtlsRole:
    """Server wherever we may choose: then our order of SRTP profiles wins (AES-GCM); client only if we must."""
    return "client" if offer.setup == "passive" else "server"


def write_answer(sections: Sequence[Section], local: Local, sends: dict[Kind, SenderIds], cname: str) -> str:
    """The whole answer. ``sends`` is empty for publishers: then we only receive."""
    mids = [section.media.mid for section in sections if section.chosen and section.media.mid]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite", "a=ice-options:trickle ice2"]
    if mids:
        lines.append(f"a=group:BUNDLE {' '.join(mids)}")
    lines.append("a=msid-semantic: WMS *")
    for section in sections:
        lines += _write_section(section, local, sends, cname)
    return "\r\n".join(lines) + "\r\n"


def write_restart(sections: Sequence[Section], local: Local) -> str:
    """The answer to an ICE restart: a fragment (RFC 9725 §4.3.3) in which the first bundled section has it all."""
    active = [section for section in sections if section.chosen]
    lines = ["a=ice-lite", "a=ice-options:trickle ice2"]
    mids = [section.media.mid for section in active if section.media.mid]
    if mids:
        lines.append(f"a=group:BUNDLE {' '.join(mids)}")
    first = active[0]
    lines.append(f"m={first.kind} 9 UDP/TLS/RTP/SAVPF {first.chosen[0].format.payload_type}")
    if first.media.mid:
        lines.append(f"a=mid:{first.media.mid}")
    return "\r\n".join(lines + _write_ice(local)) + "\r\n"


def _write_ice(local: Local) -> list[str]:
    lines = [f"a=ice-ufrag:{local.credentials.ufrag}", f"a=ice-pwd:{local.credentials.password}"]
    lines += [candidate.line(number) for number, candidate in enumerate(local.candidates, 1)]
    return [*lines, "a=end-of-candidates"]


def _write_section(section: Section, local: Local, sends: dict[Kind, SenderIds], cname: str) -> list[str]:
    media = section.media
    mid = [f"a=mid:{media.mid}"] if media.mid else []
    if section.kind is None:
        refused = f"m={media.kind} 0 {media.protocol} {' '.join(media.format_names)}"
        return [refused, "c=IN IP4 0.0.0.0", *mid, "a=inactive"]
    formats = [f for c in section.chosen for f in (c.format, c.rtx) if f is not None]
    lines = [
        f"m={media.kind} 9 {media.protocol} {' '.join(str(f.payload_type) for f in formats)}",
        "c=IN IP4 0.0.0.0",
        *mid,
        "a=sendonly" if sends else "a=recvonly",
        "a=rtcp-mux",
        "a=rtcp-mux-only",  # RFC 9725 §4.4.1
        *(["a=rtcp-rsize"] if media.has_rtcp_rsize else []),
        f"a=setup:{'passive' if local.dtls_role == 'server' else 'active'}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        *_write_ice(local),
    ]
    if not sends:
        wanted = EXTENSIONS if section.layers else (MID_EXTENSION,)
        lines += [f"a=extmap:{media.extensions[uri]} {uri}" for uri in wanted if uri in media.extensions]
    for chosen in section.chosen:
        lines += _write_codec(chosen, is_publisher=not sends)
    if section.layers and not sends:
        lines += [f"a=rid:{rid} recv" for rid in section.layers]
        lines.append(f"a=simulcast:recv {';'.join(section.layers)}")
    if sends:
        ids = sends[section.kind]
        lines.append(f"a=msid:{cname} {section.kind}")
        ssrcs = [ids.ssrc]
        if any(chosen.rtx is not None for chosen in section.chosen):
            lines.append(f"a=ssrc-group:FID {ids.ssrc} {ids.rtx_ssrc}")
            ssrcs.append(ids.rtx_ssrc)
        lines += [f"a=ssrc:{ssrc} cname:{cname}" for ssrc in ssrcs]
    return lines


def _write_codec(chosen: Chosen, *, is_publisher: bool) -> list[str]:
    format_, number = chosen.format, chosen.format.payload_type
    codec = chosen.encoding.codec
    lines = [f"a=rtpmap:{number} {codec}/{format_.clock_rate}{'/2' if codec == 'opus' else ''}"]
    parameters = format_.parameters
    if codec != "opus":
        feedback = FEEDBACK if is_publisher else (*FEEDBACK, round_trip.FEEDBACK)
        lines += [f"a=rtcp-fb:{number} {name}" for name in feedback if name in format_.feedback]
        if is_publisher:
            start = f"x-google-start-bitrate={_START_KBPS}"
            parameters = f"{parameters};{start}" if parameters else start
    if parameters:
        lines.append(f"a=fmtp:{number} {parameters}")
    if chosen.rtx is not None:
        lines.append(f"a=rtpmap:{chosen.rtx.payload_type} rtx/{format_.clock_rate}")
        lines.append(f"a=fmtp:{chosen.rtx.payload_type} apt={number}")
    return lines
