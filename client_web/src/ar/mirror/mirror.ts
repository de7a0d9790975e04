/**
 * The mirror: camera, face, and what is worn, frame by frame. What it draws and the landmarks it drew it with are of
 * the same frame, so things sit still on the face however slow the device is.
 *
 * The canvas tells of each frame by a `mirror-frame` event, for measurements. Nothing leaves this page.
 */

import { VitrineError } from "../../protocol/errors.ts";
import { type Camera, openCamera } from "../camera.ts";
import type { FramePoints } from "../face/landmarks.ts";
import { followed, type Light, lightOn } from "../face/light.ts";
import { OneEuro } from "../face/one_euro.ts";
import { faceInSpace } from "../face/pose.ts";
import { eyeSpanPx, FaceScale } from "../face/scale.ts";
import { FaceTracker } from "../face/tracker.ts";
import type { ProductModel, WornCategory } from "../model.ts";
import { type Look, MirrorScene } from "./scene.ts";
import { WornModel } from "./worn_model.ts";

export type MirrorState = "starting" | "looking" | "showing";

export interface MirrorFrame {
  frame: HTMLCanvasElement;
  raw: FramePoints | null;
  points: FramePoints | null;
  metresPerPx: number | null;
  ms: number;
  onCpu: boolean;
}

export interface MirrorOptions {
  /** Told when the state changes. */
  changed: (state: MirrorState) => void;
  /** The camera stopped by itself: unplugged, or taken away. */
  lost: () => void;
}

/** Frames are looked at and drawn no larger than this: more costs time and shows nothing. */
const LONGEST_PX = 960;
const SMALL_PX = 160;
/** So many frames without a face before it counts as gone: a blink of the tracker is none. */
const GONE_FRAMES = 4;

