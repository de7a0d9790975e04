"""The words of ICE (RFC 8445) that descriptions and links share. Pure but for the random source."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True)
class IceCredentials:
    """One side's username fragment and password (RFC 8839 §5.4)."""

    ufrag: str
    password: str

    @classmethod
    def make(cls) -> IceCredentials:
        """Fresh ones: 48 and 144 random bits."""
        return cls(
            "".join(secrets.choice(_ALPHABET) for _ in range(8)),
            "".join(secrets.choice(_ALPHABET) for _ in range(24)),
        )


@dataclass(frozen=True)
class Candidate:
    """An address of ours that clients may send to."""

    host: str
    port: int
