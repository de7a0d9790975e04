"""The film's parts, photographed once each: host in poses, set, goods. Kept in a cache folder, since they take long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scripts.drawing import figure, home, sneaker, vanity, wear
from scripts.drawing.figure import MIRA
from scripts.drawing.home import lamp, mug, turned
from scripts.drawing.shapes import extruded, grid, joined, rounded, rounded_box, turned_profile
from scripts.drawing.studio import Set, Thing, bumped, metal, paint, picture, shoot
from scripts.drawing.textures import grain, noise

PIXELS_PER_CM = 8.4
SPRITE_PIXELS_PER_CM = 9.6
"""A little larger, for the camera comes closer at times."""
YAWS = tuple(np.arange(-20.0, 10.1, 3.0).tolist())
FACES = {"calm": (1.0, 0.0, 0.0), "blink": (0.0, 0.0, -0.1), "laugh": (0.92, 1.0, 0.35), "laugh-blink": (0.0, 1.0, 0.3)}
"""Eyes, smile, brows."""
GOODS = ("sneaker", "lamp", "sunglasses", "mug", "watch", "earrings", "hat", "lipstick")
MARGIN = (80, 100)
"""Set pixels beyond the frame, left and right, above and below."""


@dataclass(frozen=True)
class Sprite:
    """Straight RGBA bytes and the pixel that is the part's origin."""

    pixels: NDArray[np.uint8]
    origin: tuple[float, float]


def _kept(file: Path, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.uint8]:
    if not file.exists():
        pixels = (np.clip(make(), 0, 1) * 255 + 0.5).astype(np.uint8)
        if pixels.shape[2] == 4:
            # An image file holds straight colours.
            alpha = pixels[..., 3:].astype(np.float32) / 255
            straight = np.where(alpha > 0, pixels[..., :3] / np.maximum(alpha, 1 / 255), 0)
            pixels = np.concatenate([np.clip(straight, 0, 255).astype(np.uint8), pixels[..., 3:]], -1)
        Image.fromarray(pixels).save(file)
    return np.array(Image.open(file))


def _part(
    folder: Path,
    name: str,
    things: Callable[[], list[Thing]],
    wide: float,
    high: float,
    middle_z: float,
    turn: float,
    samples: int,
) -> Sprite:
    """A part ``wide`` x ``high`` centimetres, its origin ``middle_z`` below the middle of the picture."""
    scale = SPRITE_PIXELS_PER_CM
    size = (round(wide * scale), round(high * scale))

    def make() -> NDArray[np.float32]:
        scene = figure.portrait(things(), min(wide, high), (0, 0, middle_z), turn)
        return shoot(scene, size, samples, cut_out=True)

    pixels = _kept(folder / f"{name}.png", make)
    return Sprite(pixels, (size[0] / 2, size[1] / 2 + middle_z * scale))


def heads(folder: Path, samples: int = 14) -> dict[tuple[str, float], Sprite]:
    """Every face at every turn of the head."""
    return {
        (face, yaw): _part(
            folder, f"head-{face}-{yaw:+.0f}", partial(figure.head, MIRA, *values), 30, 44, 10.5, -yaw, samples
        )
        for face, values in FACES.items()
        for yaw in YAWS
    }


def body(folder: Path, samples: int = 24) -> dict[str, Sprite]:
    """Torso and arms."""
    return {
        "torso": _part(folder, "torso", lambda: figure.torso(MIRA), 40, 58, -30, 0, samples),
        "upper": _part(folder, "upper", lambda: figure.upper_arm(MIRA), 16, 36, -10.5, 0, samples),
        "open": _part(folder, "open", lambda: figure.forearm(MIRA, "open"), 18, 40, -13, 12, samples),
        "rest": _part(folder, "rest", lambda: figure.forearm(MIRA, "rest"), 18, 40, -13, -10, samples),
    }


