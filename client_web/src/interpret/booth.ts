/**
 * An interpreter's booth: what the link is for, the microphone, being on air with it, and in which of its states all that is.
 *
 * It asks the server how things stand every few seconds, goes on air when the show begins if it was told to, comes back by
 * itself, and ends when the link does. No browser is needed to test it.
 */

import type { Clock } from "../protocol/clock.ts";
import { codeOf } from "../protocol/errors.ts";
import type { Interpreting } from "../protocol/messages.ts";
import { Broadcast, type BroadcastState, type Publish } from "../studio/broadcast.ts";
import type { Capture, CaptureFault } from "../studio/capture.ts";
import { CaptureError } from "../studio/capture.ts";
import { judgePublishError } from "../studio/publish.ts";

export type BoothState =
  | "loading"
  | "offline"
  | "setup"
  | "before"
  | "ready"
  | "taken"
  | "connecting"
  | "waiting"
  | "on_air"
  | "muted"
  | "reconnecting"
  | "failed"
  | "ended"
  | "revoked"
  | "expired"
  | "invalid";

/** After these nothing comes any more. */
const OVER: ReadonlySet<BoothState> = new Set(["ended", "revoked", "expired", "invalid"]);
/** In these the sender is at work, or about to be. */
const AT_WORK: ReadonlySet<BroadcastState> = new Set(["connecting", "on_air", "reconnecting"]);
const REFUSALS: Readonly<Record<string, BoothState>> = {
  link_revoked: "revoked",
  link_expired: "expired",
  token_invalid: "invalid",
  unauthenticated: "invalid",
  forbidden: "invalid",
  not_found: "invalid",
  unknown_show: "invalid",
  show_ended: "ended",
};
const ASK_MS = 3000;
/** So often in a row the server says that nobody is heard, while we send: where we send to is not where the show is any more. */
const UNHEARD_TIMES = 3;
/** Our own lost session may hold the place for some seconds; whoever holds it longer is somebody else. */
const OWN_GHOST_MS = 8000;

/** What a state depends on. */
export interface BoothFacts {
  seat: Interpreting | null;
  /** The server's final word on the link; null while it is good. */
  refusal: string | null;
  isReachable: boolean;
  hasMicrophone: boolean;
  isMuted: boolean;
  air: BroadcastState;
  /** Why the last attempt failed. */
  airError: string | null;
  wasOnAir: boolean;
}

export function boothState(facts: BoothFacts): BoothState {
  const { seat, air, airError } = facts;
  const refused = facts.refusal === null ? undefined : REFUSALS[facts.refusal];
  if (refused !== undefined) return refused;
  if (seat === null) return facts.isReachable ? "loading" : "offline";
  if (seat.status === "ended") return "ended";
  if (air === "on_air") return facts.isMuted ? "muted" : "on_air";
  if (air === "connecting" || air === "reconnecting") {
    if (airError === "no_publisher") return "waiting";
    return facts.wasOnAir ? "reconnecting" : "connecting";
  }
  if (air === "failed" && airError !== "publisher_present") return "failed";
  if (seat.is_spoken) return "taken";
  if (!facts.hasMicrophone) return "setup";
  return seat.status === "live" ? "ready" : "before";
}

export interface BoothOptions {
  ask: () => Promise<Interpreting>;
  capture: Capture;
  publish: Publish;
  clock: Clock;
  changed: () => void;
}

export class Booth {
  readonly capture: Capture;
  readonly #options: BoothOptions;
  readonly #broadcast: Broadcast;
  #seat: Interpreting | null = null;
  #refusal: string | null = null;
  #isReachable = true;
  #fault: CaptureFault | null = null;
  #airError: string | null = null;
  #wasOnAir = false;
  #triesSinceMs = 0;
  #unheard = 0;
  #timer: unknown = null;
  #isClosed = false;

