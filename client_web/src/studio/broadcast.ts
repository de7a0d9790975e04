/**
 * Being on air: publishes the host's tracks and keeps doing so until told to stop.
 *
 * A lost connection is opened again by itself, at once when the network comes back, else after growing pauses;
 * only what waiting cannot mend (rights, an ended show) stops it. The WHIP client is behind `Publish`, so the rules
 * are tested without a browser.
 */

import type { Clock } from "../protocol/clock.ts";

export type BroadcastState = "off" | "connecting" | "on_air" | "reconnecting" | "failed";

/** One established publishing session. */
export interface Publication {
  /** Puts another track in the place of the one of its kind. */
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  /** Ends the session on the server. May be called twice. */
  close(): Promise<void>;
}

/** Opens a session; `lost` is called at most once, when it stops working. */
export type Publish = (
  tracks: readonly MediaStreamTrack[],
  lost: () => void,
  signal: AbortSignal,
) => Promise<Publication>;

export interface BroadcastOptions {
  publish: Publish;
  clock: Clock;
  /** Seconds the server asked to wait, or null; `false` when trying again cannot help. */
  judge: (error: unknown) => { retryAfterS: number | null } | false;
  changed: (state: BroadcastState, error: unknown) => void;
}

const PAUSES_MS = [0, 500, 1000, 2000, 4000];
/** A session that lasted this long was a good one: the next loss is answered at once again. */
const STEADY_MS = 5000;

export class Broadcast {
  readonly #options: BroadcastOptions;
  #state: BroadcastState = "off";
  #tracks: MediaStreamTrack[] = [];
  #publication: Publication | null = null;
  #attempt: AbortController | null = null;
  #failures = 0;
  #timer: unknown = null;
  #steady: unknown = null;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  get state(): BroadcastState {
    return this.#state;
  }

  /** Goes on air with these tracks. Does nothing when already on the way. */
  start(tracks: readonly MediaStreamTrack[]): void {
    if (this.#state !== "off" && this.#state !== "failed") return;
    this.#tracks = [...tracks];
    this.#failures = 0;
    this.#become("connecting");
    void this.#try();
  }

  /** Another camera or microphone: viewers see it without a break. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.#tracks = [...this.#tracks.filter((other) => other.kind !== track.kind), track];
    await this.#publication?.replaceTrack(track);
  }

  /** The network is back or has changed: a waiting attempt need not wait any longer. */
  nudge(): void {
    if (this.#timer === null) return;
    this.#cancelTimer();
    void this.#try();
  }

  /** The connection is known to be dead, though nothing here has noticed: opens a new one at once. */
  async restart(): Promise<void> {
    if (this.#state === "on_air") await this.#lost(this.#publication);
  }

  /** Off air. The session on the server is ended. */
  async stop(): Promise<void> {
    this.#cancelTimer();
    this.#attempt?.abort();
    this.#attempt = null;
    const publication = this.#publication;
    this.#publication = null;
    if (this.#state !== "off") this.#become("off");
    await publication?.close().catch(() => undefined);
  }

  async #try(): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    let publication: Publication | null = null;
    let lostEarly = false;
    try {
      publication = await this.#options.publish(
        this.#tracks,
        () => {
          if (publication === null) lostEarly = true;
          else void this.#lost(publication);
        },
        attempt.signal,
      );
    } catch (error) {
      if (this.#attempt === attempt) this.#refused(error);
      return;
    }
    if (this.#attempt !== attempt) {
      await publication.close().catch(() => undefined);
      return;
    }
    this.#publication = publication;
    // Tracks may have been changed while the session was being made.
    for (const track of this.#tracks) await publication.replaceTrack(track).catch(() => undefined);
    if (this.#publication !== publication) return;
    this.#become("on_air");
    if (lostEarly) await this.#lost(publication);
    else
      this.#steady = this.#options.clock.after(STEADY_MS, () => {
        this.#failures = 0;
      });
  }

  #refused(error: unknown): void {
    this.#attempt = null;
    const verdict = this.#options.judge(error);
    if (verdict === false) {
      this.#become("failed", error);
      return;
    }
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#wait(Math.max(pause, (verdict.retryAfterS ?? 0) * 1000), error);
  }

  async #lost(publication: Publication | null): Promise<void> {
    if (publication === null || publication !== this.#publication) return;
    this.#publication = null;
    this.#attempt = null;
    this.#clearSteady();
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#wait(pause, null);
    await publication.close().catch(() => undefined);
  }

  #wait(delayMs: number, error: unknown): void {
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = null;
      void this.#try();
    });
    this.#become("reconnecting", error);
  }

  #cancelTimer(): void {
    if (this.#timer !== null) this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    this.#clearSteady();
  }

  #clearSteady(): void {
    if (this.#steady !== null) this.#options.clock.cancel(this.#steady);
    this.#steady = null;
  }

  #become(state: BroadcastState, error: unknown = null): void {
    this.#state = state;
    this.#options.changed(state, error);
  }
}
