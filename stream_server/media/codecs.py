"""Which codecs of an offer we take: for publishers (WHIP, RFC 9725) and viewers (WHEP). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stream_server.media.picture import Codec
from stream_server.media.rtp import Kind
from stream_server.media.sdp import Format, Media, Offer
from stream_server.signaling.media_plane import BadOffer

_CODEC_NAMES: dict[str, Codec] = {"H264": "H264", "VP8": "VP8", "OPUS": "opus"}
_CLOCK_RATES: dict[Codec, int] = {"H264": 90_000, "VP8": 90_000, "opus": 48_000}
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

    @property
    def layers(self) -> tuple[str, ...]:
        """The simulcast layers that we take: of H.264 only, as VP8's picture numbers would have to be rewritten."""
        is_h264 = bool(self.chosen) and self.chosen[0].encoding.codec == "H264"
        return self.media.layers if is_h264 else ()


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
