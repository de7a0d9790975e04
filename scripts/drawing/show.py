"""The demo host's film, frame by frame: a puppet play with the parts from `sprites`, 48 seconds, no seam.

Every movement is a function of time that has the same value and speed at the end as at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from scripts.drawing import sprites
from scripts.drawing.film import HEIGHT, RATE_FPS, WIDTH
from scripts.drawing.music import DURATION_S
from scripts.drawing.sprites import GOODS, MARGIN, PIXELS_PER_CM, SPRITE_PIXELS_PER_CM, YAWS, Sprite

FRAMES = int(DURATION_S * RATE_FPS)
SLOT_S = DURATION_S / len(GOODS)
"""How long each product stands on the plinth."""
CHIN = (262.0, 508.0)
"""Where the host's chin is when nobody moves, in frame pixels."""
PLINTH = (553.0, 806.0)
_SMOOTH = skia.SamplingOptions(skia.CubicResampler.Mitchell())
_SPRITE = PIXELS_PER_CM / SPRITE_PIXELS_PER_CM


def ease(t: float, start: float, end: float) -> float:
    """0 before ``start``, 1 after ``end``, smooth between."""
    x = min(max((t - start) / (end - start), 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)


def held(t: float, start: float, end: float, ramp: float = 0.6) -> float:
    """Up, stay, and down again."""
    return ease(t, start, start + ramp) * (1 - ease(t, end - ramp, end))


def wave(t: float, times: int, phase: float = 0.0) -> float:
    """A sine that runs ``times`` through the film."""
    return float(np.sin(2 * np.pi * (times * t / DURATION_S + phase)))


@dataclass(frozen=True)
class Pose:
    """How the host stands at one moment; angles in degrees, right is the viewer's right."""

    look: float
    tilt: float
    nod: float
    laugh: float
    blink: float
    sway: float
    breath: float
    right: tuple[float, float]
    """Upper arm and forearm from hanging straight down, outward positive."""
    left: tuple[float, float]


def _blinks() -> list[float]:
    random = np.random.default_rng(4)
    times, at = [], 1.1
    while at < DURATION_S - 1:
        times.append(at)
        at += float(random.uniform(2.2, 4.6))
    return times


_BLINKS = _blinks()


def pose(at: float) -> Pose:
    """The host at a second of the film."""
    slot, t = int(at // SLOT_S), at % SLOT_S
    look = 19 * held(t, 0.15, 2.7, 0.55) - 7 * held(t, 4.5, 5.7, 0.5) * (slot % 2)
    laugh = held(t, 2.5, 4.7, 0.35) if slot % 2 == 0 else held(t, 1.0, 2.2, 0.3) + held(t, 4.4, 5.5, 0.3)
    present = held(t, 0.45, 2.9, 0.6)
    welcome = held(t, 3.2, 5.3, 0.65)
    both = welcome if slot % 3 != 1 else 0.0
    hello = welcome if slot % 3 == 1 else 0.0
    shake = float(np.sin(2 * np.pi * 1.5 * (t - 3.2))) * hello
    beat = float(np.sin(2 * np.pi * t / 1.5)) * (0.4 + 0.6 * max(present, welcome))
    blink = max((held(at, b, b + 0.2, 0.07) for b in _BLINKS), default=0.0)
    return Pose(
        look=look + 2.5 * wave(at, 5),
        tilt=2.2 * wave(at, 8, 0.1) + 3.5 * held(t, 0.3, 2.6) - 4.0 * welcome * (1 if slot % 2 else -0.6),
        nod=3.0 * max(0.0, float(np.sin(2 * np.pi * (t - 2.9) / 0.8))) * held(t, 2.9, 4.5, 0.3) + 1.2 * wave(at, 16),
        laugh=min(laugh, 1.0),
        blink=blink,
        sway=5.0 * wave(at, 8) + 6.0 * present - 3.0 * hello,
        breath=wave(at, 12),
        right=(4 - 10 * present + 4 * both + 2 * beat * present, -6 + 143 * present - 98 * both + 5 * beat * present),
        left=(4 + 4 * both + 2 * hello, -6 - 91 * both + 180 * hello - 3 * beat * both + 9 * shake),
    )


@dataclass
class Theatre:
    """All parts as Skia images, ready to draw frames."""

    heads: dict[tuple[str, float], tuple[skia.Image, tuple[float, float]]]
    body: dict[str, tuple[skia.Image, tuple[float, float]]]
    goods: dict[str, tuple[skia.Image, Sprite]]
    back: skia.Image
    front: skia.Image
    sign: Callable[[skia.Canvas], None] = field(default=lambda _: None)

    def draw(self, number: int) -> NDArray[np.uint8]:
        """One frame as RGB."""
        at = number / RATE_FPS
        surface = skia.Surface(WIDTH, HEIGHT)
        canvas = surface.getCanvas()
        closer = 1 + 0.042 * (0.5 - 0.5 * float(np.cos(2 * np.pi * at / (DURATION_S / 2))))
        drift = (9.0 * wave(at, 2, 0.13), 4.0 * wave(at, 1))
        self._layer(canvas, closer, drift, 0.45)
        canvas.drawImage(self.back, -MARGIN[0], -MARGIN[1], _SMOOTH)
        self.sign(canvas)
        self._shade(canvas, CHIN[0] + 26, CHIN[1] + 60, 200, 330, 0.20, 60)
        canvas.restore()
        self._layer(canvas, closer, drift, 0.8)
        self._host(canvas, pose(at))
        canvas.restore()
        self._layer(canvas, closer, drift, 1.0)
        canvas.drawImage(self.front, -MARGIN[0], -MARGIN[1], _SMOOTH)
        self._product(canvas, at)
        canvas.restore()
        self._finish(canvas)
        return np.ascontiguousarray(surface.toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3])

    def _layer(self, canvas: skia.Canvas, closer: float, drift: tuple[float, float], depth: float) -> None:
        canvas.save()
        zoom = 1 + (closer - 1) * (0.55 + 0.45 * depth)
        canvas.translate(WIDTH / 2 + drift[0] * depth, 600 + drift[1] * depth)
        canvas.scale(zoom, zoom)
        canvas.translate(-WIDTH / 2, -600)

    def _host(self, canvas: skia.Canvas, now: Pose) -> None:
        canvas.save()
        canvas.translate(CHIN[0] + now.sway, CHIN[1])
        lift = -1.6 * now.breath
        canvas.save()
        canvas.translate(0, 62)
        canvas.rotate(now.tilt)
        canvas.translate(now.sway * 0.25, -62 + now.nod + lift)
        self._head(canvas, now)
        canvas.restore()
        canvas.save()
        canvas.translate(0, 300)
        canvas.scale(1 + 0.004 * now.breath, 1 + 0.006 * now.breath)
        canvas.rotate(now.sway * 0.12)
        canvas.translate(0, -300)
        for angles, side in ((now.left, -1), (now.right, 1)):
            self._arm(canvas, angles, side, before=False)
        self._put(canvas, "torso")
        for angles, side in ((now.right, 1), (now.left, -1)):
            self._arm(canvas, angles, side, before=True)
        canvas.restore()
        canvas.restore()

    def _head(self, canvas: skia.Canvas, now: Pose) -> None:
        wanted = min(max(-now.look, YAWS[0]), YAWS[-1])
        place = (wanted - YAWS[0]) / (YAWS[1] - YAWS[0])
        low = min(int(place), len(YAWS) - 2)
        between = place - low
        faces = [("calm", 1.0), ("laugh", now.laugh)]
        if now.blink > 0.02:
            faces += [("blink", now.blink * (1 - now.laugh)), ("laugh-blink", now.blink * now.laugh)]
        for face, strength in faces:
            if strength <= 0.01:
                continue
            for yaw, share in ((YAWS[low], 1.0), (YAWS[low + 1], between)):
                if share * strength > 0.01:
                    image, origin = self.heads[face, yaw]
                    self._draw(
                        canvas,
                        image,
                        origin,
                        min(1.0, share * strength) if face == "calm" and share < 1 else share * strength,
                    )

    def _arm(self, canvas: skia.Canvas, angles: tuple[float, float], side: int, before: bool) -> None:
        """What of an arm is behind the body, or what is before it: a forearm that is folded in."""
        folded = angles[1] < -25
        if before and not folded:
            return
        canvas.save()
        canvas.scale(side, 1)
        canvas.translate(13.4 * PIXELS_PER_CM, 15.8 * PIXELS_PER_CM)
        canvas.save()
        canvas.rotate(-angles[0])
        canvas.translate(0, 20.0 * PIXELS_PER_CM)
        canvas.rotate(angles[0] - angles[1])
        if folded == before:
            self._put(canvas, "open" if angles[1] > 20 else "rest")
        canvas.restore()
        if not before:
            canvas.rotate(-angles[0])
            self._put(canvas, "upper")
        canvas.restore()

    def _put(self, canvas: skia.Canvas, name: str) -> None:
        image, origin = self.body[name]
        self._draw(canvas, image, origin, 1.0)

    def _draw(self, canvas: skia.Canvas, image: skia.Image, origin: tuple[float, float], alpha: float) -> None:
        canvas.save()
        canvas.scale(_SPRITE, _SPRITE)
        canvas.drawImage(image, -origin[0], -origin[1], _SMOOTH, skia.Paint(Alphaf=min(alpha, 1.0)))
        canvas.restore()

    def _product(self, canvas: skia.Canvas, at: float) -> None:
        slot, t = int(at // SLOT_S), at % SLOT_S
        for name, seen, shift in (
            (GOODS[slot - 1], 1 - ease(t, 0.0, 0.4), -14 * ease(t, 0.0, 0.4)),
            (GOODS[slot], ease(t, 0.35, 0.95), -46 * (1 - ease(t, 0.35, 1.0))),
        ):
            if seen <= 0.005:
                continue
            image, sprite = self.goods[name]
            rows, columns = np.nonzero(sprite.pixels[..., 3] > 40)
            wide, high = float(np.ptp(columns)), float(np.ptp(rows))
            size = min(226 / wide, 268 / high) * (0.94 + 0.06 * seen)
            self._shade(canvas, PLINTH[0] - 2, PLINTH[1] - 2, wide * size * 0.46, 13, 0.42 * seen, 8)
            canvas.save()
            canvas.translate(PLINTH[0], PLINTH[1] + 7 + shift)
            canvas.scale(size, size)
            canvas.drawImage(image, -sprite.origin[0], -sprite.origin[1], _SMOOTH, skia.Paint(Alphaf=seen))
            canvas.restore()

    @staticmethod
    def _shade(canvas: skia.Canvas, x: float, y: float, rx: float, ry: float, strength: float, blur: float) -> None:
        paint = skia.Paint(
            Color4f=skia.Color4f(0.16, 0.09, 0.05, strength),
            AntiAlias=True,
            MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur),
        )
        canvas.drawOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), paint)

    @staticmethod
    def _finish(canvas: skia.Canvas) -> None:
        """A little shade above and below, where the player writes."""
        for top, bottom, strength in ((0, 190, 0.22), (1280, 880, 0.26)):
            shader = skia.GradientShader.MakeLinear(
                [skia.Point(0, top), skia.Point(0, bottom)],
                [skia.Color4f(0.10, 0.07, 0.05, strength).toColor(), skia.Color4f(0.10, 0.07, 0.05, 0).toColor()],
            )
            canvas.drawRect(skia.Rect.MakeLTRB(0, min(top, bottom), WIDTH, max(top, bottom)), skia.Paint(Shader=shader))


