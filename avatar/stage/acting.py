"""What the host does at each moment: speech moves the mouth, beats move the hands, and nobody ever stands still.

Deterministic: a seed and the sequence of moments give the same picture again. State is bounded; she can idle for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, degrees, hypot, pi, sin
from random import Random

from avatar.model import Gesture
from avatar.performance import Moment, Spoken
from avatar.stage.arms import REST, SHOULDER, Arm
from avatar.stage.face import Face
from avatar.stage.figure import Pose
from avatar.stage.hands import CHIN, FIST, OFFER, ONE, OPEN, POINTING, THREE, TWO, HandPose, alike, blend
from avatar.stage.mouth import CLOSED, MouthShape, MouthTrack
from avatar.stage.pens import Point

_WAVE = Arm((198, 150), 8, OPEN)
_COUNT = Arm((192, 168), 4, THREE)
_THINK = Arm((52, 208), -26, CHIN, back=True)
_CHEER = Arm((206, 140), 14, OPEN)
_LISTEN = Arm((150, 112), -14, OFFER)
_OPEN_LOW = Arm((252, 392), 58, OFFER)

_GESTURE_S: dict[Gesture, float] = {
    "wave": 2.6,
    "point_product": 3.4,
    "count_down": 3.6,
    "think": 2.4,
    "celebrate": 2.6,
    "listen": 2.6,
    "nod": 1.4,
}
"""How long each lasts; then the hands come back."""
_ARRIVED = 1.5
"""Units and degrees; the rest of the way is one step of about a pixel."""


@dataclass
class _ArmState:
    """An arm on its way; eases towards its target like something with weight."""

    x: float
    y: float
    turn: float
    hand: HandPose
    back: bool = True

    def toward(self, target: Arm, share: float) -> None:
        self.x += (target.wrist[0] - self.x) * share
        self.y += (target.wrist[1] - self.y) * share
        self.turn += (target.turn - self.turn) * share
        self.hand = target.hand if alike(self.hand, target.hand) else blend(self.hand, target.hand, min(share * 1.4, 1))
        if abs(self.turn - target.turn) < 30:
            # The hand turns over while it moves, where nobody looks at its nails.
            self.back = target.back

    def is_at(self, target: Arm) -> bool:
        off = abs(self.x - target.wrist[0]) + abs(self.y - target.wrist[1]) + abs(self.turn - target.turn)
        return off < _ARRIVED

    def arm(self, target: Arm) -> Arm:
        if self.is_at(target):
            return target if target.held else replace(target, held=True)
        # In whole units: a move of less than a pixel is not one.
        return Arm((round(self.x), round(self.y)), round(self.turn), self.hand, self.back)


class Actor:
    """Turns moments into poses, one per frame and in order."""

    def __init__(self, fps: int, seed: int = 7, product_side: int = 1) -> None:
        """``product_side``: 1 when the product stands on the viewer's right."""
        self._fps = fps
        self._random = Random(seed)
        self._product: Point = (0.0, 0.0)
        self._side = product_side
        self._arms = [_ArmState(*REST.wrist, REST.turn, REST.hand) for _ in range(2)]
        self._blink_at = 1.5
        self._glance_at = 4.0
        self._glance: tuple[float, float] = (0.0, 0.0)
        self._gaze = [0.0, 0.0]
        self._smile = 0.6
        self._brow = 0.0
        self._tilt = 0.0
        self._turn = 0.0
        self._turning = False
        """Whether the head is on its way: to the product, to the chat, to one side."""
        self._nod = 0.0
        self._loud = 0.0
        self._track: tuple[Spoken, MouthTrack] | None = None
        self._carriage: tuple[tuple[float, float], float, float] = ((0.0, 0.0), 0.0, 0.0)

    def pose(self, moment: Moment, product: Point = (565.0, 109.0)) -> Pose:
        """The figure at this frame; ``product`` is where the middle of its picture is, in the figure's units."""
        self._product = product
        t, spoken = moment.at_s, moment.now
        gesture: Gesture = "idle"
        if spoken is not None and moment.since_s < _GESTURE_S.get(spoken.gesture, 0.0):
            gesture = spoken.gesture
        mouth = CLOSED
        if spoken is not None:
            if self._track is None or self._track[0] is not spoken:
                self._track = (spoken, MouthTrack(spoken.utterance.visemes, spoken.utterance.seconds))
            mouth = self._track[1].at(moment.since_s)
        else:
            self._track = None
        self._loud += ((mouth.open if spoken else 0.0) - self._loud) * 0.3
        left, right = self._act(gesture, moment)
        share = 1 - 0.001 ** (1 / (0.62 * self._fps))
        self._arms[0].toward(left, share)
        self._arms[1].toward(right, share)
        eyes = self._eyes(t)
        self._look_around(gesture, moment)
        self._mood(gesture, spoken)
        sway = 3.4 * sin(2 * pi * 0.083 * t) + 1.7 * sin(2 * pi * 0.191 * t + 1.3)
        talk = self._loud * sin(2 * pi * 0.9 * t) * 2.2
        nod = 4.5 * self._nod * max(sin(2 * pi * 1.7 * moment.since_s), 0.0)
        face = Face(
            mouth=mouth,
            smile=self._smile,
            eyes=eyes,
            gaze_x=self._gaze[0],
            gaze_y=self._gaze[1],
            brow=self._brow + 0.35 * self._loud,
            brow_tilt=0.8 if gesture == "think" else 0.0,
            turn=self._turn + 0.12 * sin(2 * pi * 0.067 * t),
        )
        every = 1 if self._fps <= 15 or self._nod > 0.05 else 2 if self._turning else 3
        if moment.frame % every == 0:
            # Swaying and breathing are slow: eight steps a second show no less of them, and a still head costs nothing.
            self._carriage = (
                (_round(sway * 0.8 + 4 * self._turn, 1), _round(nod + 2.2 * self._loud + talk * 0.5, 1)),
                _round(self._tilt + 0.23 * sway + talk * 0.35, 4),
                _round(1.8 * sin(2 * pi * 0.23 * t), 2),
            )
        head, tilt, breath = self._carriage
        return Pose(
            face=_settled(face),
            head=head,
            tilt=tilt,
            breath=breath,
            left=self._arms[0].arm(left),
            right=self._arms[1].arm(right),
        )

    def _act(self, gesture: Gesture, moment: Moment) -> tuple[Arm, Arm]:
        """Where the arms are to be: (viewer's left, viewer's right)."""
        s = moment.since_s
        near, far = REST, REST
        if gesture == "wave":
            near = replace(
                _WAVE, turn=_WAVE.turn + 17 * sin(2 * pi * 1.5 * s), wrist=(198 + 5 * sin(2 * pi * 1.5 * s), 150)
            )
        elif gesture == "point_product":
            near = _at_product(self._product, s)
        elif gesture == "count_down":
            near = replace(_COUNT, hand=(THREE, TWO, ONE, FIST)[min(int(s / 0.9), 3)])
        elif gesture == "think":
            near = _THINK
        elif gesture == "celebrate":
            lift = 9 * abs(sin(2 * pi * 1.2 * s))
            near = far = replace(_CHEER, wrist=(206, 140 - lift))
        elif gesture == "listen":
            near = _LISTEN
        elif moment.now is not None and moment.now.utterance.seconds - s > 0.6:
            # Hands that speak along: now and then one opens, in time with what is said.
            phase = (s * 0.21 + (moment.now.key % 5) * 0.13) % 1.0
            if 0.25 < phase < 0.55:
                near = replace(_OPEN_LOW, wrist=(252, 392 - 2 * round(4 * self._loud)))
            elif 0.72 < phase < 0.9:
                far = replace(_OPEN_LOW, wrist=(244, 404 - 2 * round(4 * self._loud)))
        return (far, near) if self._side > 0 else (near, far)

    def _eyes(self, t: float) -> float:
        if t >= self._blink_at:
            since = t - self._blink_at
            if since > 0.24:
                double = self._random.random() < 0.15
                self._blink_at = t + (0.25 if double else self._random.uniform(2.0, 5.2))
                return 1.0
            # Down in 80 ms, shut for 40, up in 120.
            return max(1 - since / 0.08, 0.0) if since < 0.1 else max((since - 0.12) / 0.12, 0.0)
        return 1.0

    def _look_around(self, gesture: Gesture, moment: Moment) -> None:
        t = moment.at_s
        if t >= self._glance_at:
            # Mostly into the camera; sometimes down to the chat, sometimes at the product.
            draw = self._random.random()
            self._glance = (0.0, 0.0) if draw < 0.62 else (-0.25, 0.6) if draw < 0.82 else (0.7 * self._side, 0.25)
            held = self._random.uniform(2.2, 5.0) if self._glance == (0.0, 0.0) else self._random.uniform(0.7, 1.4)
            self._glance_at = t + held
        aim, turn, tilt = self._glance, 0.25 * self._glance[0], 0.0
        if gesture == "point_product" and moment.since_s < 1.6:
            aim, turn, tilt = (0.85 * self._side, 0.3), 0.75 * self._side, 1.5 * self._side
        elif gesture == "think":
            aim, turn, tilt = (-0.6, -0.75), -0.4, -2.5
        elif gesture == "listen":
            aim, turn, tilt = (-0.3, 0.45), -0.3, 4.0 * self._side
        elif moment.now is not None and moment.now.question and moment.since_s < 1.0:
            aim, turn = (-0.35, 0.55), -0.2
        elif gesture in ("wave", "celebrate"):
            aim, turn, tilt = (0.0, 0.0), 0.0, 2.0
        for n in (0, 1):
            # Eyes jump, heads follow.
            self._gaze[n] += (aim[n] - self._gaze[n]) * 0.6
        self._turning = abs(turn - self._turn) > 0.1 or abs(tilt - self._tilt) > 0.4
        self._turn += (turn - self._turn) * 0.12
        self._tilt += (tilt - self._tilt) * 0.1
        self._nod += ((1.0 if gesture == "nod" else 0.0) - self._nod) * 0.3

    def _mood(self, gesture: Gesture, spoken: Spoken | None) -> None:
        smile = {"wave": 1.0, "celebrate": 1.0, "think": 0.2, "listen": 0.45}.get(gesture, 0.62 if spoken else 0.7)
        brow = {"wave": 0.5, "celebrate": 0.8, "listen": 0.45, "think": 0.2, "point_product": 0.4}.get(gesture, 0.0)
        self._smile += (smile - self._smile) * 0.12
        self._brow += (brow - self._brow) * 0.16