def goods(folder: Path, samples: int = 24) -> dict[str, Sprite]:
    """What is presented; the origin is where it stands."""
    shots = {
        "sneaker": lambda: sneaker.sneaker_pictures()["court-sneaker-green"],
        "lamp": lambda: home.lamp_pictures()["orb-table-lamp-brass"],
        "sunglasses": lambda: wear.sunglasses_pictures()["solano-sunglasses-tortoise"],
        "mug": lambda: home.mug_pictures()["tide-mug-sea"],
        "watch": lambda: vanity.watch_pictures()["meridian-watch-tan"],
        "earrings": lambda: wear.earring_pictures()["alba-pearl-earrings-gold"],
        "hat": lambda: wear.hat_pictures()["vela-felt-hat-camel"],
        "lipstick": lambda: vanity.lipstick_pictures()["satin-lipstick-coral"],
    }
    out = {}
    for name in GOODS:

        def make(name: str = name) -> NDArray[np.float32]:
            scene = shots[name]()
            if name == "lamp":
                scene.things.pop()  # its cable
            if name == "lipstick":
                del scene.things[-2:]  # its cap
            return shoot(scene, 460, samples, cut_out=True)

        pixels = _kept(folder / f"goods-{name}.png", make)
        rows, columns = np.nonzero(pixels[..., 3] > 40)
        out[name] = Sprite(pixels, (float(columns.min() + columns.max()) / 2, float(rows.max())))
    return out


def _camera(things: list[Thing], ambient: float = 0.5) -> Set:
    wide = (720 + 2 * MARGIN[0]) / PIXELS_PER_CM
    fov = float(2 * np.degrees(np.arctan(wide / 2 / 460)))
    return Set(
        things,
        100,
        "",
        (0, 0, 0),
        height=3.0,
        distance=4.6,
        fov=fov,
        key=0.74,
        fill=0.9,
        ambient=ambient,
        exposure=1.08,
        bloom=0.18,
    )


def stage(folder: Path, samples: int = 40) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The wall (RGB) and the counter before it (RGBA), each with `MARGIN` around the frame."""
    size = (720 + 2 * MARGIN[0], 1280 + 2 * MARGIN[1])
    oak = paint(picture(grain("#C79B66", "#98703F", 3), (1, 1)), 0.45, specular=0.35)

    def back() -> NDArray[np.float32]:
        plaster = bumped(paint("#F6ECDD", 0.95, specular=0.1), noise(1024, 90, 8), 0.25, (3, 3))
        corners = np.array([[[-160.0, 54, -160], [160, 54, -160]], [[-160, 54, 160], [160, 54, 160]]])
        wall = grid(corners)
        t = np.linspace(0, np.pi, 60)
        outline = np.concatenate([np.stack([31 * np.cos(t), 31 * np.sin(t) + 12], -1), [[-31, -120], [31, -120]]])
        arch = extruded(outline, 5, 0.8).moved(-13, 51, 6)
        shelf = rounded_box(46, 15, 2.2, 0.8).moved(30, 46, 34)
        small = [
            Thing(t.mesh.scaled(0.62).moved(36, 44, 35.1), t.material, t.glow) for t in lamp(metal("#C79A4B", 0.22))[:2]
        ]
        cup = [Thing(t.mesh.moved(18, 44, 35.1), t.material) for t in turned(mug("sand", 3), -20)]
        vase = turned_profile(
            rounded(
                [(0, 0, 0), (4, 0, 1), (5.2, 6, 4), (2.2, 13, 3), (2.6, 15.5, 0.4), (2.2, 15.4, 0.2), (1.8, 12, 0)], 10
            ),
            80,
        )
        return shoot(
            _camera(
                [
                    Thing(wall, plaster),
                    Thing(arch, bumped(paint("#C98F70", 0.95, specular=0.1), noise(1024, 40, 9), 0.3, (2, 4))),
                    Thing(shelf, oak),
                    *small,
                    *cup,
                    Thing(vase.moved(26, 46, 35.1), paint("#7D8F84", 0.6)),
                ],
                0.42,
            ),
            size,
            samples,
        )

    def front() -> NDArray[np.float32]:
        top = rounded_box(170, 40, 3.6, 1.4).moved(0, 4, -30.4)
        flutes = [
            turned_profile(np.array([(2.35, -110.0), (2.35, -32.0)]), 40).moved(x, -11, 0)
            for x in np.arange(-84.0, 84.1, 4.7)
        ]
        plinth = turned_profile(
            rounded([(0, -28.6, 0), (12, -28.6, 0.4), (12, -19.6, 0.8), (0, -19.6, 0)], 6), 140
        ).moved(23, -2, 0)
        return shoot(
            _camera(
                [
                    Thing(top, oak),
                    Thing(joined(*flutes), paint("#DDCDB8", 0.8, specular=0.2)),
                    Thing(plinth, bumped(paint("#EFE7DB", 0.85, specular=0.2), noise(512, 60, 5), 0.1, (2, 1))),
                ],
                0.5,
            ),
            size,
            samples,
            cut_out=True,
        )

    return _kept(folder / "stage-back.png", back), _kept(folder / "stage-front.png", front)
