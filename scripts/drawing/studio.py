"""A photo studio for meshes: seamless paper, two soft boxes, a long lens, and a path tracer (Mitsuba 3).

Everything stands on z = 0 at the origin; ``size`` is about how tall and wide the set is, in the product's own unit.
The camera looks along +Y. Noise is taken out by Open Image Denoise with the surface colours and normals as guides.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.drawing.shapes import Mesh, grid

Pixels = NDArray[Any]
Colour = tuple[float, float, float]


def srgb(code: str) -> Colour:
    """A CSS colour as linear light."""
    value = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return float(linear[0]), float(linear[1]), float(linear[2])


@dataclass(frozen=True)
class Thing:
    """A mesh and what it is made of (a Mitsuba material); ``glow`` makes it a lamp."""

    mesh: Mesh
    material: dict[str, Any]
    glow: Any = None


@dataclass(frozen=True)
class Set:
    """What stands in front of the camera, and how it is looked at."""

    things: list[Thing]
    size: float
    paper: str = "#E9E4DC"
    """Colour of the backdrop; empty for none."""
    look_at: tuple[float, float, float] = (0, 0, 0.5)
    """In units of ``size``."""
    turn: float = 0.0
    """Degrees the camera walks around to the right."""
    height: float = 14.0
    """Degrees the camera looks down."""
    distance: float = 4.6
    fov: float = 17.0
    key: float = 1.0
    fill: float = 1.0
    ambient: float = 0.42
    exposure: float = 1.22
    bloom: float = 0.0
    """How much of the brightest light spills over, as in a real lens."""
    extra: dict[str, Any] = field(default_factory=dict)


# ---- materials


def paint(colour: str | Colour | dict[str, Any], roughness: float = 0.5, **more: Any) -> dict[str, Any]:
    """A principled surface; ``colour`` may be a texture."""
    base = (
        colour
        if isinstance(colour, dict)
        else {"type": "rgb", "value": srgb(colour) if isinstance(colour, str) else colour}
    )
    return {"type": "twosided", "bsdf": {"type": "principled", "base_color": base, "roughness": roughness, **more}}


def metal(colour: str, roughness: float = 0.2) -> dict[str, Any]:
    """A coloured metal."""
    return paint(colour, roughness, metallic=1.0)


def bumped(
    material: dict[str, Any], height: Pixels, scale: float, repeat: tuple[float, float] = (1, 1)
) -> dict[str, Any]:
    """Give a surface relief from a picture of heights."""
    inner = material["bsdf"] if material["type"] == "twosided" else material
    return {
        "type": "twosided",
        "bsdf": {"type": "bumpmap", "arbitrary": picture(height, repeat, raw=True), "scale": scale, "bsdf": inner},
    }


def picture(pixels: Pixels, repeat: tuple[float, float] = (1, 1), raw: bool = False) -> dict[str, Any]:
    """A texture from an array; colours are sRGB unless ``raw``."""
    import mitsuba as mi

    data = np.ascontiguousarray(pixels[..., None] if pixels.ndim == 2 else pixels, dtype=np.float32)
    if not raw:
        data = np.where(data <= 0.04045, data / 12.92, ((data + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return {
        "type": "bitmap",
        "bitmap": mi.Bitmap(data),
        "raw": True,
        "to_uv": mi.ScalarTransform4f().scale([repeat[0], repeat[1], 1]),
    }


# ---- rendering


def use_renderer() -> str:
    """Choose the fast (LLVM) variant when it works here, else the portable one; returns its name."""
    import mitsuba as mi

    name = "llvm_ad_rgb" if os.environ.get("DRJIT_LIBLLVM_PATH") else "scalar_rgb"
    mi.set_variant(name)
    return name


def _shape(thing: Thing, folder: Path, number: int) -> dict[str, Any]:
    import mitsuba as mi

    mesh = thing.mesh
    made = mi.Mesh(f"m{number}", len(mesh.points), len(mesh.faces), has_vertex_texcoords=True)
    parameters = mi.traverse(made)
    parameters["vertex_positions"] = np.ravel(mesh.points).astype(np.float32)
    parameters["faces"] = np.ravel(mesh.faces).astype(np.uint32)
    parameters["vertex_texcoords"] = np.ravel(mesh.uv).astype(np.float32)
    parameters.update()
    file = folder / f"{number}.ply"
    made.write_ply(str(file))
    shape: dict[str, Any] = {
        "type": "ply",
        "filename": str(file),
        "face_normals": not mesh.smooth,
        "bsdf": thing.material,
    }
    if thing.glow is not None:
        shape["emitter"] = {"type": "area", "radiance": thing.glow}
    return shape


def _paper(colour: str, size: float) -> Thing:
    """A sweep: floor, a wide curve, wall."""
    far, radius, high = 3.2 * size, 2.2 * size, 9 * size
    angle = np.linspace(0, np.pi / 2, 40)
    y = np.concatenate([[-14 * size], far - radius + radius * np.sin(angle), [far]])
    z = np.concatenate([[0], radius - radius * np.cos(angle), [high]])
    x = np.linspace(-16 * size, 16 * size, 2)
    points = np.stack(
        [
            np.broadcast_to(x[None], (len(y), 2)),
            np.broadcast_to(y[:, None], (len(y), 2)),
            np.broadcast_to(z[:, None], (len(y), 2)),
        ],
        -1,
    )
    return Thing(
        grid(points),
        {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": srgb(colour)}}},
    )


def _soft_box(
    mi: Any,
    at: tuple[float, float, float],
    aim: tuple[float, float, float],
    width: float,
    height: float,
    colour: Colour,
    power: float,
) -> dict[str, Any]:
    transform = mi.ScalarTransform4f().look_at(
        origin=list(at), target=list(aim), up=[0, 0.01, 1]
    ) @ mi.ScalarTransform4f().scale([width / 2, height / 2, 1])
    return {
        "type": "rectangle",
        "to_world": transform,
        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": [c * power for c in colour]}},
    }


def shoot(
    scene: Set, pixels: int | tuple[int, int] = 1200, samples: int = 64, cut_out: bool = False, seed: int = 1
) -> Pixels:
    """Render to sRGB floats ``[height, width, 3]``; with ``cut_out`` premultiplied RGBA without the paper.

    ``pixels`` is the width and height, or one for both.
    """
    import mitsuba as mi

    wide, high = (pixels, pixels) if isinstance(pixels, int) else pixels
    s = scene.size
    target = np.array(scene.look_at) * s
    around, down = np.radians(scene.turn), np.radians(scene.height)
    offset = (
        np.array([np.sin(around) * np.cos(down), -np.cos(around) * np.cos(down), np.sin(down)]) * scene.distance * s
    )
    up = [0, 0, 1] if scene.height < 80 else [0, 1, 0]
    if cut_out and any(thing.glow is not None for thing in scene.things):
        # Hiding the lights would hide the lamp too: its outline comes from the same set with the lamp turned off.
        dark = replace(scene, things=[replace(thing, glow=None) for thing in scene.things])
        alpha = shoot(dark, pixels, max(8, samples // 2), cut_out=True, seed=seed)[..., 3:]
        lit = shoot(replace(scene, paper="", bloom=0), pixels, samples, seed=seed)
        return np.concatenate([lit * alpha, alpha], -1)
    with tempfile.TemporaryDirectory() as folder:
        world: dict[str, Any] = {
            "type": "scene",
            "integrator": {
                "type": "aov",
                "aovs": "albedo:albedo,normal:sh_normal",
                "image": {"type": "path", "max_depth": 7, "hide_emitters": cut_out},
            },
            "sensor": {
                "type": "perspective",
                "fov": scene.fov,
                "fov_axis": "smaller",
                "near_clip": 0.01 * s,
                "far_clip": 100 * s,
                "to_world": mi.ScalarTransform4f().look_at(
                    origin=(target + offset).tolist(), target=target.tolist(), up=up
                ),
                "film": {
                    "type": "hdrfilm",
                    "width": wide,
                    "height": high,
                    "pixel_format": "rgba",
                    "rfilter": {"type": "box"},
                },
                "sampler": {"type": "independent", "sample_count": samples},
            },
            "ambient": {
                "type": "constant",
                "radiance": {"type": "rgb", "value": [scene.ambient * c for c in (1.0, 1.0, 1.02)]},
            },
            "key": _soft_box(
                mi, (-2.3 * s, -1.7 * s, 3.0 * s), (0, 0, 0.3 * s), 2.2 * s, 2.2 * s, (1.0, 0.955, 0.9), 7.4 * scene.key
            ),
            "fill": _soft_box(
                mi, (3.2 * s, -2.0 * s, 1.6 * s), (0, 0, 0.4 * s), 1.5 * s, 2.6 * s, (0.92, 0.96, 1.0), 1.7 * scene.fill
            ),
            "rim": _soft_box(
                mi, (1.2 * s, 2.4 * s, 3.4 * s), (0, 0, 0.4 * s), 2.4 * s, 0.7 * s, (1.0, 0.98, 0.95), 2.6 * scene.key
            ),
            **scene.extra,
        }
        things = scene.things if cut_out or not scene.paper else [*scene.things, _paper(scene.paper, s)]
        for number, thing in enumerate(things):
            world[f"thing{number}"] = _shape(thing, Path(folder), number)
        loaded = mi.load_dict(world)
        layers = np.array(mi.render(loaded, spp=samples, seed=seed), dtype=np.float32)
    colour, alpha = layers[..., :3], layers[..., 3]
    colour = _denoised(colour, layers[..., 4:7], layers[..., 7:10])
    if not cut_out:
        return _developed(_spilled(colour * scene.exposure, scene.bloom))
    alpha = np.clip(alpha, 0, 1)[..., None]
    plain = np.where(alpha > 1e-3, colour / np.maximum(alpha, 1e-3), 0)
    return np.concatenate([_developed(plain * scene.exposure) * alpha, alpha], -1)


def _denoised(colour: Pixels, albedo: Pixels, normal: Pixels) -> Pixels:
    import pyoidn

    guides = {"albedo": np.ascontiguousarray(np.clip(albedo, 0, 1)), "normal": np.ascontiguousarray(normal)}
    return np.asarray(pyoidn.denoise(np.ascontiguousarray(colour), **guides, hdr=True))


def _spilled(linear: Pixels, amount: float) -> Pixels:
    """Let light above white glow into its surroundings: three wide blurs, made by Fourier transform."""
    if amount <= 0:
        return linear
    bright = np.maximum(linear - 0.75, 0)
    fy, fx = np.meshgrid(np.fft.fftfreq(linear.shape[0]), np.fft.rfftfreq(linear.shape[1]), indexing="ij")
    radius2 = (fx**2 + fy**2)[..., None]
    spectrum = np.fft.rfft2(bright, axes=(0, 1))
    for part in (0.012, 0.045, 0.13):
        blur = np.exp(-2 * (np.pi * part * linear.shape[1]) ** 2 * radius2)
        linear = linear + amount / 3 * np.fft.irfft2(spectrum * blur, s=linear.shape[:2], axes=(0, 1))
    return linear.astype(np.float32)


def _developed(linear: Pixels) -> Pixels:
    """Light to sRGB: straight up to three quarters, then a soft shoulder instead of clipping."""
    knee = 0.62
    over = np.maximum(linear - knee, 0)
    soft = np.where(linear > knee, knee + (1 - knee) * (1 - np.exp(-over / (1 - knee))), linear)
    soft = np.clip(soft, 0, 1)
    return np.where(soft <= 0.0031308, soft * 12.92, 1.055 * soft ** (1 / 2.4) - 0.055).astype(np.float32)
