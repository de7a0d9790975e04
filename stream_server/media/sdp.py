"""Reading what clients send as session descriptions (RFC 8866, RFC 8829) and fragments (RFC 8840). Pure.

Only what a WHIP or WHEP server needs is kept. Everything is bounded, and nothing but `BadOffer` escapes: with
``acceptable`` false for text that is not a usable description (400), true for a well formed one that asks for what
we do not do (422).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stream_server.media.ice import IceCredentials
from stream_server.signaling.media_plane import BadOffer

MAX_SDP_BYTES = 64 * 1024
MAX_FRAGMENT_BYTES = 16 * 1024
MAX_LINES = 2000
MAX_MEDIA = 8
MAX_FORMATS = 128
MAX_SSRCS = 16
DIRECTIONS = frozenset(("sendrecv", "sendonly", "recvonly", "inactive"))
MAX_LAYERS = 3
MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
EXTENSIONS = (MID_EXTENSION, RID_EXTENSION, REPAIRED_RID_EXTENSION)

_LINE = re.compile(r"([a-z])=([^\x00-\x08\x0a-\x1f]*)")
_RID = re.compile(r"[A-Za-z0-9]{1,16}")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`{|}~0-9A-Za-z]{1,32}")
_ICE_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_ICE_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")


@dataclass
class Format:
    """One payload type of a media section."""

    payload_type: int
    name: str = ""
    """Encoding name in upper case; empty when there is no rtpmap."""
    clock_rate: int = 0
    parameters: str = ""
    """The fmtp value as written."""
    feedback: set[str] = field(default_factory=set)

    def parameter(self, name: str) -> str | None:
        """One parameter of the fmtp line."""
        for part in self.parameters.split(";"):
            key, _, value = part.strip().partition("=")
            if key.lower() == name:
                return value.strip()
        return None


@dataclass
class Media:
    """One media section of an offer."""

    kind: str
    port: int
    protocol: str
    format_names: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    formats: dict[int, Format] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    has_rtcp_mux: bool = False
    has_rtcp_rsize: bool = False
    is_bundle_only: bool = False
    stream: str = ""
    """Identifier of the MediaStream (RFC 8830)."""
    ssrcs: list[int] = field(default_factory=list)
    rids: list[str] = field(default_factory=list)
    """Restriction identifiers that the peer would send (RFC 8851)."""
    simulcast: list[str] = field(default_factory=list)
    """Identifiers of the streams it would send at once (RFC 8853), of alternatives the first."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The encodings of one picture that we take, at most `MAX_LAYERS`; empty when it is offered in one only.

        Without the header extension that names a packet's encoding they could not be told apart.
        """
        found = [rid for rid in self.simulcast if rid in self.rids][:MAX_LAYERS]
        return tuple(found) if len(found) > 1 and RID_EXTENSION in self.extensions else ()

    @property
    def is_disabled(self) -> bool:
        """The client itself does not want it (RFC 3264 §6; port 0 of a bundled one means nothing, RFC 9143)."""
        return self.port == 0 and not self.is_bundle_only


@dataclass
class Offer:
    """A session description that could be answered."""

    media: list[Media]
    credentials: IceCredentials
    fingerprint: str
    """SHA-256, upper case with colons."""
    setup: str
    bundle: list[str]


@dataclass
class Fragment:
    """A trickle-ICE fragment: further candidates, or the credentials of a restart.

    The candidates themselves do not matter to a server that only answers checks.
    """

    credentials: IceCredentials | None
    has_candidates: bool


@dataclass
class _Transport:
    """ICE and DTLS attributes, gathered from session and media level."""

    ufrag: str | None = None
    password: str | None = None
    fingerprint: str | None = None
    has_other_fingerprint: bool = False
    setup: str | None = None

    def read(self, name: str, value: str) -> None:
        if name == "ice-ufrag":
            self.ufrag = self.ufrag or value
        elif name == "ice-pwd":
            self.password = self.password or value
        elif name == "setup":
            self.setup = self.setup or value
        elif name == "fingerprint":
            algorithm, _, digest = value.partition(" ")
            if algorithm.lower() == "sha-256":
                self.fingerprint = self.fingerprint or digest.strip().upper()
            else:
                self.has_other_fingerprint = True

    def credentials(self) -> IceCredentials | None:
        if self.ufrag is None and self.password is None:
            return None
        if not _ICE_UFRAG.fullmatch(self.ufrag or "") or not _ICE_PASSWORD.fullmatch(self.password or ""):
            raise BadOffer("ice-ufrag and ice-pwd must both be there and well formed")
        return IceCredentials(self.ufrag or "", self.password or "")


def parse_offer(text: str) -> Offer:
    """Read a whole session description. Raises: BadOffer."""
    lines = _lines(text, MAX_SDP_BYTES)
    if lines[0] != ("v", "0"):
        raise BadOffer("it does not begin with v=0")
    transport = _Transport()
    media: list[Media] = []
    bundle: list[str] = []
    direction = "sendrecv"
    for kind, value in lines[1:]:
        if kind == "m":
            if len(media) == MAX_MEDIA:
                raise BadOffer(f"more than {MAX_MEDIA} media sections", acceptable=True)
            media.append(_media(value, direction))
        elif kind == "a":
            name, _, argument = value.partition(":")
            transport.read(name, argument)
            if media:
                _media_attribute(media[-1], name, argument)
            elif name in DIRECTIONS:
                direction = name
            elif name == "group" and argument.startswith("BUNDLE ") and not bundle:
                bundle = argument.split()[1:]
    if not media:
        raise BadOffer("it has no media section")
    mids = [section.mid for section in media]
    if len(set(mids)) != len(mids) or any(mid not in mids for mid in bundle):
        raise BadOffer("mid values repeat, or the BUNDLE group names an unknown one")
    return _complete(media, bundle, transport)


def _complete(media: list[Media], bundle: list[str], transport: _Transport) -> Offer:
    credentials = transport.credentials()
    if credentials is None:
        raise BadOffer("ice-ufrag and ice-pwd are missing")
    if transport.fingerprint is None:
        raise BadOffer("no sha-256 fingerprint", acceptable=transport.has_other_fingerprint)
    if not _FINGERPRINT.fullmatch(transport.fingerprint):
        raise BadOffer("the fingerprint is not 32 bytes in hex")
    setup = transport.setup or "actpass"
    if setup not in ("actpass", "active", "passive"):
        raise BadOffer(f"a=setup:{setup[:20]} cannot be answered", acceptable=setup == "holdconn")
    return Offer(media, credentials, transport.fingerprint, setup, bundle)


def parse_fragment(text: str) -> Fragment:
    """Read a trickle-ICE fragment (application/trickle-ice-sdpfrag). Raises: BadOffer."""
    transport = _Transport()
    has_candidates = False
    for kind, value in _lines(text, MAX_FRAGMENT_BYTES):
        if kind == "a":
            name, _, argument = value.partition(":")
            transport.read(name, argument)
            has_candidates = has_candidates or name in ("candidate", "end-of-candidates")
        elif kind != "m":
            raise BadOffer(f"a fragment has no {kind}= line")
    credentials = transport.credentials()
    if credentials is None and not has_candidates:
        raise BadOffer("the fragment holds neither candidates nor credentials")
    return Fragment(credentials, has_candidates)


def _lines(text: str, limit: int) -> list[tuple[str, str]]:
    if len(text) > limit:
        raise BadOffer(f"longer than {limit} bytes")
    raw = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(raw) > MAX_LINES:
        raise BadOffer(f"more than {MAX_LINES} lines")
    lines = []
    for number, line in enumerate(raw, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadOffer(f"line {number} is not of the form x=value")
        lines.append((match[1], match[2]))
    return lines


def _number(text: str, highest: int) -> int:
    """A decimal number; ``str.isdecimal`` alone would let other scripts' digits and endless ones through."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= highest):
        raise BadOffer(f"{text[:20]!r} is not a number up to {highest}")
    return int(text)


