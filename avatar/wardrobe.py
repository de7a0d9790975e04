"""The host's outfits, each with the studio that goes with it, by the names that a show's settings use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from avatar.stage.look import Look

OUTFITS: Mapping[str, Look] = MappingProxyType(
    {
        "": Look(),
        "ink": Look(
            jacket="#27304A",
            jacket_shade="#151B2E",
            top="#F2EDE4",
            accent="#F2B441",
            wall="#3A2A2E",
            wall_dark="#1C1216",
            glow="#FFDDB0",
            niche="#8E3B46",
            niche_dark="#57212B",
            desk="#EADFD3",
            desk_shade="#B79F8B",
            leaf="#4A6B4F",
        ),
        "rose": Look(
            jacket="#E9B8B0",
            jacket_shade="#C4857D",
            top="#FBF4EC",
            accent="#B3374C",
            wall="#54343F",
            wall_dark="#2A1820",
            glow="#FFE3D6",
            niche="#EFD8C6",
            niche_dark="#B08A77",
            desk="#FAF1EA",
            desk_shade="#DCC3B6",
            leaf="#58745A",
        ),
        "sage": Look(
            jacket="#7F9A82",
            jacket_shade="#566F5B",
            top="#F4EFE3",
            accent="#E2694A",
            wall="#22384A",
            wall_dark="#101E2B",
            glow="#FBE7C0",
            niche="#C9A56B",
            niche_dark="#86683A",
            desk="#F1EADB",
            desk_shade="#CDBE9F",
            leaf="#3E7A5B",
        ),
    }
)
"""The empty name is the host as she is."""


def outfit(name: str) -> Look:
    """The outfit of that name; the host as she is when there is none."""
    return OUTFITS.get(name, OUTFITS[""])