  constructor(options: BoothOptions) {
    this.#options = options;
    this.capture = options.capture;
    this.#broadcast = new Broadcast({
      publish: options.publish,
      clock: options.clock,
      judge: (error) => this.#judge(error),
      changed: (state, error) => this.#airChanged(state, error),
    });
  }

  get seat(): Interpreting | null {
    return this.#seat;
  }

  /** Why there is no microphone; null when nothing went wrong. */
  get fault(): CaptureFault | null {
    return this.#fault;
  }

  get isOver(): boolean {
    return OVER.has(this.state);
  }

  get state(): BoothState {
    return boothState({
      seat: this.#seat,
      refusal: this.#refusal,
      isReachable: this.#isReachable,
      hasMicrophone: this.capture.audio !== null,
      isMuted: this.capture.muted,
      air: this.#broadcast.state,
      airError: this.#airError,
      wasOnAir: this.#wasOnAir,
    });
  }

  /** Asks how things stand, now and from now on. */
  async refresh(): Promise<void> {
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    try {
      const seat = await this.#options.ask();
      this.#seat = seat;
      this.#isReachable = true;
      this.#checkHeard(seat);
    } catch (error) {
      const code = codeOf(error);
      if (code !== null && code in REFUSALS) this.#refusal = code;
      else this.#isReachable = false;
    }
    if (this.#isClosed) return;
    if (this.isOver) this.#end();
    else {
      this.#options.clock.cancel(this.#timer);
      this.#timer = this.#options.clock.after(ASK_MS, () => void this.refresh());
    }
    this.#options.changed();
  }

  async openMicrophone(): Promise<void> {
    this.#fault = null;
    try {
      await this.capture.open();
    } catch (error) {
      this.#fault = error instanceof CaptureError ? error.fault : "failed";
    }
    this.#options.changed();
  }

  goOnAir(): void {
    const { audio } = this.capture;
    if (audio === null || this.isOver) return;
    this.#airError = null;
    this.#wasOnAir = false;
    this.#triesSinceMs = this.#options.clock.now();
    this.#broadcast.start([audio]);
  }

  /** Another microphone, or none. */
  captureChanged(): void {
    const { audio } = this.capture;
    if (audio !== null) void this.#broadcast.replaceTrack(audio).catch(() => undefined);
    this.#options.changed();
  }

  /** The network is back: nothing waits any longer. */
  nudge(): void {
    this.#broadcast.nudge();
    void this.refresh();
  }

  /** Off the air; the microphone stays open. */
  async leave(): Promise<void> {
    this.#wasOnAir = false;
    await this.#broadcast.stop();
    await this.refresh();
  }

  /** May be called twice. */
  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  #checkHeard(seat: Interpreting): void {
    const isUnheard = this.#broadcast.state === "on_air" && seat.status === "live" && !seat.is_spoken;
    this.#unheard = isUnheard ? this.#unheard + 1 : 0;
    if (this.#unheard < UNHEARD_TIMES) return;
    this.#unheard = 0;
    void this.#broadcast.restart();
  }

  #end(): void {
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    if (AT_WORK.has(this.#broadcast.state)) void this.#broadcast.stop();
    this.capture.close();
  }

  #judge(error: unknown): { retryAfterS: number | null } | false {
    const code = codeOf(error);
    this.#airError = code;
    if (code !== null && code in REFUSALS) {
      this.#refusal = code;
      return false;
    }
    if (code === "publisher_present") {
      const isPerhapsOurs = this.#options.clock.now() - this.#triesSinceMs < OWN_GHOST_MS;
      return isPerhapsOurs ? { retryAfterS: 1 } : false;
    }
    return judgePublishError(error);
  }

  #airChanged(state: BroadcastState, error: unknown): void {
    if (state === "on_air") {
      this.#wasOnAir = true;
      this.#airError = null;
    } else if (state === "reconnecting" && error === null) {
      this.#triesSinceMs = this.#options.clock.now();
    }
    if (this.#refusal !== null) this.#end();
    this.#options.changed();
  }
}