def _media(value: str, direction: str) -> Media:
    parts = value.split()
    if len(parts) < 4 or len(parts) > 3 + MAX_FORMATS or not _TOKEN.fullmatch(parts[0]):
        raise BadOffer("an m= line is malformed")
    media = Media(parts[0], _number(parts[1], 65535), parts[2], parts[3:], direction=direction)
    if "RTP" in media.protocol:
        for name in media.format_names:
            payload_type = _number(name, 127)
            media.formats[payload_type] = Format(payload_type)
    return media


def _media_attribute(media: Media, name: str, argument: str) -> None:
    if name in DIRECTIONS:
        media.direction = name
    elif name == "mid":
        if not _TOKEN.fullmatch(argument):
            raise BadOffer("a mid is malformed")
        media.mid = argument
    elif name == "rtcp-mux":
        media.has_rtcp_mux = True
    elif name == "rtcp-rsize":
        media.has_rtcp_rsize = True
    elif name == "bundle-only":
        media.is_bundle_only = True
    elif name == "msid":
        media.stream = media.stream or argument.partition(" ")[0]
    elif name == "extmap":
        id_text, _, uri = argument.partition(" ")
        id_ = id_text.partition("/")[0]
        if uri in EXTENSIONS and 0 < _number(id_, 255) < 15:
            media.extensions[uri] = int(id_)
    elif name == "rid":
        rid, _, direction = argument.partition(" ")
        if direction.partition(" ")[0] == "send" and _RID.fullmatch(rid) and len(media.rids) < MAX_SSRCS:
            media.rids.append(rid)
    elif name == "simulcast":
        directions = argument.split()
        if "send" in directions[:-1] and not media.simulcast:
            streams = directions[directions.index("send") + 1].split(";")[:MAX_SSRCS]
            media.simulcast = list(dict.fromkeys(stream.partition(",")[0].lstrip("~") for stream in streams))
    elif name == "ssrc":
        ssrc = _number(argument.partition(" ")[0], 0xFFFFFFFF)
        if ssrc not in media.ssrcs and len(media.ssrcs) < MAX_SSRCS:
            media.ssrcs.append(ssrc)
    elif name in ("rtpmap", "fmtp", "rtcp-fb"):
        _format_attribute(media, name, argument)


def _format_attribute(media: Media, name: str, argument: str) -> None:
    type_text, _, value = argument.partition(" ")
    if name == "rtcp-fb" and type_text == "*":
        for entry in media.formats.values():
            entry.feedback.add(value.strip())
        return
    found = media.formats.get(_number(type_text, 127))
    if found is None:  # lines about formats that the m= line does not name mean nothing
        return
    if name == "fmtp":
        found.parameters = value.strip()
    elif name == "rtcp-fb":
        found.feedback.add(value.strip())
    else:
        encoding, _, rest = value.partition("/")
        found.name = encoding.strip().upper()
        found.clock_rate = _number(rest.partition("/")[0].strip(), 10**9)
