/**
 * Remembers in this browser which show its camera was live with, so that a page that was killed is back at once when
 * it is opened again, and so that two tabs do not take the show from each other.
 */

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The part of a BroadcastChannel that is needed. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  close(): void;
}

const KEY = "vitrine:on-air";
/** A show waits two minutes for its host; a little more for a phone that is slow to start. */
const FRESH_MS = 5 * 60_000;

export interface OnAirMarkOptions {
  showId: string;
  store: Store;
  channel: TabChannel;
  /** Time of day in milliseconds: it has to hold across pages. */
  nowMs: () => number;
  /** Another tab of this browser has gone on air with the same show. */
  takenOver: () => void;
}

export class OnAirMark {
  readonly #options: OnAirMarkOptions;
  #isOnAir = false;
  #answered: (() => void) | null = null;

  constructor(options: OnAirMarkOptions) {
    this.#options = options;
    options.channel.addEventListener("message", (event) => this.#heard(event.data));
  }

  /** Whether this browser was on air with this show a moment ago. */
  get wasOnAir(): boolean {
    try {
      const kept: unknown = JSON.parse(this.#options.store.getItem(KEY) ?? "null");
      if (typeof kept !== "object" || kept === null || !("show" in kept) || !("atMs" in kept)) return false;
      const age = this.#options.nowMs() - Number(kept.atMs);
      return kept.show === this.#options.showId && age >= 0 && age < FRESH_MS;
    } catch {
      return false;
    }
  }

  /** Asks the other tabs; true when one is on air with this show. `wait` resolves when no answer is to be expected. */
  async isOnAirElsewhere(wait: Promise<void>): Promise<boolean> {
    const answer = new Promise<true>((resolve) => {
      this.#answered = () => resolve(true);
    });
    this.#post("who_is_on_air");
    return Promise.race([answer, wait.then(() => false)]);
  }

  /** On air now: the other tabs let go. Called again and again while it lasts. */
  keep(): void {
    if (!this.#isOnAir) this.#post("on_air");
    this.#isOnAir = true;
    try {
      this.#options.store.setItem(
        KEY,
        JSON.stringify({ show: this.#options.showId, atMs: this.#options.nowMs() }),
      );
    } catch {
      // storage is off: the page then asks before it resumes
    }
  }

  /** Left the air on purpose. */
  clear(): void {
    this.#isOnAir = false;
    try {
      this.#options.store.removeItem(KEY);
    } catch {
      // nothing was kept
    }
  }

  close(): void {
    this.#options.channel.close();
  }

  #post(what: string): void {
    this.#options.channel.postMessage({ what, show: this.#options.showId });
  }

  #heard(message: unknown): void {
    if (typeof message !== "object" || message === null || !("what" in message) || !("show" in message))
      return;
    if (message.show !== this.#options.showId) return;
    if (message.what === "who_is_on_air" && this.#isOnAir) this.#post("i_am");
    if (message.what === "i_am") this.#answered?.();
    if (message.what === "on_air" && this.#isOnAir) {
      this.#isOnAir = false;
      this.#options.takenOver();
    }
  }
}
