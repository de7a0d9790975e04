/**
 * The picture: a video element fed by WHEP, a blurred copy of itself behind it where it does not fill the screen,
 * sound with the browser's consent, and the picture's quality in a word.
 */

import { followFrames, type Moment } from "../media/frame_clock.ts";
import type { Peer } from "../media/peer.ts";
import { arrivalsOf, Pulse } from "../media/pulse.ts";
import { type Quality, read, type Sample, sample } from "../media/quality.ts";
import { PictureInquiry, type SentPicture } from "../media/sent_picture.ts";
import { Viewing, type ViewingState } from "../media/viewing.ts";
import { view } from "../media/whep.ts";
import { systemClock } from "../protocol/clock.ts";
import type { VitrineError } from "../protocol/errors.ts";
import type { ShowClock } from "../protocol/showclock.ts";
import { BlurredCopy } from "../ui/blurred_copy.ts";
import { h } from "../ui/dom.ts";

/** `blocked`: not even silent playing is allowed without a tap. */
export type SoundState = "on" | "off" | "needs_tap" | "blocked";

export interface StageOptions {
  url: string;
  clock: ShowClock;
  iceServers: () => Promise<RTCIceServer[]>;
  iceTransportPolicy: RTCIceTransportPolicy;
  /** Whether pictures should be coming: then none for a while means a dead session. */
  isLive: () => boolean;
  startMuted: boolean;
  present: (moment: Moment) => void;
  /** A media session is open. */
  opened: (peer: Peer) => void;
  /** Anything below that is worth drawing again: viewing, sound, quality, shape. */
  changed: () => void;
  signal: AbortSignal;
}

const SAMPLE_MS = 3000;
const PULSE_MS = 500;
/** So many poor samples in a row before a viewer is told: a single keyframe burst is none. */
const PATIENCE = 2;
const ICE_SERVERS_WAIT_MS = 2000;
/** A source that returns is seen after its first keyframe, well within this time. */
const DARK_MS = 2000;
/** So many samples without a new picture while the show is live, and the session is opened anew. */
const STUCK_SAMPLES = 2;

