/** Events waiting for their moment in the show: what happened at `at_ms` is shown on the first frame at or after it. */

import type { ShowEvent } from "./messages.ts";

/** More than this waiting means that the clock is wrong: the oldest are then due at once, none is lost. */
const MOST = 500;

export class DueEvents {
  #waiting: ShowEvent[] = [];

  add(event: ShowEvent): void {
    // events come in order but for the server's own rounding: insert from the end
    let index = this.#waiting.length;
    while (index > 0 && isBefore(event, this.#waiting[index - 1])) index -= 1;
    this.#waiting.splice(index, 0, event);
  }

  /** Everything due at `showMs`, in the order in which it happened. Frames are skipped: never wait for equality. */
  take(showMs: number): ShowEvent[] {
    let count = this.#waiting.findIndex((event) => event.at_ms > showMs);
    if (count === -1) count = this.#waiting.length;
    return this.#waiting.splice(0, Math.max(count, this.#waiting.length - MOST));
  }

  /** When the next event is due; null when none waits. */
  nextMs(): number | null {
    return this.#waiting[0]?.at_ms ?? null;
  }

  clear(): void {
    this.#waiting = [];
  }
}

function isBefore(event: ShowEvent, other: ShowEvent | undefined): boolean {
  return (
    other !== undefined &&
    (event.at_ms < other.at_ms || (event.at_ms === other.at_ms && event.seq < other.seq))
  );
}