def _at_product(product: Point, since_s: float) -> Arm:
    """Point at the middle of the picture, then offer it with an open hand a little lower."""
    dx, dy = product[0] - SHOULDER[0], product[1] - SHOULDER[1]
    distance = max(hypot(dx, dy), 1.0)
    # Far enough out to be seen, never so far that the finger covers the picture.
    reach = min(max(distance - 270, 120.0), 150.0)
    offers = since_s >= 2.0
    wrist = (SHOULDER[0] + dx / distance * reach, SHOULDER[1] + dy / distance * reach + (42 if offers else 0))
    turn = degrees(atan2(product[0] - wrist[0], wrist[1] - product[1]))
    return Arm(wrist, turn, OFFER if offers else POINTING, back=not offers)


def _round(value: float, steps: int) -> float:
    """In steps: smaller moves cannot be seen, and what does not move need not be drawn again."""
    return round(value * steps) / steps


def _settled(face: Face) -> Face:
    return face._replace(
        mouth=MouthShape(*(_round(value, 100) for value in face.mouth)),
        smile=_round(face.smile, 50),
        eyes=_round(face.eyes, 8),
        gaze_x=_round(face.gaze_x, 20),
        gaze_y=_round(face.gaze_y, 20),
        brow=_round(face.brow, 12),
        turn=_round(face.turn, 8),
    )
