"""Session descriptions as browsers write them, made by hand so that single lines can be bent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

FINGERPRINT = ":".join(["AB"] * 32)


def _credentials() -> tuple[str, str]:
    return secrets.token_hex(4), secrets.token_hex(16)


@dataclass
class Peer:
    """One client's ICE credentials and what it offers."""

    credentials: tuple[str, str] = field(default_factory=_credentials)

    def offer(
        self,
        direction: str,
        *,
        media: Sequence[str] = ("audio", "video"),
        setup: str = "actpass",
        streams: Sequence[str] | None = None,
        candidates: Sequence[str] = (),
        fingerprint: str | None = FINGERPRINT,
        bundle: bool = True,
        rtcp_mux: bool = True,
        video_codec: str = "H264",
    ) -> str:
        lines = ["v=0", "o=- 5228595038118931041 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        if bundle:
            lines.append("a=group:BUNDLE " + " ".join(str(mid) for mid in range(len(media))))
        lines += ["a=extmap-allow-mixed", "a=msid-semantic: WMS"]
        names = list(streams) if streams is not None else ["stream"] * len(media)
        for mid, kind in enumerate(media):
            lines += self._section(kind, mid, direction, setup, names[mid], fingerprint, rtcp_mux, video_codec)
            if mid == 0:
                lines += [f"a={candidate}" for candidate in candidates]
        return "\r\n".join(lines) + "\r\n"

    def _section(
        self,
        kind: str,
        mid: int,
        direction: str,
        setup: str,
        stream: str,
        fingerprint: str | None,
        rtcp_mux: bool,
        video_codec: str,
    ) -> list[str]:
        ufrag, pwd = self.credentials
        lines = [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF " + ("111" if kind == "audio" else "96 97"),
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            f"a=ice-ufrag:{ufrag}",
            f"a=ice-pwd:{pwd}",
            "a=ice-options:trickle",
            f"a=setup:{setup}",
            f"a=mid:{mid}",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
            f"a={direction}",
        ]
        if fingerprint is not None:
            lines.append(f"a=fingerprint:sha-256 {fingerprint}")
        if direction in ("sendonly", "sendrecv"):
            lines += [f"a=msid:{stream} track{mid}", f"a=ssrc:{1000 + mid} cname:peer"]
        if rtcp_mux:
            lines += ["a=rtcp-mux", "a=rtcp-mux-only", "a=rtcp-rsize"]
        if kind == "audio":
            lines += ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"]
        else:
            lines += [
                f"a=rtpmap:96 {video_codec}/90000",
                "a=rtcp-fb:96 nack",
                "a=rtcp-fb:96 nack pli",
                "a=rtcp-fb:96 goog-remb",
                "a=rtpmap:97 rtx/90000",
                "a=fmtp:97 apt=96",
            ]
            if video_codec == "H264":
                lines.append("a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")
        return lines

    def fragment(
        self,
        *,
        new_credentials: bool = False,
        candidates: Sequence[str] = ("candidate:1387637174 1 udp 2122260223 127.0.0.1 61764 typ host",),
    ) -> str:
        """A trickle-ice-sdpfrag (RFC 8840 §9)."""
        if new_credentials:
            self.credentials = _credentials()
        ufrag, pwd = self.credentials
        lines = ["a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0"]
        lines += [f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}"]
        lines += [f"a={candidate}" for candidate in candidates]
        return "\r\n".join([*lines, "a=end-of-candidates"]) + "\r\n"


def attributes(sdp: str, name: str) -> list[str]:
    """Every value of ``a=name``, in order; flags give empty strings."""
    values = []
    for line in sdp.splitlines():
        if line == f"a={name}":
            values.append("")
        elif line.startswith(f"a={name}:"):
            values.append(line.removeprefix(f"a={name}:"))
    return values


def sections(sdp: str) -> list[str]:
    """The media sections of a session description."""
    return ["m=" + part for part in sdp.split("\r\nm=")[1:]]
