/**
 * Undo in place of "are you sure". Steps that the server can take back are done at once and undone by their opposite;
 * steps that it cannot (an order marked as shipped) wait a few seconds and are only then carried out.
 */

import type { Clock } from "../protocol/clock.ts";

/** How long a step can be taken back. */
export const UNDO_MS = 8000;

interface Waiting {
  timer: unknown;
  carryOut: () => Promise<void>;
}

/** Steps that wait before they are carried out, by the thing they concern; a thing has at most one. */
export class WaitingSteps {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a step wait. An earlier step of the same thing is carried out first. */
  add(key: string, carryOut: () => Promise<void>): void {
    void this.flush(key);
    const timer = this.#clock.after(UNDO_MS, () => void this.flush(key));
    this.#waiting.set(key, { timer, carryOut });
  }

  /** Takes a waiting step back; false when it was carried out already. */
  undo(key: string): boolean {
    const waiting = this.#waiting.get(key);
    if (!waiting) return false;
    this.#clock.cancel(waiting.timer);
    return this.#waiting.delete(key);
  }

  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  async flush(key: string): Promise<void> {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#clock.cancel(waiting.timer);
    this.#waiting.delete(key);
    await waiting.carryOut();
  }

  /** Carries everything out now: the page is about to go. */
  flushAll(): void {
    for (const key of [...this.#waiting.keys()]) void this.flush(key);
  }
}
