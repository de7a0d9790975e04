/** A face of known size and turn, seen by a camera of known focal length: what landmarks should be. */

import { FramePoints, IRIS, LANDMARKS, POINT } from "../../src/ar/face/landmarks.ts";
import { focalPx } from "../../src/ar/face/pose.ts";
import type { Vec } from "../../src/ar/face/vectors.ts";

export const WIDTH = 640;
export const HEIGHT = 480;

/** In metres from between the eyes: x to the wearer's left, y up, z forward. */
const HEAD: Record<number, Vec> = {
  [POINT.noseBridge]: [0, 0, 0.012],
  [POINT.noseTip]: [0, -0.042, 0.03],
  [POINT.foreheadTop]: [0, 0.055, 0.0],
  [POINT.chin]: [0, -0.115, 0.0],
  [POINT.eyeOuterLeft]: [0.044, 0, -0.006],
  [POINT.eyeOuterRight]: [-0.044, 0, -0.006],
  [POINT.templeLeft]: [0.07, -0.0086, -0.058],
  [POINT.templeRight]: [-0.07, -0.0086, -0.058],
  [POINT.earLeft]: [0.07, -0.02, -0.06],
  [POINT.earRight]: [-0.07, -0.02, -0.06],
  [POINT.lobeLeft]: [0.065, -0.06, -0.045],
  [POINT.lobeRight]: [-0.065, -0.06, -0.045],
};
const IRIS_RADIUS_M = 0.0117 / 2;
const PUPIL_M = 0.0315;

export interface Seen {
  distanceM?: number;
  /** To the wearer's left, in degrees. */
  yaw?: number;
  /** Downwards, in degrees. */
  nod?: number;
}

/** The landmarks of a head in front of the camera, as the weak perspective of MediaPipe gives them. */
export function seenFace({ distanceM = 0.5, yaw = 0, nod = 0 }: Seen = {}): FramePoints {
  const values = new Float64Array(LANDMARKS * 3);
  const px = focalPx(WIDTH, HEIGHT) / distanceM;
  const [a, b] = [(yaw * Math.PI) / 180, (nod * Math.PI) / 180];
  const turned = ([x, y, z]: Vec): Vec => {
    const [y1, z1] = [y * Math.cos(b) - z * Math.sin(b), y * Math.sin(b) + z * Math.cos(b)];
    return [x * Math.cos(a) + z1 * Math.sin(a), y1, -x * Math.sin(a) + z1 * Math.cos(a)];
  };
  const put = (index: number, place: Vec): void => {
    const [x, y, z] = turned(place);
    values.set([WIDTH / 2 + x * px, HEIGHT / 2 - y * px, -z * px], index * 3);
  };
  for (let i = 0; i < LANDMARKS; i += 1) put(i, [0, 0, 0]);
  for (const [index, place] of Object.entries(HEAD)) put(Number(index), place);
  for (const [side, indices] of [
    [PUPIL_M, IRIS.left],
    [-PUPIL_M, IRIS.right],
  ] as const) {
    const [centre, right, up, left, down] = indices;
    put(centre, [side, 0, 0]);
    put(right, [side + IRIS_RADIUS_M, 0, 0]);
    put(left, [side - IRIS_RADIUS_M, 0, 0]);
    put(up, [side, IRIS_RADIUS_M, 0]);
    put(down, [side, -IRIS_RADIUS_M, 0]);
  }
  return new FramePoints(values, WIDTH, HEIGHT);
}
