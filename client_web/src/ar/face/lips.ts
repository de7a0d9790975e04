/**
 * The lips as a ring of triangles: from the outer contour to the inner one, rounded, with a soft edge on both sides.
 * All in the coordinates of the landmarks; the third dimension is left out.
 */

import type { FramePoints } from "./landmarks.ts";

/** Contours from the right corner of the mouth over the lower lip to the left corner and back over the upper lip. */
export const OUTER_LIP = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
] as const;
export const INNER_LIP = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
] as const;

/** Points put between two landmarks, so that the contour is a curve. */
const BETWEEN = 3;
/** Places from the outer contour (0) to the inner one (1), and how much colour there is. */
const RINGS: readonly (readonly [at: number, coverage: number])[] = [
  [-0.1, 0],
  [0.02, 0.55],
  [0.16, 1],
  [0.5, 1],
  [0.88, 1],
  [1.04, 0],
];

export interface LipRing {
  /** x, y in pixels of the frame. */
  positions: Float32Array;
  /** Colour's share at each point, 0 to 1. */
  coverage: Float32Array;
  /** From the outer contour (0) to the inner one (1), where a shine lies. */
  across: Float32Array;
  indices: Uint16Array;
}

export type Point2 = readonly [number, number];

/** A closed curve through the points (Catmull and Rom), with `between` points added after each. */
export function rounded(points: readonly Point2[], between: number): Point2[] {
  const count = points.length;
  const at = (index: number): Point2 => points[(index + count) % count] as Point2;
  const curve: Point2[] = [];
  for (let i = 0; i < count; i += 1) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step <= between; step += 1) {
      const t = step / (between + 1);
      const mix = (axis: 0 | 1): number => {
        const [p, q, r, s] = [a[axis], b[axis], c[axis], d[axis]];
        return (
          0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t ** 3)
        );
      };
      curve.push([mix(0), mix(1)]);
    }
  }
  return curve;
}

/** The ring for one frame. Its shape is always the same, so its buffers can be filled again. */
export function lipRing(points: FramePoints): LipRing {
  const contour = (indices: readonly number[]): Point2[] =>
    rounded(
      indices.map((index) => {
        const [x, y] = points.at(index);
        return [x, y] as const;
      }),
      BETWEEN,
    );
  const outer = contour(OUTER_LIP);
  const inner = contour(INNER_LIP);
  const around = outer.length;
  const positions = new Float32Array(RINGS.length * around * 2);
  const coverage = new Float32Array(RINGS.length * around);
  const across = new Float32Array(RINGS.length * around);
  RINGS.forEach(([at, share], ring) => {
    for (let i = 0; i < around; i += 1) {
      const from = outer[i] as Point2;
      const to = inner[i] as Point2;
      const index = ring * around + i;
      positions[index * 2] = from[0] + (to[0] - from[0]) * at;
      positions[index * 2 + 1] = from[1] + (to[1] - from[1]) * at;
      coverage[index] = share;
      across[index] = at;
    }
  });
  return { positions, coverage, across, indices: ringIndices(around) };
}

/** Two triangles for each step around, between each two rings. */
function ringIndices(around: number): Uint16Array {
  const indices: number[] = [];
  for (let ring = 0; ring + 1 < RINGS.length; ring += 1) {
    for (let i = 0; i < around; i += 1) {
      const next = (i + 1) % around;
      const [a, b] = [ring * around + i, ring * around + next];
      indices.push(a, b, a + around, b, b + around, a + around);
    }
  }
  return Uint16Array.from(indices);
}
