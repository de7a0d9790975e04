"""The stage: a moment in, its picture out. Only what changed is drawn again, and the caller is told what.

The label that says this is an AI host is drawn after everything else, always; nothing switches it off.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from avatar.performance import Moment
from avatar.stage import camera, lettering, scenery
from avatar.stage.acting import Actor
from avatar.stage.arms import arm_box
from avatar.stage.changes import Placed, changed, head_box, placed, torso_box
from avatar.stage.figure import FigureArtist
from avatar.stage.look import Look
from avatar.stage.pens import surface
from avatar.stage.placement import Area, Box, Placement, place

MAX_PRODUCTS = 200
_KEPT_BACKDROPS = 6
_Scene = tuple[camera.Shot, str | None, str | None, str]
"""Shot, product, question, language."""


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
        self._drawn: tuple[_Scene, Placed] | None = None

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
            self.draw_again()
        return True

    def set_language(self, lang: str) -> None:
        """The label's language from the next frame on."""
        self._lang = lang

    def set_look(self, look: Look) -> None:
        """Another outfit and studio from the next frame on; the host goes on moving as it did."""
        self._look, self._drawn = look, None
        self._figure = FigureArtist(look)
        self._backdrops.clear()

    @property
    def is_settled(self) -> bool:
        """Whether both arms have arrived where they were going."""
        return self._drawn is not None and self._drawn[1].left.held and self._drawn[1].right.held

    def draw_again(self) -> None:
        """The next `draw` draws the whole picture."""
        self._drawn = None

    def draw(self, moment: Moment) -> tuple[Area, ...]:
        """Draw the frame into `pixels`; what changed since the last one, at most six areas, empty for nothing."""
        shot = self._camera.choose(moment)
        if moment.now is not None and moment.now.product_id is not None:
            self._product = moment.now.product_id
        question = moment.now.question if moment.now is not None else None
        scene = (shot, self._product, question, self._lang)
        framing = camera.FRAMINGS[(self._format, shot)]
        at = place(framing, self._options.width, self._options.height)
        figure = placed(self._actor.pose(moment, framing.product_at), at)
        areas = self._changed(scene, figure, at)
        if areas:
            self._draw_areas(areas, scene, figure, at)
        self._drawn = (scene, figure)
        return areas

    def _changed(self, scene: _Scene, figure: Placed, at: Placement) -> tuple[Area, ...]:
        if self._drawn is None:
            return (Area(0, 0, at.width, at.height),)
        before, old = self._drawn
        if before == scene:
            return changed(old, figure, at)
        if before[:2] != scene[:2] or before[3] != scene[3]:
            return (Area(0, 0, at.width, at.height),)
        card = at.area(self._question_box(at))
        return (*changed(old, figure, at), *([card] if card is not None else []))

    def _draw_areas(self, areas: tuple[Area, ...], scene: _Scene, figure: Placed, at: Placement) -> None:
        """Everything that is in them, from the back to the front; nothing outside."""

        def meets(box: Box) -> bool:
            return any(area.meets(box) for area in areas)

        backdrop, desk = self._backdrop(scene, at)
        canvas, artist = self._surface.getCanvas(), self._figure
        region = skia.Region()
        for area in areas:
            region.op(skia.IRect.MakeXYWH(*area), skia.Region.kUnion_Op)
        canvas.save()
        canvas.clipRegion(region)
        canvas.drawImage(backdrop, 0, 0)
        head = meets(head_box(figure, at))
        if head:
            canvas.setMatrix(at.figure(*figure.head))
            artist.head.draw_back(canvas, figure.tilt)
        if meets(torso_box(figure, at)):
            canvas.setMatrix(at.figure(y=figure.torso_y))
            artist.torso.draw(canvas)
        if head:
            canvas.setMatrix(at.figure(*figure.head))
            artist.head.draw(canvas, figure.face, figure.tilt)
        canvas.resetMatrix()
        canvas.drawImage(desk, 0, at.desk_line)
        canvas.setMatrix(at.figure())
        for side, arm in ((-1, figure.left), (1, figure.right)):
            if meets(at.pixels(arm_box(arm, side))):
                artist.arms.draw(canvas, arm, side)
        canvas.setMatrix(at.layout())
        self._draw_writing(canvas, at, scene[2], meets)
        canvas.restore()

    def _backdrop(self, scene: _Scene, at: Placement) -> tuple[Any, Any]:
        key = scene[:2]
        if key not in self._backdrops:
            picture = self._pictures.get(scene[1]) if scene[1] is not None else None
            back = surface(at.width, at.height, opaque=True)
            back.getCanvas().concat(at.layout())
            scenery.draw_backdrop(back.getCanvas(), self._look, at.framing, picture)
            desk = surface(at.width, max(at.height - at.desk_line, 1), opaque=True)
            desk.getCanvas().translate(0, -at.desk_line)
            desk.getCanvas().concat(at.layout())
            scenery.draw_desk(desk.getCanvas(), self._look, at.framing)
            self._backdrops[key] = (back.makeImageSnapshot(), desk.makeImageSnapshot())
            while len(self._backdrops) > _KEPT_BACKDROPS:
                self._backdrops.popitem(last=False)
        self._backdrops.move_to_end(key)
        return self._backdrops[key]

    def _draw_writing(self, canvas: Any, at: Placement, question: str | None, meets: Callable[[Box], bool]) -> None:
        x, y = self._label_at(at)
        size = at.framing.label_size
        if meets(_pixels(at, (x, y, 30 * size, 2 * size))):
            lettering.draw_label(canvas, self._lang, (x, y), size, self._look.accent)
        if question and meets(self._question_box(at)):
            box = self._question_rect(at)
            lettering.draw_question(canvas, question, self._lang, box, min(size, 24), self._look.accent)

    @staticmethod
    def _label_at(at: Placement) -> tuple[float, float]:
        # Never outside the picture, however it is cut.
        label = at.framing.label
        return max(label[0], -at.left / at.share + 12), max(label[1], -at.top / at.share + 12)

    def _question_rect(self, at: Placement) -> camera.Rect:
        x, y = self._label_at(at)
        left, top, width, height = at.framing.question
        return max(left, x), max(top, y + 50), width, height

    def _question_box(self, at: Placement) -> Box:
        return _pixels(at, self._question_rect(at))


def _pixels(at: Placement, rect: camera.Rect) -> Box:
    """A rectangle of the layout in pixels."""
    x, y, width, height = rect
    left, top = at.left + at.share * x, at.top + at.share * y
    return left, top, left + at.share * width, top + at.share * height