def _image(pixels: NDArray[np.uint8]) -> skia.Image:
    if pixels.shape[2] == 3:
        pixels = np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], -1)
    return skia.Image.fromarray(np.ascontiguousarray(pixels), skia.kRGBA_8888_ColorType, copy=True)


def _lit(pixels: NDArray[np.uint8], gain: float) -> NDArray[np.uint8]:
    """A layer made brighter and a little warmer."""
    colour = pixels[..., :3].astype(np.float32) / 255
    brighter = 1 - (1 - colour) ** (gain**2) * (1 - colour * (gain - 1))
    brighter *= np.array([1.0, 0.985, 0.96])
    return np.concatenate([np.clip(brighter * 255 + 0.5, 0, 255).astype(np.uint8), pixels[..., 3:]], -1)


def _sign(canvas: skia.Canvas) -> None:
    """The name on the wall, lit from behind."""
    font = skia.Font(skia.Typeface("URW Gothic", skia.FontStyle(600, 5, skia.FontStyle.kUpright_Slant)), 46)
    small = skia.Font(skia.Typeface("URW Gothic"), 19)
    for text, font_, y, gap, strength in (("VITRINE", font, 176, 12.0, 1.0), ("demo studio", small, 208, 3.0, 0.75)):
        widths = [font_.measureText(letter) + gap for letter in text]
        for blur, alpha in ((9.0, 0.35), (0.0, 1.0)):
            tint = skia.Color4f(1.0, 0.97, 0.9, alpha) if blur else skia.Color4f(0.45, 0.27, 0.18, alpha * strength)
            paint = skia.Paint(AntiAlias=True, Color4f=tint)
            if blur:
                paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
            x = CHIN[0] - (sum(widths) - gap) / 2
            for letter, wide in zip(text, widths, strict=True):
                canvas.drawString(letter, x, y, font_, paint)
                x += wide


def open_theatre(folder: Path) -> Theatre:
    """Load (or make) all parts."""
    back, front = sprites.stage(folder)
    return Theatre(
        heads={key: (_image(s.pixels), s.origin) for key, s in sprites.heads(folder).items()},
        body={key: (_image(s.pixels), s.origin) for key, s in sprites.body(folder).items()},
        goods={key: (_image(s.pixels), s) for key, s in sprites.goods(folder).items()},
        back=_image(_lit(back, 1.09)),
        front=_image(_lit(front, 1.16)),
        sign=_sign,
    )
