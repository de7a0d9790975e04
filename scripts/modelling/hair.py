"""Her hair: a bob with a side parting that frames the face, its edge rolled in, lighter strands on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.modelling.shapes import LOOK, Part, Points, bump, grid, rigid, towards

TOP = 1.75
PARTING = 0.3
"""Where the hair is parted, radians to her left."""
TEMPLE = 1.12
"""Where it begins to fall beside the face, radians to both sides."""
CHIN = 1.474


def _hem(turn: Any) -> Any:
    """How far down the hair goes: in a curtain from the parting to the temples, to the chin elsewhere."""
    away = np.abs(turn - PARTING)
    curtain = 1.704 - 0.088 * (np.minimum(away, 1.7) / 1.2) ** 1.6
    is_side = 1 / (1 + np.exp(-(np.abs(turn) - TEMPLE) * 34))
    return (1 - is_side) * curtain + is_side * (CHIN + 0.014 * np.cos(turn))


def _shell(turn: Any, share: Any, out: float = 0.0) -> Points:
    """Points of the hair: round the head (0 is front), and from the crown (0) to the hem (1)."""
    y = TOP + (_hem(turn) - TOP) * share
    up = np.clip((y - 1.6) / (TOP - 1.6), 0, 1)
    wide = np.where(y > 1.6, 0.117 * np.sqrt(np.clip(1 - up**2.3, 0, 1)), 0.117 + 0.007 * np.sin((1.6 - y) * 24))
    # the ends swing in below the chin
    wide = wide - 0.024 * np.clip((1.535 - y) / 0.06, 0, 1) ** 2
    parted = 0.007 * bump(turn - PARTING, 0.075) * np.clip(np.cos(turn), 0, 1) * np.clip(share * 3, 0, 1)
    waves = 1 + (0.007 * np.cos(turn * 15 + 2 * share) + 0.004 * np.cos(turn * 37 + 1)) * np.clip(share * 2, 0, 1)
    round_ = wide * waves - parted + out
    deep = np.where(np.cos(turn) > 0, 1.02, 1.1)
    return np.stack([np.sin(turn) * round_, y + 0 * turn, np.cos(turn) * round_ * deep], -1)


def hair() -> list[Part]:
    """The shell with its edge, and the strands."""
    rows, around = 25, 76
    turn = np.linspace(-np.pi, np.pi, around, endpoint=False)
    sheet = [_shell(turn, share) for share in np.linspace(0.002, 1, rows)]
    hem = sheet[-1]
    inwards = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], 1)
    for inner, lower in ((0.004, -0.0028), (0.01, -0.002), (0.014, 0.002), (0.0155, 0.008)):
        sheet.append(hem - inwards * inner + [0, lower, 0])
    points = np.concatenate(sheet)
    shares = np.concatenate([np.linspace(0, 1, rows), [1, 1, 1, 1]])
    # dark at the roots of the parting, inside and below
    streaks = 0.5 + 0.5 * np.cos(np.tile(turn, len(shares)) * 23 + 3 * np.repeat(shares, around))
    dark = 0.5 * np.repeat(np.clip(shares - 0.55, 0, 1), around) + 0.28 * streaks
    dark[rows * around :] = 0.85
    part = Part("hair", points, grid(len(shares), around, closed=True)[:, ::-1], rigid("head", len(points)), rough=0.42)
    part.tint = np.repeat((1 - dark)[:, None], 3, 1)
    return [part, _lining(turn), *_strands()]


def _lining(turn: Any) -> Part:
    """The dark behind the cheeks: hair that no light falls through."""
    shares = np.linspace(0.35, 0.97, 5)
    points = np.concatenate([_shell(turn, share, -0.006) for share in shares])
    is_open = np.abs(turn) > TEMPLE + 0.12
    faces = grid(len(shares), len(turn), closed=True)
    faces = faces[is_open[faces % len(turn)].all(axis=1)]
    part = Part("hair", points, faces, rigid("head", len(points)), rough=1.0)
    part.tint = np.full_like(points, 0.22)
    return part


def _strands() -> list[Part]:
    """Thin lighter bands that follow the hair; pointed at both ends."""
    parts = []
    steps = np.linspace(0, 1, 15)
    for n, at in enumerate(
        (-2.5, -2.05, -1.66, -1.36, -1.02, -0.74, -0.47, -0.2, 0.08, 0.55, 0.8, 1.06, 1.4, 1.74, 2.15, 2.6)
    ):
        start, end = 0.16 + 0.09 * (n % 3), 0.94 - 0.11 * (n % 2)
        share = start + (end - start) * steps
        thick = (0.016 + 0.012 * (n % 2)) * np.sin(np.pi * np.clip(steps, 0.02, 0.98))
        lean = 0.05 * np.sin(2 * steps + n)
        rows = [_shell(at + lean + k * thick, share, 0.0011 - 0.0006 * abs(k)) for k in (-1.0, 0.0, 1.0)]
        points = np.concatenate(rows)
        parts.append(
            Part("hair_light", points, grid(3, len(steps), closed=False), rigid("head", len(points)), rough=0.5)
        )
        parts[-1].tint = towards(LOOK.hair_light, LOOK.hair, np.tile(0.55 - 0.35 * np.sin(np.pi * steps), 3))
    return parts
