"""The pictures that the pipeline asks for: views to compare, a poster, a turn, and their WebP files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ar_assets.document import Document
from ar_assets.errors import StepFailed
from ar_assets.render.camera import around, corners, looking
from ar_assets.render.develop import Picture, backdrop, developed
from ar_assets.render.ground import Ground
from ar_assets.render.scene import Scene, build
from ar_assets.render.trace import Quality, trace

Frame = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Smallest and largest corner (3,) of the box that the cameras look at, in model space."""

_HANGING = ("earring", "necklace")
_MOST_POINTS = 4000  # of the outline, to place a poster's camera


def views(
    glb: bytes | Path | Document, count: int = 8, size: int = 320, *, frame: Frame | None = None
) -> list[Picture]:
    """``count`` square pictures from all around, ``size`` pixels wide, on transparent ground.

    ``frame`` is what the cameras look at; hand the input's (`frame_of`) to every file that is compared with it. A model
    without triangles gives empty pictures.

    Raises:
        StepFailed: The file is compressed or broken.
    """
    scene = build(Document.read(glb), max_texture_px=_texture_px(size))
    if scene is None:
        return [np.zeros((size, size, 4), np.uint8) for _ in range(count)]
    low, high = frame if frame is not None else _bounds(scene)
    seen = (corners(low, high) - scene.centre) / scene.radius
    return [developed(trace(scene, looking(azimuth, elevation, seen), size)) for azimuth, elevation in around(count)]


def frame_of(glb: bytes | Path | Document) -> Frame:
    """What the cameras look at for this model: the corners of its bounds."""
    from ar_assets.normalise.shape import measure

    shape = measure(Document.read(glb))
    return shape.low, shape.high


def scene_of(glb: bytes | Path | Document, size: int) -> Scene:
    """A model made ready for pictures of up to ``size`` pixels, for those who want several.

    Raises:
        StepFailed: The file is compressed, broken or empty.
    """
    scene = build(Document.read(glb), max_texture_px=_texture_px(size))
    if scene is None:
        raise StepFailed("pictures", "the model draws no triangle")
    return scene


def poster(scene: Scene, *, size: int = 1200, category: str = "other") -> Picture:
    """One large picture from the category's best side, on a light backdrop, with a soft shadow where it stands."""
    azimuth, elevation = best_side(scene, category)
    camera = looking(azimuth, elevation, _outline(scene), fill=0.8)
    layers = trace(scene, camera, size, Quality(nearby=10, mirrors=True, sparing=True))
    shadow = None
    if category not in _HANGING:
        ground = Ground(scene, _floor(scene), cells=640, directions=320, upright=camera.upright)
        shadow = ground.shadow(camera, size)
    return developed(layers, backdrop=backdrop(size), shadow=shadow)


def turntable(scene: Scene, *, size: int = 400, frames: int = 24, category: str = "other") -> list[Picture]:
    """One turn around the upright axis, for a short animation."""
    start, elevation = best_side(scene, category)
    points = scene.used.astype(np.float64)
    # A cylinder around the axis, so that every frame shows the product at the same size
    reach = float(np.hypot(points[:, 0], points[:, 2]).max())
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    rim = np.stack([np.sin(turn) * reach, np.zeros(32), np.cos(turn) * reach], 1)
    drum = np.concatenate([rim + (0, y, 0) for y in (points[:, 1].min(), points[:, 1].max())])
    paper = backdrop(size)
    ground = None if category in _HANGING else Ground(scene, _floor(scene), cells=320, directions=160)
    made = []
    for index in range(frames):
        camera = looking(start + 360 * index / frames, elevation, drum, fill=0.9, centred=False)
        layers = trace(scene, camera, size, Quality(nearby=6, sparing=True))
        made.append(developed(layers, backdrop=paper, shadow=ground.shadow(camera, size) if ground else None))
    return made


def best_side(scene: Scene, category: str) -> tuple[float, float]:
    """Azimuth and elevation (degrees) from which the category is usually shown."""
    used = scene.used
    wide, tall, deep = (float(value) for value in used.max(0) - used.min(0))
    if category == "shoe":
        return (28.0, 18.0) if wide > deep else (62.0, 18.0)
    if category in ("watch", "bracelet", "ring"):
        return 30.0, 28.0
    if category in ("glasses", "hat"):
        return 28.0, 14.0
    if category in (*_HANGING, "clothing"):
        return (18.0, 6.0) if wide >= deep else (108.0, 6.0)
    if tall < 0.12 * max(wide, deep):
        return 30.0, 50.0  # lies flat
    return 32.0, 16.0


def webp(picture: Picture, quality: int = 86) -> bytes:
    """A still WebP; transparency is kept where there is any."""
    out = io.BytesIO()
    _image(picture).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def webp_loop(pictures: list[Picture], *, seconds: float = 4.0, quality: int = 72) -> bytes:
    """An endless WebP animation of ``seconds`` a round."""
    first, *others = [_image(picture) for picture in pictures]
    out = io.BytesIO()
    first.save(
        out,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=round(1000 * seconds / len(pictures)),
        loop=0,
        quality=quality,
        method=3,
    )
    return out.getvalue()


def _image(picture: Picture) -> Image.Image:
    image = Image.fromarray(picture, "RGBA")
    return image.convert("RGB") if int(picture[..., 3].min()) == 255 else image


def _texture_px(size: int) -> int:
    """More texels than twice the picture's side can only be seen on tiled materials, which need fewer still."""
    return 512 if size <= 256 else 1024 if size <= 640 else 2048


def _bounds(scene: Scene) -> Frame:
    used = scene.used.astype(np.float64)
    return used.min(0) * scene.radius + scene.centre, used.max(0) * scene.radius + scene.centre


def _outline(scene: Scene) -> NDArray[np.float64]:
    """Points of the model, thinned out where there are many (the corners of its bounds among them)."""
    used = scene.used.astype(np.float64)
    extreme = used[np.concatenate([used.argmin(0), used.argmax(0)])]
    return np.concatenate([used[:: max(1, len(used) // _MOST_POINTS)], extreme])


def _floor(scene: Scene) -> float:
    """Height of what the product stands on: a hair below its lowest point."""
    return float(scene.used[:, 1].min()) - 2e-3
