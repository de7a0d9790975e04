/**
 * A blurred, darkened copy of a video to lie behind it where it does not fill the screen.
 *
 * Drawn small a few times a second and scaled up by the browser. A CSS `filter: blur()` looks the same and is made
 * anew for the whole screen with every frame of the video above it: on a machine without a GPU that took more than
 * encoding and decoding together (73 % of a core against 9 %), and on a phone it is battery.
 */

import { h } from "./dom.ts";

const EVERY_MS = 400;
const WIDTH = 36;
const HEIGHT = 64;
/** So many pixels across before it is scaled up: few enough that nothing can be made out. */
const COARSE = 9;
const SHADE = "rgb(14 16 19 / 40%)";
/** Half copies beside the first one round off the steps of the scaling. */
const OFFSETS: readonly [number, number][] = [
  [-3, 0],
  [3, 0],
  [0, -3],
  [0, 3],
];

export class BlurredCopy {
  readonly element = h("canvas", {
    class: "backdrop",
    width: WIDTH,
    height: HEIGHT,
    attrs: { "aria-hidden": "true" },
  });
  readonly #coarse = h("canvas", { width: COARSE, height: Math.round((COARSE * HEIGHT) / WIDTH) });
  #drawnAt = Number.NEGATIVE_INFINITY;

  /** Follows every frame of a video for as long as it plays. */
  follow(video: HTMLVideoElement): void {
    if (!("requestVideoFrameCallback" in video)) return;
    const onFrame = (now: number): void => {
      video.requestVideoFrameCallback(onFrame);
      this.frame(video, now);
    };
    video.requestVideoFrameCallback(onFrame);
  }

  /** A new frame is on the screen; most of them are passed over. */
  frame(video: HTMLVideoElement, nowMs: number): void {
    if (nowMs - this.#drawnAt < EVERY_MS || video.videoWidth === 0) return;
    const coarse = this.#coarse.getContext("2d", { alpha: false });
    const context = this.element.getContext("2d", { alpha: false });
    if (coarse === null || context === null) return;
    this.#drawnAt = nowMs;
    const { width, height } = this.#coarse;
    // cover the canvas with the middle of the picture
    const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
    const [w, t] = [video.videoWidth * scale, video.videoHeight * scale];
    coarse.imageSmoothingQuality = "high";
    coarse.drawImage(video, (width - w) / 2, (height - t) / 2, w, t);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#coarse, 0, 0, WIDTH, HEIGHT);
    context.globalAlpha = 0.4;
    for (const [x, y] of OFFSETS) context.drawImage(this.#coarse, x, y, WIDTH, HEIGHT);
    context.globalAlpha = 1;
    context.fillStyle = SHADE;
    context.fillRect(0, 0, WIDTH, HEIGHT);
  }
}
