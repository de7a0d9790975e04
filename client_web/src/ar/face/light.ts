/**
 * What the camera's picture says about the light: how bright, of which colour, and from which side it falls on the
 * face. Read from a small copy of the frame, at places of bare skin.
 */

import { type FramePoints, POINT } from "./landmarks.ts";

/** A small RGBA picture, as `getImageData` gives it. */
export interface SmallPicture {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

export interface Light {
  /** Mean brightness of the face, 0 to 1. */
  level: number;
  /** Colour of the light with its brightest part at 1. */
  colour: readonly [number, number, number];
  /** From the picture's left (-1) to its right (1), and from below (-1) to above (1): where more light comes from. */
  fromSide: number;
  fromAbove: number;
  /** Mean brightness of the lips, 0 to 1: the ground that a lipstick's texture is measured against. */
  lips: number;
}

export const NEUTRAL: Light = { level: 0.6, colour: [1, 1, 1], fromSide: 0, fromAbove: 0.3, lips: 0.4 };

/** Skin is warm: a face in neutral light is about so much redder and less blue than grey. */
const SKIN = [1.18, 0.98, 0.84] as const;
const LIP_POINTS = [17, 84, 314, 0, 37, 267, 91, 321] as const;
/** Share of the new estimate in the kept one: light changes slowly, pictures tremble. */
const SHARE = 0.12;

/** Reads the light at a face. `points` are in pixels of the full frame. */
export function lightOn(points: FramePoints, picture: SmallPicture): Light {
  const read = (index: number): readonly [number, number, number] => {
    const [x, y] = points.at(index);
    return sample(picture, x / points.widthPx, y / points.heightPx);
  };
  const [left, right, above, below] = [
    read(POINT.cheekLeft),
    read(POINT.cheekRight),
    read(151),
    read(199),
  ].map(brightness) as [number, number, number, number];
  const skin = [POINT.cheekLeft, POINT.cheekRight, 151, 199, 4].map(read);
  const mean = [0, 1, 2].map(
    (channel) => skin.reduce((sum, colour) => sum + (colour[channel] ?? 0), 0) / skin.length,
  );
  const light = mean.map((value, channel) => value / (SKIN[channel] ?? 1));
  const most = Math.max(...light, 0.01);
  const lips = LIP_POINTS.map(read).map(brightness);
  return {
    level: (left + right + above + below) / 4,
    colour: [
      softened((light[0] ?? 0) / most),
      softened((light[1] ?? 0) / most),
      softened((light[2] ?? 0) / most),
    ],
    fromSide: contrast(left, right),
    fromAbove: contrast(above, below),
    lips: Math.max(0.05, lips.reduce((sum, value) => sum + value, 0) / lips.length),
  };
}

/** Follows an estimate calmly. */
export function followed(before: Light | null, now: Light): Light {
  if (before === null) return now;
  const mix = (a: number, b: number): number => a + (b - a) * SHARE;
  return {
    level: mix(before.level, now.level),
    colour: [
      mix(before.colour[0], now.colour[0]),
      mix(before.colour[1], now.colour[1]),
      mix(before.colour[2], now.colour[2]),
    ],
    fromSide: mix(before.fromSide, now.fromSide),
    fromAbove: mix(before.fromAbove, now.fromAbove),
    lips: mix(before.lips, now.lips),
  };
}

export function brightness([r, g, b]: readonly [number, number, number]): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** The mean of 3 by 3 pixels around a place given from 0 to 1; each part from 0 to 1. */
function sample({ data, width, height }: SmallPicture, x: number, y: number): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  const [cx, cy] = [Math.round(x * width), Math.round(y * height)];
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -1; dx <= 1; dx += 1) {
      const px = Math.min(width - 1, Math.max(0, cx + dx));
      const py = Math.min(height - 1, Math.max(0, cy + dy));
      for (let channel = 0; channel < 3; channel += 1) {
        sum[channel as 0 | 1 | 2] += (data[(py * width + px) * 4 + channel] ?? 0) / 255 / 9;
      }
    }
  }
  return sum;
}

/** A tint of the light is stronger on skin than on things. */
const softened = (value: number): number => 0.5 + value / 2;

const contrast = (a: number, b: number): number => (a - b) / Math.max(0.05, a + b);
