/**
 * How large a face is in metres. A human iris is 11.7 mm wide within about 4 % (Rüfer, Schröder, Erb, "White-to-white
 * corneal diameter", Cornea 2005), so its size in the picture gives the scale. It is only a dozen pixels wide, so one
 * frame is a poor ruler; the distance between the outer corners of the eyes does not change, so it is measured once
 * over many frames, and that is the ruler from then on.
 */

import { type FramePoints, IRIS, POINT } from "./landmarks.ts";
import { length, minus, type Vec } from "./vectors.ts";

export const IRIS_M = 0.0117;
/** Adults' distance between the outer corners of the eyes lies well within. */
const SPAN_RANGE_M = [0.072, 0.108] as const;
const TYPICAL_SPAN_M = 0.088;
/**
 * An iris in a selfie is about 15 pixels wide and found within a pixel, and people's irises differ by 4 %, so a face
 * measured by it alone is wrong by 5 to 6 %. Adults' eye spans differ by about as much, so both have a say.
 */
const IRIS_SHARE = 0.6;
/** Frames that are remembered. */
const KEPT = 90;
/** An iris smaller than this says nothing. */
const SMALLEST_IRIS_PX = 5;
/** Turned away farther than this, the iris is an ellipse at the edge of a ball: not measured. */
const MOST_TURN = Math.cos((25 * Math.PI) / 180);

/** Diameter of the irises in pixels: the mean over both eyes of their width and height, as MediaPipe's own depth uses it. */
export function irisPx(points: FramePoints): number {
  const across = ([, right, up, left, down]: readonly number[]): number => {
    const flat = (i: number): Vec => {
      const [x, y] = points.at(i);
      return [x, y, 0];
    };
    const wide = length(minus(flat(right as number), flat(left as number)));
    const high = length(minus(flat(up as number), flat(down as number)));
    return (wide + high) / 2;
  };
  return (across(IRIS.left) + across(IRIS.right)) / 2;
}

/** Distance between the outer corners of the eyes in pixels, as if the face looked straight at us. */
export function eyeSpanPx(points: FramePoints): number {
  return length(minus(points.at(POINT.eyeOuterLeft), points.at(POINT.eyeOuterRight)));
}

export class FaceScale {
  readonly #ratios: number[] = [];

  /** Real distance between the outer corners of the eyes, as known so far. */
  get eyeSpanM(): number {
    if (this.#ratios.length === 0) return TYPICAL_SPAN_M;
    const sorted = this.#ratios.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] as number;
    const measured = Math.min(SPAN_RANGE_M[1], Math.max(SPAN_RANGE_M[0], median * IRIS_M));
    return measured * IRIS_SHARE + TYPICAL_SPAN_M * (1 - IRIS_SHARE);
  }

  /** Learns from a frame, when the face looks at us and is near enough. */
  see(points: FramePoints): void {
    const iris = irisPx(points);
    const span = eyeSpanPx(points);
    const right = points.at(POINT.eyeOuterRight);
    const left = points.at(POINT.eyeOuterLeft);
    const seen = Math.hypot(left[0] - right[0], left[1] - right[1]);
    if (iris < SMALLEST_IRIS_PX || seen < span * MOST_TURN) return;
    this.#ratios.push(span / iris);
    if (this.#ratios.length > KEPT) this.#ratios.shift();
  }

  /** Metres that one pixel is wide, at the face. */
  metresPerPx(points: FramePoints): number {
    return this.eyeSpanM / Math.max(1, eyeSpanPx(points));
  }

  /** Another person may be in front of the camera. */
  reset(): void {
    this.#ratios.length = 0;
  }
}