export class Mirror {
  readonly canvas = document.createElement("canvas");
  readonly #options: MirrorOptions;
  readonly #frame = document.createElement("canvas");
  readonly #small = document.createElement("canvas");
  readonly #scale = new FaceScale();
  readonly #calm = new OneEuro({ minCutoffHz: 1.5, beta: 40 });
  #camera: Camera | null = null;
  #tracker: FaceTracker | null = null;
  #scene: MirrorScene | null = null;
  #light: Light | null = null;
  #missing = 0;
  #state: MirrorState = "starting";
  #isClosed = false;
  readonly #ready = deferred<MirrorScene>();
  #models = new Map<string, Promise<WornModel>>();
  #looks: readonly (Look | null)[] = [];
  /** Where the two looks meet, from 0 to 1 on the canvas. */
  #split = 0.5;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.canvas.className = "mirror__canvas";
  }

  get state(): MirrorState {
    return this.#state;
  }

  /** Opens the camera and loads the face mesh side by side. Throws what `openCamera` and `FaceTracker.load` throw. */
  async start(): Promise<void> {
    const tracker = FaceTracker.load();
    // the camera's refusal is told first, without waiting for 10 MB
    tracker.catch(() => {});
    const camera = await openCamera();
    if (this.#isClosed) {
      camera.close();
      return;
    }
    this.#camera = camera;
    const [track] = (camera.video.srcObject as MediaStream).getVideoTracks();
    track?.addEventListener("ended", () => {
      if (!this.#isClosed) this.#options.lost();
    });
    this.#tracker = await tracker;
    if (this.#isClosed) {
      this.#tracker.close();
      return;
    }
    this.#scene = new MirrorScene(this.canvas, this.#frame, this.#tracker.edges, this.#tracker.runsOnCpu);
    await this.#scene.wear(this.#looks);
    this.#ready.resolve(this.#scene);
    this.#next();
  }

  /** Loads a product's model, once. Throws `model_unavailable`. */
  async model(url: string, product: ProductModel, category: WornCategory): Promise<WornModel> {
    const { renderer } = await this.#ready.promise;
    let model = this.#models.get(url);
    if (model === undefined) {
      model = WornModel.load(url, product, category, renderer);
      this.#models.set(url, model);
      model.catch(() => this.#models.delete(url));
    }
    return model;
  }

  /** Puts one look on, or two side by side. */
  async wear(looks: readonly (Look | null)[]): Promise<void> {
    this.#looks = looks;
    await this.#scene?.wear(looks);
  }

  /** Moves the line between two looks: `share` of the mirror, from its left as it is seen, shows the first. */
  divide(share: number): void {
    this.#split = 1 - share;
  }

  /** The picture as it is seen: mirrored, as a JPEG. */
  async snapshot(): Promise<Blob> {
    const { width, height } = this.canvas;
    const picture = document.createElement("canvas");
    picture.width = width;
    picture.height = height;
    const context = picture.getContext("2d");
    if (context === null || this.#scene === null) throw new Error("nothing to take a picture of");
    // a drawing buffer lives until the next task only: draw and copy in one
    this.#scene.render(this.#split);
    context.translate(width, 0);
    context.scale(-1, 1);
    context.drawImage(this.canvas, 0, 0);
    return await new Promise((resolve, reject) => {
      picture.toBlob(
        (blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)),
        "image/jpeg",
        0.92,
      );
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ready.reject(new VitrineError("closed", "The mirror was closed."));
    this.#camera?.close();
    this.#tracker?.close();
    for (const model of this.#models.values()) void model.then((each) => each.close()).catch(() => {});
    this.#scene?.close();
    this.#scene = null;
  }

  #next(): void {
    if (this.#isClosed || this.#camera === null) return;
    const again = (): void => {
      void this.#look()
        .catch(() => this.#setState("looking"))
        .finally(() => this.#next());
    };
    const { video } = this.#camera;
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(again);
    else requestAnimationFrame(again);
  }

  async #look(): Promise<void> {
    const { video } = this.#camera as Camera;
    const scene = this.#scene;
    const tracker = this.#tracker;
    if (scene === null || tracker === null || video.videoWidth === 0) return;
    this.#fit(video, scene);
    const context = this.#frame.getContext("2d", { alpha: false });
    context?.drawImage(video, 0, 0, this.#frame.width, this.#frame.height);
    const startedAt = performance.now();
    const raw = await tracker.find(this.#frame);
    const ms = performance.now() - startedAt;
    if (this.#isClosed) return;
    const points = raw === null ? null : this.#smooth(raw, startedAt);
    let metresPerPx: number | null = null;
    if (points === null) {
      this.#missing += 1;
      scene.follow(null);
      if (this.#missing >= GONE_FRAMES) {
        this.#calm.reset();
        this.#setState("looking");
      }
    } else {
      this.#missing = 0;
      metresPerPx = this.#scale.metresPerPx(points);
      this.#light = followed(this.#light, lightOn(points, this.#smallPicture()));
      scene.follow({ points, space: faceInSpace(points, metresPerPx), light: this.#light });
      this.#setState("showing");
    }
    scene.render(this.#split);
    const detail: MirrorFrame = {
      frame: this.#frame,
      raw,
      points,
      metresPerPx,
      ms,
      onCpu: tracker.runsOnCpu,
    };
    this.canvas.dispatchEvent(new CustomEvent<MirrorFrame>("mirror-frame", { detail }));
  }

  #smooth(raw: FramePoints, atMs: number): FramePoints {
    this.#scale.see(raw);
    return raw.with(this.#calm.next(raw.values, atMs, eyeSpanPx(raw)));
  }

  /** The frame takes the camera's shape, which changes when a phone is turned. */
  #fit({ videoWidth, videoHeight }: HTMLVideoElement, scene: MirrorScene): void {
    const shrink = Math.min(1, LONGEST_PX / Math.max(videoWidth, videoHeight));
    const [width, height] = [Math.round(videoWidth * shrink), Math.round(videoHeight * shrink)];
    if (this.#frame.width === width && this.#frame.height === height) return;
    this.#frame.width = width;
    this.#frame.height = height;
    this.#small.width = SMALL_PX;
    this.#small.height = Math.max(1, Math.round((SMALL_PX * height) / width));
    this.#calm.reset();
    scene.resize(width, height, width);
  }

  #smallPicture(): ImageData {
    const { width, height } = this.#small;
    const context = this.#small.getContext("2d", { willReadFrequently: true, alpha: false });
    if (context === null) return new ImageData(1, 1);
    context.drawImage(this.#frame, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  #setState(state: MirrorState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.changed(state);
  }
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  const made = {} as Deferred<T>;
  made.promise = new Promise<T>((resolve, reject) => {
    made.resolve = resolve;
    made.reject = reject;
  });
  // nobody may be waiting when it fails
  made.promise.catch(() => {});
  return made;
}
