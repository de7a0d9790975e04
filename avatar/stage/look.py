"""How the host and her studio look; a brand changes colours, never the AI label."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

_COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")


@dataclass(frozen=True)
class Look:
    """CSS colours (#RRGGBB); ValueError for anything else."""

    skin: str = "#E3A883"
    skin_shade: str = "#BE7A5A"
    blush: str = "#E0705A"
    lips: str = "#B8483F"
    hair: str = "#2A1A1E"
    hair_light: str = "#70434A"
    iris: str = "#7A4A2A"
    jacket: str = "#F3E7D8"
    jacket_shade: str = "#C9AD93"
    top: str = "#17565E"
    accent: str = "#FF5A36"
    """Earrings, brooch, the light line of the desk; the brand's own colour."""
    wall: str = "#1B3B3A"
    wall_dark: str = "#0C1D20"
    glow: str = "#FFE0BA"
    niche: str = "#E58E66"
    niche_dark: str = "#9F4B3A"
    desk: str = "#F6EEE3"
    desk_shade: str = "#D5BFA8"
    leaf: str = "#2F6B55"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str) or not _COLOUR.match(value):
                raise ValueError(f"{field.name} must be a colour like #FF5A36, not {value!r}")
