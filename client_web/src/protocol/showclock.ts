/**
 * The show clock as this client knows it.
 *
 * The server's outgoing video RTP timestamp is the show clock at 90 kHz, cut to 32 bits. A frame's `rtpTimestamp`
 * is therefore exact, but ambiguous every 13.25 hours; the estimate kept here (from `Welcome`, `Counters` and `Ack`)
 * says which turn is meant.
 */

import type { Clock as WireClock } from "./messages.ts";

const TICKS_PER_MS = 90;
const TURN_MS = 2 ** 32 / TICKS_PER_MS;
/** Older reports are forgotten, so that a slow first answer does not bias the estimate for ever. */
const WINDOW = 8;

export class ShowClock {
  readonly #now: () => number;
  #offsetsMs: number[] = [];

  /** `now` gives milliseconds that never jump. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the server has told the time yet. */
  get isKnown(): boolean {
    return this.#offsetsMs.length > 0;
  }

  /** Takes a reading of the server. Readings arrive late, never early: the largest offset is the nearest one. */
  correct(clock: WireClock): void {
    const offsetMs = clock.show_ms - this.#now();
    const newest = this.#offsetsMs.at(-1);
    // the show's timeline itself moved (the media server started anew): earlier readings say nothing
    if (newest !== undefined && Math.abs(offsetMs - newest) > 3000) this.#offsetsMs = [];
    this.#offsetsMs = [...this.#offsetsMs, offsetMs].slice(-WINDOW);
  }

  /** The show clock at the server now, as well as we know it. */
  estimateMs(): number {
    return this.isKnown ? Math.max(0, this.#now() + Math.max(...this.#offsetsMs)) : 0;
  }

  /** The exact show clock of a frame. */
  ofFrame(rtpTimestamp: number): number {
    const withinTurnMs = rtpTimestamp / TICKS_PER_MS;
    const turns = Math.round((this.estimateMs() - withinTurnMs) / TURN_MS);
    return withinTurnMs + Math.max(0, turns) * TURN_MS;
  }
}
