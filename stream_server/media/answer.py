"""Choosing codecs and writing answers: for publishers (WHIP, RFC 9725) and viewers (WHEP). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.picture import Codec
from stream_server.media.rtp import Kind
from stream_server.media.sdp import MID_EXTENSION, Format, Media, Offer
from stream_server.signaling.media_plane import BadOffer

DtlsRole = Literal["server", "client"]

FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
"""What we understand. Without transport-cc on purpose: it would cost 10 to 20 packets a second from every viewer."""

_CODEC_NAMES: dict[str, Codec] = {"H264": "H264", "VP8": "VP8", "OPUS": "opus"}
_CLOCK_RATES: dict[Codec, int] = {"H264": 90_000, "VP8": 90_000, "opus": 48_000}
_START_KBPS = 1500
"""Chromium begins with what the answer's x-google-start-bitrate says instead of crawling up from 300 kbit/s."""

_PROFILES = ("constrained_baseline", "baseline", "main", "constrained_high", "high")
_DECODABLE_AS: dict[str, tuple[str, ...]] = {
    # Baseline's own tools (FMO, ASO) are not used by any encoder we met; x264 and FFmpeg write plain 42 00 for what
    # is constrained baseline, so both count as one.
    "constrained_baseline": ("constrained_baseline", "baseline", "main", "constrained_high", "high"),
    "baseline": ("baseline", "constrained_baseline", "main", "constrained_high", "high"),
    "main": ("main", "high", "constrained_high"),
    "constrained_high": ("constrained_high", "high"),
    "high": ("high", "constrained_high"),
}


@dataclass(frozen=True)
class Encoding:
    """How a track is coded, as far as a viewer must match it."""

    codec: Codec
    profile: str = ""
    """H.264 only: one of the names in `_PROFILES`."""
    single_unit: bool = False
    """H.264 only: packetization-mode 0."""


@dataclass(frozen=True)
class Chosen:
    """One codec of the answer."""

    encoding: Encoding
    format: Format
    rtx: Format | None


@dataclass(frozen=True)
class Section:
    """One media section of the answer; ``chosen`` is empty when it is refused."""

    media: Media
    kind: Kind | None
    chosen: tuple[Chosen, ...]


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


def encoding_of(format_: Format) -> Encoding | None:
    """The encoding that a payload type stands for; None for those that we do not forward."""
    codec = _CODEC_NAMES.get(format_.name)
    if codec is None or format_.clock_rate != _CLOCK_RATES[codec]:
        return None
    if codec != "H264":
        return Encoding(codec)
    profile = _profile(format_.parameter("profile-level-id") or "42000A")
    mode = format_.parameter("packetization-mode") or "0"
    if profile is None or mode not in ("0", "1"):
        return None
    return Encoding(codec, profile, mode == "0")


def _profile(profile_level_id: str) -> str | None:
    """Name the profile (RFC 6184 table 5)."""
    try:
        value = bytes.fromhex(profile_level_id)
    except ValueError:
        return None
    if len(value) != 3:
        return None
    idc, flags = value[0], value[1]
    if idc == 0x42:
        return "constrained_baseline" if flags & 0x40 else "baseline"
    if idc == 0x4D:
        return "constrained_baseline" if flags & 0x80 else "main"
    if idc == 0x64:
        return "constrained_high" if flags & 0x0C == 0x0C else "high"
    return None


def choose_for_publisher(offer: Offer) -> list[Section]:
    """One codec for each section that a publisher offers, the most widely decodable first. Raises: BadOffer."""

    def choose(media: Media, kind: Kind) -> tuple[Chosen, ...]:
        found = [c for c in _candidates(media) if (c.encoding.codec == "opus") == (kind == "audio")]
        return tuple(sorted(found, key=_publisher_rank)[:1])

    return _sections(offer, ("sendonly", "sendrecv"), choose)


def choose_for_viewer(offer: Offer, encodings: dict[Kind, Encoding]) -> list[Section]:
    """What a viewer can get of ``encodings``, and the other codecs it could be switched to. Raises: BadOffer."""

    def choose(media: Media, kind: Kind) -> tuple[Chosen, ...]:
        found = [c for c in _candidates(media) if (c.encoding.codec == "opus") == (kind == "audio")]
        wanted = encodings.get(kind)
        chosen: list[Chosen] = []
        if wanted is not None:
            match = best_match(found, wanted)
            if match is None:
                raise BadOffer(f"the show's {kind} is {wanted.codec} {wanted.profile}".strip(), acceptable=True)
            chosen.append(match)
        for other in sorted(found, key=_publisher_rank):
            if all(other.encoding.codec != one.encoding.codec for one in chosen):
                chosen.append(other)
        return tuple(chosen)

    return _sections(offer, ("recvonly", "sendrecv"), choose)


