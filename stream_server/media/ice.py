"""The words of ICE (RFC 8445) that descriptions and links share. Pure but for the random source."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class IceCredentials:
    """One side's username fragment and password (RFC 8839 §5.4)."""

    ufrag: str
    password: str

    @classmethod
    def make(cls) -> IceCredentials:
        """Fresh ones: 48 and 144 random bits."""
        # The alphabet of base64 is that of ICE (RFC 8839 §5.1), and multiples of three bytes need no padding.
        random = base64.b64encode(secrets.token_bytes(24)).decode()
        return cls(random[:8], random[8:])


@dataclass(frozen=True)
class Candidate:
    """An address of ours that clients may send to."""

    host: str
    port: int
    protocol: Literal["udp", "tcp"] = "udp"

    def line(self, number: int) -> str:
        """The candidate attribute (RFC 8839 §5.1), as the ``number``th of a description, from 1."""
        if self.protocol == "udp":
            priority = (126 << 24) + ((65536 - number) << 8) + 255  # RFC 8445 §5.1.2.1, host
            return f"a=candidate:{number} 1 udp {priority} {self.host} {self.port} typ host generation 0"
        # RFC 6544 §4.2: a lower type preference than UDP's, and 4 as the direction preference of a passive host.
        priority = (90 << 24) + (((4 << 13) + 8191 - number) << 8) + 255
        return f"a=candidate:{number} 1 tcp {priority} {self.host} {self.port} typ host tcptype passive generation 0"
