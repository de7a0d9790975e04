/**
 * What the figure does at a moment: speech moves the mouth, gestures the arms, and nobody ever stands still.
 *
 * Pure and without memory: the same show clock gives the same pose on every screen, also after a jump.
 */

import type { HostGesture } from "../../protocol/messages.ts";
import type { MouthMoment, PerformedMoment } from "../../protocol/performance.ts";

/** Turns about x, y, z in radians, of VRM's normalised bones. */
export type Turn = readonly [number, number, number];

export interface HostPose {
  mouth: MouthMoment;
  /** 0 open to 1 shut. */
  blink: number;
  smile: number;
  /** Where she looks, degrees to her left and up. */
  gaze: readonly [number, number];
  bones: Readonly<Record<string, Turn>>;
}

interface Arms {
  upper: Turn;
  lower: Turn;
  hand: Turn;
}

/** Her hands lie on the desk, one on the other. */
const REST: Arms = { upper: [-0.1, 0.1, 1.3], lower: [0, 1.25, 0.72], hand: [0.5, 0.1, 0.15] };
/** How long each lasts, as on the drawn stage; then the hands come back. */
const GESTURE_MS: Record<HostGesture, number> = {
  idle: 0,
  wave: 2600,
  point_product: 3400,
  count_down: 3600,
  think: 2400,
  celebrate: 2600,
  listen: 2600,
  nod: 1400,
};
const EASE_MS = 420;
const BLINK_MS = 240;

/** Her right arm (the viewer's left side); the other one is its mirror. */
function armOf(gesture: HostGesture, ms: number): Arms {
  const s = ms / 1000;
  switch (gesture) {
    case "wave":
      return {
        upper: [0, 0.25, 1.2],
        lower: [0, 0.3, -2.5 + 0.18 * Math.sin(9.4 * s)],
        hand: [1.2, 0, 0.16 * Math.sin(9.4 * s + 0.6)],
      };
    case "point_product":
      // towards the viewer, palm up: the card is below her
      return { upper: [0, 0.5, 1.12], lower: [0, 1.2, -0.5], hand: [1.9, 0, 0.15] };
    case "count_down":
      return { upper: [0, 0.3, 1.22], lower: [0, 0.4, -2.62 + 0.09 * Math.sin(7 * s)], hand: [1.2, 0, 0] };
    case "think":
      return { upper: [0, 0.3, 1.15], lower: [0, 2.7, 0.06], hand: [0, 0, 0] };
    case "celebrate":
      return {
        upper: [0, 0.25, 1.2],
        lower: [0, 0.3, -2.6 - 0.14 * Math.sin(7.5 * s)],
        hand: [1.2, 0, 0],
      };
    case "listen":
      return { upper: [0, 0.5, 1.0], lower: [0, 0.4, -2.72], hand: [0.9, 0, -0.25] };
    default:
      return REST;
  }
}

/** The share of a gesture, eased in and out. */
export function gestureShare(gesture: HostGesture, ms: number): number {
  const whole = GESTURE_MS[gesture];
  if (ms <= 0 || ms >= whole) return 0;
  return smooth(Math.min(ms, whole - ms) / EASE_MS);
}

/** Lids at a moment of the show: one blink in each stretch of about four seconds, at a place of its own. */
export function blinkAt(showMs: number): number {
  const stretch = Math.floor(showMs / 3900);
  const at = showMs - stretch * 3900 - 600 - chance(stretch) * 2700;
  if (at < 0 || at > BLINK_MS) return 0;
  return at < 90 ? at / 90 : at < 120 ? 1 : 1 - (at - 120) / 120;
}