export class Stage {
  readonly video = h("video", {
    class: "picture",
    playsInline: true,
    autoplay: true,
    disableRemotePlayback: true,
  });
  readonly #backdrop = new BlurredCopy();
  viewing: ViewingState = "off";
  problem: VitrineError | null = null;
  sound: SoundState = "off";
  quality: Quality = "good";
  heightPx = 0;
  /** Of the picture, over the last seconds. */
  bps = 0;
  hasPicture = false;
  readonly #options: StageOptions;
  readonly #stream = new MediaStream();
  readonly #viewing: Viewing;
  #peer: Peer | null = null;
  #inquiry: PictureInquiry | null = null;
  #pulse: Pulse | null = null;
  #lastSample: Sample | null = null;
  #worse = 0;
  #stuck = 0;
  #lastFrameAt = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#viewing = new Viewing({
      clock: systemClock,
      view: async (changed, signal) => {
        const peer = await this.#open(changed, signal);
        this.#peer = peer;
        this.#inquiry = new PictureInquiry(() => peer.sentPicture());
        this.#pulse = new Pulse({
          arrivals: () => arrivalsOf(peer.connection),
          lives: () => peer.lives(),
        });
        options.opened(peer);
        return peer;
      },
      changed: (state, error) => {
        this.viewing = state;
        this.problem = error;
        if (state !== "watching") this.#forgetSamples();
        options.changed();
      },
    });
    const listen = { signal: options.signal };
    this.video.muted = options.startMuted;
    if (options.startMuted) this.sound = "needs_tap";
    this.video.addEventListener("resize", () => this.#shaped(), listen);
    this.video.addEventListener("loadeddata", () => this.#shaped(), listen);
    // a browser pauses a video that was sent to the background or whose window was closed
    document.addEventListener("visibilitychange", () => this.#woke(), listen);
    window.addEventListener("online", () => this.#viewing.start(), listen);
    followFrames(this.video, options.clock, (moment) => this.#present(moment), options.signal);
    const sampling = setInterval(() => void this.#judge(), SAMPLE_MS);
    const feeling = setInterval(() => void this.#feelPulse(), PULSE_MS);
    options.signal.addEventListener("abort", () => {
      clearInterval(sampling);
      clearInterval(feeling);
      this.#viewing.stop();
      this.video.srcObject = null;
    });
  }

  get canShrink(): boolean {
    return document.pictureInPictureEnabled === true && !this.video.disablePictureInPicture;
  }

  /** What the server said about the picture it sends; null while there was no reason to ask. */
  get sent(): SentPicture | null {
    return this.#inquiry?.sent ?? null;
  }

  /** Lies behind the video. */
  get backdrop(): HTMLCanvasElement {
    return this.#backdrop.element;
  }

  start(): void {
    this.#viewing.start();
  }

  stop(): void {
    this.#viewing.stop();
    this.#forget();
  }

  /** The show is on (again): a session that stays dark was lost without the browser noticing. */
  expectPicture(): void {
    const askedAt = performance.now();
    setTimeout(() => {
      const isDark = this.#lastFrameAt < askedAt && document.visibilityState === "visible";
      if (isDark && this.viewing === "watching" && this.#options.isLive()) this.#viewing.reopen();
    }, DARK_MS);
  }

  /** Turns the sound on or off; a tap or key press, so the browser consents. */
  async toggleSound(): Promise<void> {
    this.video.muted = this.sound === "on";
    await this.#play();
  }

  async togglePictureInPicture(): Promise<void> {
    if (document.pictureInPictureElement === this.video) await document.exitPictureInPicture();
    else await this.video.requestPictureInPicture();
  }

  async #open(changed: (state: Peer["state"]) => void, signal: AbortSignal): Promise<Peer> {
    const { url, iceTransportPolicy } = this.#options;
    const stream = this.#stream;
    for (const track of stream.getTracks()) stream.removeTrack(track);
    const waited = new Promise<RTCIceServer[]>((resolve) =>
      setTimeout(() => resolve([]), ICE_SERVERS_WAIT_MS),
    );
    const iceServers = await Promise.race([this.#options.iceServers().catch(() => []), waited]);
    const peer = await view({ url, stream, signal, changed, iceServers, iceTransportPolicy });
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    void this.#play();
    return peer;
  }

  async #play(): Promise<void> {
    try {
      await this.video.play();
      this.sound = this.video.muted ? (this.sound === "needs_tap" ? "needs_tap" : "off") : "on";
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      if (this.video.muted) {
        this.sound = "blocked";
      } else {
        this.video.muted = true;
        this.sound = "needs_tap";
        await this.#play();
        return;
      }
    }
    this.#options.changed();
  }

  #woke(): void {
    if (document.visibilityState !== "visible") return;
    this.#viewing.start();
    if (this.video.srcObject !== null && this.video.paused) void this.#play();
  }

  #forget(): void {
    this.#peer = null;
    this.#inquiry = null;
    this.#pulse = null;
    this.#forgetSamples();
    this.hasPicture = false;
    this.video.srcObject = null;
  }

  #forgetSamples(): void {
    this.#lastSample = null;
    this.#worse = 0;
    this.quality = "good";
  }

  #shaped(): void {
    this.hasPicture = this.video.videoWidth > 0;
    this.#options.changed();
  }

  #present(moment: Moment): void {
    this.#options.present(moment);
    const now = performance.now();
    if (moment.rtpTimestamp !== null) this.#lastFrameAt = now;
    if (moment.rtpTimestamp !== null) this.#backdrop.frame(this.video, now);
  }

  /** The browser may believe in a dead session for long (the media server died without a word). */
  #reopenedWhenStuck(before: Sample, now: Sample): boolean {
    const isStill = now.framesDecoded === before.framesDecoded && this.sent?.isSoundOnly !== true;
    this.#stuck = isStill ? this.#stuck + 1 : 0;
    if (this.#stuck < STUCK_SAMPLES) return false;
    this.#stuck = 0;
    this.#lastSample = null;
    this.#viewing.reopen();
    return true;
  }

  /** A media process that died takes its viewers' sessions along; the others go on, and have room for them. */
  async #feelPulse(): Promise<void> {
    const pulse = this.#pulse;
    const isFelt = this.viewing === "watching" && document.visibilityState === "visible";
    if (pulse === null || !isFelt || !this.#options.isLive()) return;
    const isDead = await pulse.isDead(this.#lastFrameAt, performance.now());
    if (!isDead || pulse !== this.#pulse) return;
    this.#pulse = null;
    this.#viewing.reopen();
  }

  async #judge(): Promise<void> {
    const isJudged =
      this.viewing === "watching" && document.visibilityState === "visible" && this.#options.isLive();
    if (this.#peer === null || !isJudged) {
      // a pause of the host is no weakness of the network
      this.#forgetSamples();
      return;
    }
    const now = await sample(this.#peer.connection, performance.now()).catch(() => null);
    const before = this.#lastSample;
    this.#lastSample = now;
    if (now === null || before === null || now.framesDecoded < before.framesDecoded) return;
    const reading = read(before, now);
    const heightPx = Math.min(reading.widthPx, reading.heightPx);
    const look = { atMs: now.atMs, heightPx, isTroubled: reading.quality !== "good" };
    const toldMore = (await this.#inquiry?.follow(look)) === true;
    if (this.#reopenedWhenStuck(before, now)) return;
    this.bps = reading.bps;
    // told only after a while, taken back at once
    this.#worse = reading.quality === "good" ? 0 : this.#worse + 1;
    const quality = this.#worse >= PATIENCE ? reading.quality : this.#worse === 0 ? "good" : this.quality;
    if (quality === this.quality && heightPx === this.heightPx && !toldMore) return;
    this.quality = quality;
    this.heightPx = heightPx;
    this.#options.changed();
  }
}
