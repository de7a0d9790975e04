/**
 * From landmarks in pixels to a face in space: metres, in the camera's coordinates as three.js has them (x right, y up,
 * looking along -z), and the head's axes: x to the wearer's left, y up, z out of the face.
 */

import { type FramePoints, POINT } from "./landmarks.ts";
import { add, cross, dot, middle, minus, times, unit, type Vec } from "./vectors.ts";

/**
 * Focal length over the picture's longer side. Selfie cameras of phones and laptops see 60 to 70 degrees along it; the
 * assumption only bends the perspective a little, sizes come from the iris.
 */
const FOCAL_PER_SIDE = 0.8;

export function focalPx(widthPx: number, heightPx: number): number {
  return FOCAL_PER_SIDE * Math.max(widthPx, heightPx);
}

/** Vertical field of view in degrees, for a camera in three. */
export function verticalFov(widthPx: number, heightPx: number): number {
  return (2 * Math.atan(heightPx / 2 / focalPx(widthPx, heightPx)) * 180) / Math.PI;
}

export interface FaceInSpace {
  /** x, y, z triples in metres, one for each landmark. */
  positions: Float64Array;
  /** The head's axes. */
  x: Vec;
  y: Vec;
  z: Vec;
}

/** Puts the landmarks into space. `metresPerPx` is the scale at the face (`FaceScale`). */
export function faceInSpace(points: FramePoints, metresPerPx: number): FaceInSpace {
  const { widthPx, heightPx, count } = points;
  const focal = focalPx(widthPx, heightPx);
  const distance = focal * metresPerPx;
  // depth is relative to the middle of the head; the scale holds at the eyes
  const eyes = (points.at(POINT.eyeOuterLeft)[2] + points.at(POINT.eyeOuterRight)[2]) / 2;
  const positions = new Float64Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    const [x, y, z] = points.at(i);
    const depth = distance + (z - eyes) * metresPerPx;
    positions[i * 3] = ((x - widthPx / 2) * depth) / focal;
    positions[i * 3 + 1] = (-(y - heightPx / 2) * depth) / focal;
    positions[i * 3 + 2] = -depth;
  }
  return { positions, ...headAxes((index) => pointAt(positions, index)) };
}

export function pointAt(positions: Float64Array, index: number): Vec {
  return [positions[index * 3] ?? 0, positions[index * 3 + 1] ?? 0, positions[index * 3 + 2] ?? 0];
}

/** Pairs whose line runs across the face; several, as one pair alone trembles. */
const ACROSS = [
  [POINT.earLeft, POINT.earRight],
  [POINT.eyeOuterLeft, POINT.eyeOuterRight],
  [POINT.templeLeft, POINT.templeRight],
] as const;

/** In a head held straight, the points before the ears lie so far below the bridge, seen from it (MediaPipe's model). */
const EARS_BELOW = (7 * Math.PI) / 180;

/**
 * The head's axes. Across: three pairs. Nodding: the mean of what the line from chin to forehead says and what the
 * line from the ears to the bridge says; the first alone reads 10 degrees too low on faces seen from the front.
 */
export function headAxes(at: (index: number) => Vec): { x: Vec; y: Vec; z: Vec } {
  const x = unit(
    ACROSS.map(([left, right]) => unit(minus(at(left), at(right)))).reduce((sum, each) => add(sum, each)),
  );
  const up = minus(at(POINT.foreheadTop), at(POINT.chin));
  const byForehead = cross(x, unit(across(up, x)));
  const fromEars = minus(at(POINT.noseBridge), middle(at(POINT.templeLeft), at(POINT.templeRight)));
  const raised = unit(across(fromEars, x));
  const byEars = add(times(raised, Math.cos(EARS_BELOW)), times(cross(raised, x), -Math.sin(EARS_BELOW)));
  const z = unit(add(byForehead, byEars));
  return { x, y: cross(z, x), z };
}

/** The part of a vector that is perpendicular to a unit vector. */
export function across(vector: Vec, axis: Vec): Vec {
  return minus(vector, times(axis, dot(vector, axis)));
}

/** Turn of the head to its left, in degrees; 0 looks at the camera. */
export function yawDegrees({ z }: Pick<FaceInSpace, "z">): number {
  return (Math.atan2(z[0], z[2]) * 180) / Math.PI;
}
