/** Taps on plus and minus gathered into one change for each variant: ten taps are one request and one undo. */

import type { Clock } from "../protocol/clock.ts";

/** Waits this long after the last tap. */
export const GATHER_MS = 600;

export class StockEdits {
  readonly #clock: Clock;
  readonly #commit: (variantId: string, change: number) => void;
  readonly #gathered = new Map<string, { change: number; timer: unknown }>();

  constructor(clock: Clock, commit: (variantId: string, change: number) => void) {
    this.#clock = clock;
    this.#commit = commit;
  }

  add(variantId: string, change: number): void {
    const before = this.#gathered.get(variantId);
    if (before) this.#clock.cancel(before.timer);
    this.#gathered.set(variantId, {
      change: (before?.change ?? 0) + change,
      timer: this.#clock.after(GATHER_MS, () => this.flush(variantId)),
    });
  }

  /** What was tapped but not yet sent. */
  pending(variantId: string): number {
    return this.#gathered.get(variantId)?.change ?? 0;
  }

  flush(variantId: string): void {
    const gathered = this.#gathered.get(variantId);
    if (!gathered) return;
    this.#clock.cancel(gathered.timer);
    this.#gathered.delete(variantId);
    if (gathered.change !== 0) this.#commit(variantId, gathered.change);
  }

  flushAll(): void {
    for (const variantId of [...this.#gathered.keys()]) this.flush(variantId);
  }
}
