/**
 * Watching until told to stop: opens a session, opens it again when it is lost, and waits while nobody broadcasts.
 * The session is behind `View`, so the rules are tested without a browser.
 */

import type { Clock } from "../protocol/clock.ts";
import { VitrineError } from "../protocol/errors.ts";
import type { PeerState } from "./peer.ts";

/** `waiting`: the server is there, the picture is not. `refused`: trying again cannot help. */
export type ViewingState = "off" | "connecting" | "watching" | "interrupted" | "waiting" | "refused";

export interface ViewSession {
  close(): Promise<void>;
}

/** Opens one session; `changed` is told its states afterwards. */
export type View = (changed: (state: PeerState) => void, signal: AbortSignal) => Promise<ViewSession>;

export interface ViewingOptions {
  view: View;
  clock: Clock;
  changed: (state: ViewingState, error: VitrineError | null) => void;
  random?: () => number;
}

const PAUSES_MS = [0, 500, 1000, 2000, 4000, 8000];
const FATAL: ReadonlySet<string> = new Set(["unauthenticated", "forbidden", "not_found", "bad_offer"]);

export class Viewing {
  readonly #options: ViewingOptions;
  #state: ViewingState = "off";
  #attempt: AbortController | null = null;
  #session: ViewSession | null = null;
  #timer: unknown = null;
  #failures = 0;

  constructor(options: ViewingOptions) {
    this.#options = options;
  }

  get state(): ViewingState {
    return this.#state;
  }

  /** Starts watching, or tries again at once when waiting. */
  start(): void {
    if (this.#state === "watching" || this.#attempt !== null) return;
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    void this.#open();
  }

  /** Gives up the present session and opens another. */
  reopen(): void {
    if (this.#state === "off" || this.#state === "refused") return;
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    this.#leave();
    this.#to("interrupted", null);
    void this.#open();
  }

  /** Stops and gives the session back. May be called twice. */
  stop(): void {
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    this.#leave();
    this.#failures = 0;
    this.#to("off", null);
  }

  #leave(): void {
    this.#attempt?.abort();
    this.#attempt = null;
    void this.#session?.close();
    this.#session = null;
  }

  #to(state: ViewingState, error: VitrineError | null): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.changed(state, error);
  }

  async #open(): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    if (this.#state === "off" || this.#state === "refused") this.#to("connecting", null);
    try {
      const session = await this.#options.view((state) => {
        if (this.#attempt === attempt) this.#peerMoved(state);
      }, attempt.signal);
      if (this.#attempt !== attempt) {
        await session.close();
        return;
      }
      this.#session = session;
    } catch (error) {
      if (this.#attempt !== attempt) return;
      this.#attempt = null;
      this.#failed(error instanceof VitrineError ? error : null);
    }
  }

  #peerMoved(state: PeerState): void {
    switch (state) {
      case "connected":
        this.#failures = 0;
        this.#to("watching", null);
        return;
      case "interrupted":
        this.#to("interrupted", null);
        return;
      case "lost":
        this.#leave();
        this.#failed(null);
        return;
      default:
        return;
    }
  }

  #failed(error: VitrineError | null): void {
    if (error !== null && FATAL.has(error.code)) {
      this.#to("refused", error);
      return;
    }
    const isWaiting = error?.code === "no_publisher";
    this.#to(isWaiting ? "waiting" : this.#state === "connecting" ? "connecting" : "interrupted", error);
    const step = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 8000;
    this.#failures += 1;
    const told = error?.retryAfterS === null || error === null ? null : error.retryAfterS * 1000;
    const spread = (this.#options.random ?? Math.random)() * Math.max(100, step / 2);
    this.#timer = this.#options.clock.after((told ?? step) + spread, () => {
      this.#timer = null;
      void this.#open();
    });
  }
}