def best_match(offered: Sequence[Chosen], wanted: Encoding) -> Chosen | None:
    """The payload type under which a receiver decodes ``wanted``."""
    matches = [c for c in offered if c.encoding.codec == wanted.codec]
    if wanted.codec != "H264":
        return matches[0] if matches else None
    decodable = _DECODABLE_AS[wanted.profile]
    matches = [
        c for c in matches if c.encoding.profile in decodable and (wanted.single_unit or not c.encoding.single_unit)
    ]
    return min(matches, key=lambda c: decodable.index(c.encoding.profile), default=None)


def _publisher_rank(chosen: Chosen) -> int:
    encoding = chosen.encoding
    if encoding.codec != "H264":
        return 10
    return _PROFILES.index(encoding.profile) + (20 if encoding.single_unit else 0)


def _candidates(media: Media) -> list[Chosen]:
    rtx = {f.parameter("apt"): f for f in media.formats.values() if f.name == "RTX"}
    found = []
    for format_ in media.formats.values():
        encoding = encoding_of(format_)
        if encoding is not None:
            found.append(Chosen(encoding, format_, rtx.get(str(format_.payload_type))))
    return found


def _sections(
    offer: Offer, directions: tuple[str, ...], choose: Callable[[Media, Kind], tuple[Chosen, ...]]
) -> list[Section]:
    sections = []
    kinds: list[Kind] = []
    for media in offer.media:
        if media.kind not in ("audio", "video") or media.is_disabled:
            sections.append(Section(media, None, ()))
            continue
        kind: Kind = "audio" if media.kind == "audio" else "video"
        if kind in kinds:
            raise BadOffer(f"more than one {kind} section", acceptable=True)
        kinds.append(kind)
        if media.direction not in directions:
            raise BadOffer(f"the {kind} section is {media.direction}", acceptable=True)
        if not media.protocol.endswith("TLS/RTP/SAVPF"):
            raise BadOffer(f"{media.protocol[:40]} instead of UDP/TLS/RTP/SAVPF", acceptable=True)
        if not media.has_rtcp_mux:
            raise BadOffer("RTP and RTCP must share a port (rtcp-mux)", acceptable=True)
        chosen = choose(media, kind)
        if not chosen:
            raise BadOffer(f"no codec of the {kind} section is one of H.264, VP8, Opus", acceptable=True)
        sections.append(Section(media, kind, chosen))
    active = [section for section in sections if section.chosen]
    if not active:
        raise BadOffer("neither audio nor video is offered", acceptable=True)
    if "sendonly" in directions and len({section.media.stream for section in active} - {""}) > 1:
        raise BadOffer("more than one MediaStream", acceptable=True)  # RFC 9725 §4.4.2
    if len(active) > 1 and any(section.media.mid not in offer.bundle for section in active):
        raise BadOffer("all sections must be in one BUNDLE group", acceptable=True)
    types = [c.format.payload_type for section in active for c in section.chosen]
    types += [c.rtx.payload_type for section in active for c in section.chosen if c.rtx is not None]
    if len(set(types)) != len(types):
        raise BadOffer("bundled sections use one payload type for two things")
    return sections


# ---------------------------------------------------------------- writing


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
    for number, candidate in enumerate(local.candidates, 1):
        priority = (126 << 24) + ((65536 - number) << 8) + 255  # RFC 8445 §5.1.2.1, host
        lines.append(f"a=candidate:{number} 1 udp {priority} {candidate.host} {candidate.port} typ host generation 0")
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
    if MID_EXTENSION in media.extensions and not sends:
        lines.append(f"a=extmap:{media.extensions[MID_EXTENSION]} {MID_EXTENSION}")
    for chosen in section.chosen:
        lines += _write_codec(chosen, is_publisher=not sends)
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
        lines += [f"a=rtcp-fb:{number} {name}" for name in FEEDBACK if name in format_.feedback]
        if is_publisher:
            start = f"x-google-start-bitrate={_START_KBPS}"
            parameters = f"{parameters};{start}" if parameters else start
    if parameters:
        lines.append(f"a=fmtp:{number} {parameters}")
    if chosen.rtx is not None:
        lines.append(f"a=rtpmap:{chosen.rtx.payload_type} rtx/{format_.clock_rate}")
        lines.append(f"a=fmtp:{chosen.rtx.payload_type} apt={number}")
    return lines
