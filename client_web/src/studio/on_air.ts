/** The host's side of being on air: camera, publishing, the mark in this browser, and who gives way to whom. */

import { type Clock, systemClock } from "../protocol/clock.ts";
import type { Ingest } from "../protocol/messages.ts";
import { Broadcast, type BroadcastState, type Publish } from "./broadcast.ts";
import { Capture, type CaptureChoice, CaptureError, type CaptureFault, type Devices } from "./capture.ts";
import type { LiveShow } from "./live_show.ts";
import type { OnAirMark } from "./on_air_mark.ts";
import { judgePublishError } from "./publish.ts";
import { decideResume, type Resume } from "./resume.ts";

export interface OnAirOptions {
  show: LiveShow;
  devices: Devices | undefined;
  choice: CaptureChoice;
  publish: Publish;
  /** Made with what to call when another tab goes on air. */
  mark: (takenOver: () => void) => OnAirMark;
  changed: () => void;
  clock?: Clock;
}

const MARK_EVERY_MS = 5000;
/** How long another tab has for its answer. */
const TABS_MS = 200;
/** After our session was lost this long ago, a picture that arrives is somebody else's. */
const OTHERS_MS = 1500;

export class OnAir {
  readonly capture: Capture;
  readonly broadcast: Broadcast;
  readonly #show: LiveShow;
  readonly #mark: OnAirMark;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #fault: CaptureFault | null = null;
  #isOpening = false;
  #isBeside = false;
  #error: unknown = null;
  #lostAtMs: number | null = null;
  #markTimer: unknown = null;

  constructor(options: OnAirOptions) {
    this.#show = options.show;
    this.#clock = options.clock ?? systemClock;
    this.#changed = options.changed;
    this.#mark = options.mark(() => void this.#giveWay());
    this.capture = new Capture({
      devices: options.devices,
      choice: options.choice,
      changed: () => this.#captureChanged(),
    });
    this.broadcast = new Broadcast({
      publish: options.publish,
      clock: this.#clock,
      judge: judgePublishError,
      changed: (state, error) => this.#broadcastChanged(state, error),
    });
  }

  /** Another device films; this one only controls. */
  get isBeside(): boolean {
    return this.#isBeside;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  get fault(): CaptureFault | null {
    return this.#fault;
  }

  /** Why publishing failed for good; null otherwise. */
  get error(): unknown {
    return this.broadcast.state === "failed" ? this.#error : null;
  }

  get isOnTheWay(): boolean {
    return this.broadcast.state !== "off" && this.broadcast.state !== "failed";
  }

  /** Called once the show's state is known: opens the camera and goes back on air when it should be. */
  async begin(): Promise<Resume> {
    const decision = decideResume({
      status: () => this.#show.state?.status ?? "scheduled",
      wasOnAir: () => this.#mark.wasOnAir,
      isOnAirInOtherTab: () => this.#mark.isOnAirElsewhere(this.#pause(TABS_MS)),
      nextPicture: (withinMs) => this.#nextPicture(withinMs),
    });
    const status = this.#show.state?.status;
    // The camera takes a second to open: do both at once unless this may turn out to be a second screen.
    const isLikelyMine = status === "scheduled" || status === "away" || this.#mark.wasOnAir;
    const opened = isLikelyMine ? this.openCamera() : null;
    const verdict = await decision;
    if (verdict === "beside") {
      this.#isBeside = true;
      await opened;
      this.capture.pause();
      this.#changed();
    } else if (verdict !== "ended") {
      await (opened ?? this.openCamera());
      if (verdict === "resume") this.goLive();
    }
    return verdict;
  }

  /** Opens camera and microphone; a failure is kept as `fault`. */
  async openCamera(): Promise<void> {
    this.#fault = null;
    this.#isOpening = true;
    this.#changed();
    try {
      await this.capture.open();
    } catch (error) {
      this.#fault = error instanceof CaptureError ? error.fault : "failed";
    } finally {
      this.#isOpening = false;
      this.#changed();
    }
  }

  /** Takes the show to this device. */
  async filmHere(): Promise<void> {
    this.#isBeside = false;
    await this.openCamera();
    this.goLive();
  }

  goLive(): void {
    const tracks = [this.capture.video, this.capture.audio].filter((track) => track !== null);
    if (tracks.length > 0) this.broadcast.start(tracks);
  }

  /** The show has ended or is left on purpose. */
  async stop(): Promise<void> {
    this.#clock.cancel(this.#markTimer);
    this.#mark.clear();
    await this.broadcast.stop();
  }

  /** The network is back. */
  nudge(): void {
    this.broadcast.nudge();
  }

  /** The server has lost our picture: it says so seconds before this browser notices. */
  pictureLost(): void {
    void this.broadcast.restart();
  }

  /** A report of the arriving picture: while we are off it comes from another device. */
  pictureArrives(report: Ingest): void {
    if (this.broadcast.state !== "reconnecting" || this.#lostAtMs === null || report.fps <= 0) return;
    if (this.#clock.now() - this.#lostAtMs > OTHERS_MS) void this.#giveWay();
  }

  close(): void {
    this.#clock.cancel(this.#markTimer);
    this.capture.close();
    this.#mark.close();
    void this.broadcast.stop();
  }

  async #giveWay(): Promise<void> {
    this.#isBeside = true;
    this.#clock.cancel(this.#markTimer);
    await this.broadcast.stop();
    this.capture.pause();
    this.#changed();
  }

  #captureChanged(): void {
    for (const track of [this.capture.video, this.capture.audio]) {
      if (track) void this.broadcast.replaceTrack(track).catch(() => undefined);
    }
    this.#changed();
  }

  #broadcastChanged(state: BroadcastState, error: unknown): void {
    this.#error = error;
    if (state === "on_air") {
      this.#lostAtMs = null;
      this.#keepMark();
    } else if (state === "reconnecting") {
      this.#lostAtMs ??= this.#clock.now();
    }
    this.#changed();
  }

  #keepMark(): void {
    this.#clock.cancel(this.#markTimer);
    if (!this.isOnTheWay) return;
    this.#mark.keep();
    this.#markTimer = this.#clock.after(MARK_EVERY_MS, () => this.#keepMark());
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  #nextPicture(withinMs: number): Promise<boolean> {
    const before = this.#show.ingest;
    const status = this.#show.state?.status;
    return new Promise((resolve) => {
      const done = (isArriving: boolean): void => {
        off();
        this.#clock.cancel(timer);
        resolve(isArriving);
      };
      const timer = this.#clock.after(withinMs, () => done(false));
      const off = this.#show.on("changed", () => {
        const report = this.#show.ingest;
        if (this.#show.state?.status !== status) done(false);
        else if (report !== null && report !== before && report.fps > 0) done(true);
      });
    });
  }
}
