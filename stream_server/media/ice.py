"""The words of ICE (RFC 8445) that descriptions and links share. Pure but for the random source."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass


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
