"""The stage: a moment in, its picture out. Only what changed is drawn again, and the caller is told what.

The label that says this is an AI host is drawn after everything else, always; nothing switches it off.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from avatar.performance import Moment
from avatar.stage import camera, lettering, scenery
from avatar.stage.acting import Actor
from avatar.stage.figure import Box, FigureArtist, Pose, boxes, face_box
from avatar.stage.look import Look
from avatar.stage.pens import surface

MAX_PRODUCTS = 200
_KEPT_BACKDROPS = 6


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
        self._drawn: tuple[object, Pose] | None = None

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

    def draw(self, moment: Moment) -> Area | None:
        """Draw the frame into `pixels`; what changed since the last one, None when nothing did."""
        shot = self._camera.choose(moment)
        if moment.now is not None and moment.now.product_id is not None:
            self._product = moment.now.product_id
        question = moment.now.question if moment.now is not None else None
        scene = (shot, self._product, question, self._lang)
        pose = self._actor.pose(moment)
        framing = camera.FRAMINGS[(self._format, shot)]
        changed = self._changed(scene, pose, framing)
        if changed is None:
            self._drawn = (scene, pose)
            return None
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
        self._draw_writing(canvas, framing, question)
        canvas.restore()
        self._drawn = (scene, pose)
        return changed

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

    def _backdrop(self, scene: tuple[str, str | None, str | None, str], framing: camera.Framing) -> tuple[Any, Any]:
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
        lettering.draw_label(canvas, self._lang, (x, y), framing.label_size, self._look.accent)
        if question:
            box = (max(framing.question[0], x), max(framing.question[1], y + 50), *framing.question[2:])
            lettering.draw_question(canvas, question, self._lang, box, framing.label_size, self._look.accent)

    def _changed(self, scene: object, pose: Pose, framing: camera.Framing) -> Area | None:
        width, height = self._options.width, self._options.height
        if self._drawn is None or self._drawn[0] != scene:
            return Area(0, 0, width, height)
        before = self._drawn[1]
        if before == pose:
            return None
        old, new = boxes(before), boxes(pose)
        parts: list[Box] = []
        if (before.head, before.tilt) != (pose.head, pose.tilt):
            parts += [old[0], new[0]]
        elif before.face != pose.face:
            parts.append(face_box(pose))
        if before.breath != pose.breath:
            parts += [old[0], new[0], old[1]]
        if before.left != pose.left:
            parts += [old[2], new[2]]
        if before.right != pose.right:
            parts += [old[3], new[3]]
        share, left, top = self._scale(framing)
        k = share * framing.scale
        x0, y0 = left + framing.x * share, top + framing.y * share
        l_px = int(x0 + k * min(part[0] for part in parts)) // 2 * 2 - 2
        t_px = int(y0 + k * min(part[1] for part in parts)) // 2 * 2 - 2
        r_px = int(x0 + k * max(part[2] for part in parts)) // 2 * 2 + 4
        b_px = int(y0 + k * max(part[3] for part in parts)) // 2 * 2 + 4
        l_px, t_px, r_px, b_px = max(l_px, 0), max(t_px, 0), min(r_px, width), min(b_px, height)
        return Area(l_px, t_px, r_px - l_px, b_px - t_px) if r_px > l_px and b_px > t_px else None
