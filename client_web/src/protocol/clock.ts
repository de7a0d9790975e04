/** Time as a parameter, as on the server: tests turn the hands. */

export interface Clock {
  /** Milliseconds that never jump. */
  now(): number;
  /** Calls back once after `delayMs`; returns what `cancel` takes. */
  after(delayMs: number, callback: () => void): unknown;
  cancel(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => setTimeout(callback, delayMs),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** The fake beside the real one: moves only when told to. */
export class ManualClock implements Clock {
  #nowMs = 1000;
  #timers: { atMs: number; callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): unknown {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return timer;
  }

  cancel(timer: unknown): void {
    this.#timers = this.#timers.filter((known) => known !== timer);
  }

  /** Lets time pass, calling everything that falls due in order. */
  advance(byMs: number): void {
    const until = this.#nowMs + byMs;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.cancel(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = until;
  }
}