export function poseAt(showMs: number, performed: PerformedMoment): HostPose {
  const { gesture, gestureMs, mouth, isSpeaking } = performed;
  const s = showMs / 1000;
  const share = gestureShare(gesture, gestureMs);
  const loud = isSpeaking ? 1 : 0;
  const breath = Math.sin(2 * Math.PI * 0.23 * s);
  const sway = Math.sin(2 * Math.PI * 0.083 * s) + 0.5 * Math.sin(2 * Math.PI * 0.191 * s + 1.3);
  const talk = loud * (Math.sin(2 * Math.PI * 0.9 * s) + 0.6 * Math.sin(2 * Math.PI * 0.53 * s + 1));
  const nod =
    gesture === "nod" ? 0.16 * share * Math.max(0, Math.sin((2 * Math.PI * 1.7 * gestureMs) / 1000)) : 0;
  const aim = aimOf(gesture, gestureMs, share, showMs);
  // hands that speak along, now and then
  const along = loud * smooth(Math.sin(2 * Math.PI * 0.21 * s) * 2 - 0.9) * (1 - share);
  const open: Arms = { upper: [0, 0.35, 1.2], lower: [0, 1.4, -0.35], hand: [1.6, 0.1, 0] };
  const active = mix(mix(REST, open, along), armOf(gesture, gestureMs), share);
  const other = mix(REST, armOf("celebrate", gestureMs + 90), gesture === "celebrate" ? share : 0);
  return {
    mouth,
    blink: blinkAt(showMs),
    smile:
      0.28 +
      0.5 * (gesture === "wave" || gesture === "celebrate" ? share : 0) -
      0.2 * (gesture === "think" ? share : 0),
    gaze: [aim[0] * 22, aim[1] * 14],
    bones: {
      hips: [0, 0.012 * sway, 0.006 * sway],
      spine: [0.008 * breath, 0.02 * sway, -0.008 * sway],
      chest: [-0.014 * breath, 0.02 * sway + 0.05 * aim[0], 0],
      neck: [0.4 * nod + 0.008 * talk, 0.12 * aim[0], 0.01 * sway],
      head: [
        nod + 0.018 * talk - 0.07 * aim[1],
        0.2 * aim[0] + 0.015 * sway,
        0.02 * sway + 0.014 * talk + aim[2],
      ],
      rightUpperArm: lifted(active.upper, breath),
      rightLowerArm: active.lower,
      rightHand: active.hand,
      leftUpperArm: mirrored(lifted(other.upper, breath)),
      leftLowerArm: mirrored(other.lower),
      leftHand: mirrored(other.hand),
    },
  };
}

/** To her left, up, and the head's tilt. */
function aimOf(
  gesture: HostGesture,
  ms: number,
  share: number,
  showMs: number,
): readonly [number, number, number] {
  if (gesture === "point_product") return [-0.9 * share * (ms < 1600 ? 1 : 0.3), -0.25 * share, 0.03 * share];
  if (gesture === "think") return [0.6 * share, 0.8 * share, 0.06 * share];
  if (gesture === "listen") return [0.3 * share, -0.45 * share, -0.1 * share];
  // mostly into the camera; sometimes down to the chat
  const stretch = Math.floor(showMs / 5200);
  const within = showMs - stretch * 5200;
  if (chance(stretch + 0.5) > 0.4 || within > 1100) return [0, 0, 0];
  const glance = smooth(Math.min(within, 1100 - within) / 160);
  return [0.3 * glance, -0.6 * glance, 0];
}

function mix(a: Arms, b: Arms, share: number): Arms {
  const turn = (x: Turn, y: Turn): Turn => [
    x[0] + (y[0] - x[0]) * share,
    x[1] + (y[1] - x[1]) * share,
    x[2] + (y[2] - x[2]) * share,
  ];
  return { upper: turn(a.upper, b.upper), lower: turn(a.lower, b.lower), hand: turn(a.hand, b.hand) };
}

function lifted([x, y, z]: Turn, breath: number): Turn {
  return [x, y, z - 0.012 * breath];
}

function mirrored([x, y, z]: Turn): Turn {
  return [x, -y, -z];
}

function smooth(share: number): number {
  const t = Math.min(1, Math.max(0, share));
  return t * t * (3 - 2 * t);
}

/** 0 to 1, the same for the same number on every device. */
function chance(seed: number): number {
  const value = Math.sin(seed * 127.1 + 311.7) * 43758.5453;
  return value - Math.floor(value);
}
