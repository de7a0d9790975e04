"""The stage: a moment in, its picture out. Only what changed is drawn again, and the caller is told what.

The label that says this is an AI host is drawn after everything else, always; nothing switches it off.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from avatar.performance import Moment
from avatar.stage import camera, lettering, scenery
from avatar.stage.acting import Actor
from avatar.stage.figure import Box, FigureArtist, Pose, boxes, face_box, mouth_box
from avatar.stage.look import Look
from avatar.stage.pens import surface

MAX_PRODUCTS = 200
_KEPT_BACKDROPS = 6
_Scene = tuple[camera.Shot, str | None, str | None, str]
"""Shot, product, question, language."""


class Area(NamedTuple):
    """Pixels; even, so that a 4:2:0 picture can be cut there."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class StageOptions:
    """Size and language of the picture."""

    width: int = 1280
    height: int = 720
    """Even numbers from 160 to 1920."""
    fps: int = 25
    lang: str = "en"
    """Of the label."""
    seed: int = 7

    def __post_init__(self) -> None:
        for size in (self.width, self.height):
            if not 160 <= size <= 1920 or size % 2:
                raise ValueError(f"width and height must be even and from 160 to 1920, not {size}")


class Stage:
    """Draws the host. One thread; `pixels` is drawn over by the next `draw`."""

    def __init__(self, options: StageOptions | None = None, look: Look | None = None) -> None:
        self._options = options or StageOptions()
        self._look = look or Look()
        width, height = self._options.width, self._options.height
        self.pixels: NDArray[np.uint8] = np.zeros((height, width, 4), np.uint8)
        """RGBA, opaque; shape (height, width, 4)."""
        info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kOpaque_AlphaType)
        self._surface = skia.Surface.MakeRasterDirect(info, self.pixels, width * 4)
        self._format = camera.format_of(width, height)
        self._figure = FigureArtist(self._look)
        self._actor = Actor(self._options.fps, self._options.seed)
        self._camera = camera.Camera()
        self._pictures: OrderedDict[str, Any] = OrderedDict()
        self._backdrops: OrderedDict[object, tuple[Any, Any]] = OrderedDict()
        self._product: str | None = None
        self._lang = self._options.lang
        self._drawn: tuple[_Scene, Pose] | None = None

    def set_picture(self, product_id: str, data: bytes) -> bool:
        """Keep a product's picture (JPEG, PNG, WebP) for when it is presented; False when it cannot be used."""
        picture = scenery.decode_picture(data)
        if picture is None:
            return False
        self._pictures[product_id] = picture
        self._pictures.move_to_end(product_id)
        while len(self._pictures) > MAX_PRODUCTS:
            self._pictures.popitem(last=False)
        for key in [key for key in self._backdrops if isinstance(key, tuple) and product_id in key]:
            del self._backdrops[key]
        if product_id == self._product:
            self._drawn = None
        return True

    def set_language(self, lang: str) -> None:
        """The label's language from the next frame on."""
        self._lang, self._drawn = lang, None
        self._backdrops.clear()

    def set_look(self, look: Look) -> None:
        """Another outfit and studio from the next frame on; the host goes on moving as it did."""
        self._look, self._drawn = look, None
        self._figure = FigureArtist(look)
        self._backdrops.clear()

    def draw(self, moment: Moment) -> tuple[Area, ...]:
        """Draw the frame into `pixels`; what changed since the last one, at most three areas, empty for nothing."""
        shot = self._camera.choose(moment)
        if moment.now is not None and moment.now.product_id is not None:
            self._product = moment.now.product_id
        question = moment.now.question if moment.now is not None else None
        scene = (shot, self._product, question, self._lang)
        framing = camera.FRAMINGS[(self._format, shot)]
        pose = self._actor.pose(moment, framing.product_at)
        areas = self._changed(scene, pose, framing)
        for area in areas:
            self._draw_area(area, scene, pose, framing)
        self._drawn = (scene, pose)
        return areas

    def _draw_area(self, changed: Area, scene: _Scene, pose: Pose, framing: camera.Framing) -> None:
        backdrop, desk = self._backdrop(scene, framing)
        canvas = self._surface.getCanvas()
        canvas.save()
        canvas.clipRect(skia.Rect.MakeXYWH(*changed))
        canvas.drawImage(backdrop, 0, 0)
        figure = self._to_figure(framing)
        canvas.save()
        canvas.concat(figure)
        self._figure.draw_body(canvas, pose)
        self._figure.draw_head(canvas, pose)
        canvas.restore()
        canvas.drawImage(desk, 0, self._desk_line(framing))
        canvas.concat(figure)
        self._figure.draw_arms(canvas, pose)
        canvas.restore()
        canvas.save()
        canvas.clipRect(skia.Rect.MakeXYWH(*changed))
        self._draw_writing(canvas, framing, scene[2])
        canvas.restore()

    # ---- what is kept

    def _scale(self, framing: camera.Framing) -> tuple[float, float, float]:
        """How the layout fits the picture: scale, left, top; it fills it and is cut where the shape differs."""
        width, height = self._options.width, self._options.height
        share = max(width / framing.width, height / framing.height)
        return share, (width - framing.width * share) / 2, (height - framing.height * share) / 2

    def _to_layout(self, framing: camera.Framing) -> Any:
        share, left, top = self._scale(framing)
        matrix = skia.Matrix()
        matrix.setScaleTranslate(share, share, left, top)
        return matrix

    def _to_figure(self, framing: camera.Framing) -> Any:
        matrix = self._to_layout(framing)
        matrix.preTranslate(framing.x, framing.y)
        matrix.preScale(framing.scale, framing.scale)
        return matrix

    def _desk_line(self, framing: camera.Framing) -> int:
        share, _, top = self._scale(framing)
        return max(int(framing.desk_y * share + top), 0)

    def _backdrop(self, scene: _Scene, framing: camera.Framing) -> tuple[Any, Any]:
        key = scene[:2]
        if key not in self._backdrops:
            width, height = self._options.width, self._options.height
            picture = self._pictures.get(scene[1]) if scene[1] is not None else None
            back = surface(width, height, opaque=True)
            back.getCanvas().concat(self._to_layout(framing))
            scenery.draw_backdrop(back.getCanvas(), self._look, framing, picture)
            line = self._desk_line(framing)
            desk = surface(width, max(height - line, 1), opaque=True)
            desk.getCanvas().translate(0, -line)
            desk.getCanvas().concat(self._to_layout(framing))
            scenery.draw_desk(desk.getCanvas(), self._look, framing)
            self._backdrops[key] = (back.makeImageSnapshot(), desk.makeImageSnapshot())
            while len(self._backdrops) > _KEPT_BACKDROPS:
                self._backdrops.popitem(last=False)
        self._backdrops.move_to_end(key)
        return self._backdrops[key]

    def _draw_writing(self, canvas: Any, framing: camera.Framing, question: str | None) -> None:
        canvas.concat(self._to_layout(framing))
        share, left, top = self._scale(framing)
        # Never outside the picture, however it is cut.
        x = max(framing.label[0], -left / share + 12)
        y = max(framing.label[1], -top / share + 12)
        size = framing.label_size
        if not canvas.quickReject(skia.Rect.MakeXYWH(x, y, 30 * size, 2 * size)):
            lettering.draw_label(canvas, self._lang, (x, y), size, self._look.accent)
        box = (max(framing.question[0], x), max(framing.question[1], y + 50), *framing.question[2:])
        if question and not canvas.quickReject(skia.Rect.MakeXYWH(*box)):
            lettering.draw_question(canvas, question, self._lang, box, min(size, 24), self._look.accent)

    def _changed(self, scene: _Scene, pose: Pose, framing: camera.Framing) -> tuple[Area, ...]:
        if self._drawn is None or self._drawn[0] != scene:
            return (Area(0, 0, self._options.width, self._options.height),)
        before = self._drawn[1]
        old, new = boxes(before), boxes(pose)
        parts: list[Box] = []
        if (before.head, before.tilt, before.breath) != (pose.head, pose.tilt, pose.breath):
            parts.append(_around(old[0], new[0]))
        elif before.face != pose.face:
            only_mouth = replace(before.face, mouth=pose.face.mouth) == pose.face
            parts.append(mouth_box(pose) if only_mouth else face_box(pose))
        if before.breath != pose.breath:
            parts.append(old[1])
        if before.left != pose.left:
            parts.append(_around(old[2], new[2]))
        if before.right != pose.right:
            parts.append(_around(old[3], new[3]))
        areas = [area for part in _joined(parts) if (area := self._to_area(part, framing)) is not None]
        return tuple(areas)

    def _to_area(self, part: Box, framing: camera.Framing) -> Area | None:
        """Whole, even pixels around a part of the figure, cut to the picture; None when it is outside."""
        width, height = self._options.width, self._options.height
        share, left, top = self._scale(framing)
        k = share * framing.scale
        x, y = left + framing.x * share, top + framing.y * share
        l_px, t_px = max(int(x + k * part[0]) // 2 * 2 - 2, 0), max(int(y + k * part[1]) // 2 * 2 - 2, 0)
        r_px = min(int(x + k * part[2]) // 2 * 2 + 4, width)
        b_px = min(int(y + k * part[3]) // 2 * 2 + 4, height)
        return Area(l_px, t_px, r_px - l_px, b_px - t_px) if r_px > l_px and b_px > t_px else None


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _joined(parts: list[Box]) -> list[Box]:
    """The same ground in as few boxes as pay: two that overlap much are one."""
    joined: list[Box] = []
    for part in parts:
        for n, other in enumerate(joined):
            both = _around(part, other)
            if _size(both) <= 1.05 * (_size(part) + _size(other)):
                joined[n] = both
                break
        else:
            joined.append(part)
    return joined
