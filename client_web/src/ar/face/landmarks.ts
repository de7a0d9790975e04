/** Names for the points of MediaPipe's face mesh that we use. Left and right are the wearer's. */

import type { Vec } from "./vectors.ts";

/** 468 points of the mesh and 5 of each iris. */
export const LANDMARKS = 478;
export const MESH_LANDMARKS = 468;

export const POINT = {
  foreheadTop: 10,
  chin: 152,
  /** Between the eyes, where a bridge rests. */
  noseBridge: 168,
  noseTip: 1,
  eyeOuterLeft: 263,
  eyeOuterRight: 33,
  /** In front of the ear, at its upper root. */
  templeLeft: 356,
  templeRight: 127,
  /** In front of the ear's opening: the widest place of the mesh. */
  earLeft: 454,
  earRight: 234,
  /** Under the ear lobe, where the jaw begins. */
  lobeLeft: 361,
  lobeRight: 132,
  cheekLeft: 425,
  cheekRight: 205,
} as const;

/** Centre, then four points of the rim: towards one side, up, the other side, down. */
export const IRIS = { right: [468, 469, 470, 471, 472], left: [473, 474, 475, 476, 477] } as const;

/**
 * Landmarks of one frame as x, y, z triples in pixels of the frame: x to the right, y down, z away from the camera in
 * about the scale of x, as MediaPipe gives it.
 */
export class FramePoints {
  readonly values: Float64Array;
  readonly widthPx: number;
  readonly heightPx: number;

  constructor(values: Float64Array, widthPx: number, heightPx: number) {
    this.values = values;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
  }

  /** From MediaPipe's values, which run from 0 to 1 over the picture. */
  static of(
    landmarks: readonly { x: number; y: number; z: number }[],
    widthPx: number,
    heightPx: number,
  ): FramePoints {
    const values = new Float64Array(landmarks.length * 3);
    landmarks.forEach(({ x, y, z }, index) => {
      values.set([x * widthPx, y * heightPx, z * widthPx], index * 3);
    });
    return new FramePoints(values, widthPx, heightPx);
  }

  get count(): number {
    return this.values.length / 3;
  }

  at(index: number): Vec {
    const { values } = this;
    return [values[index * 3] ?? 0, values[index * 3 + 1] ?? 0, values[index * 3 + 2] ?? 0];
  }

  /** The same picture with other values. */
  with(values: Float64Array): FramePoints {
    return new FramePoints(values, this.widthPx, this.heightPx);
  }
}
