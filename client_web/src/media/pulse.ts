/**
 * Whether the media process behind a session is still there. A browser believes in a dead one for 5 s and more, while
 * the show goes on in other processes: so when frames stop, look whether anything at all arrives (a living process
 * sends a report every second, also while the host is silent), and if not, ask the web server.
 */

export interface PulseOptions {
  /** Datagrams received so far, and when the last one was, by the page's clock; null where the browser does not say. */
  arrivals: () => Promise<Arrivals | null>;
  /** Whether the server knows the session; rejects when it cannot be reached. */
  lives: () => Promise<boolean>;
}

export interface Arrivals {
  count: number;
  lastAtMs: number | null;
}

/** So long without a frame before anything is looked at: normal playing costs nothing. */
const NO_FRAME_MS = 800;
/** Longer than the second between two reports. */
const SILENT_MS = 1500;

export class Pulse {
  readonly #options: PulseOptions;
  #count = -1;
  #changedAtMs = 0;
  #isAnswered = false;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** To be called twice a second. True when the session is dead: open another. Asks once in each silence. */
  async isDead(lastFrameAtMs: number, nowMs: number): Promise<boolean> {
    if (nowMs - lastFrameAtMs < NO_FRAME_MS) return false;
    const arrivals = await this.#options.arrivals().catch(() => null);
    if (arrivals === null) return false;
    if (arrivals.count !== this.#count) {
      this.#count = arrivals.count;
      this.#changedAtMs = arrivals.lastAtMs ?? nowMs;
      this.#isAnswered = false;
    }
    if (this.#isAnswered || nowMs - this.#changedAtMs < SILENT_MS) return false;
    this.#isAnswered = true;
    return !(await this.#options.lives().catch(() => true)); // our own network is away: ICE looks after that
  }
}

/** What has arrived on all paths of a connection. */
export async function arrivalsOf(connection: RTCPeerConnection): Promise<Arrivals | null> {
  let count: number | null = null;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  for (const stats of (await connection.getStats()).values()) {
    if (stats.type !== "candidate-pair" || typeof stats.packetsReceived !== "number") continue;
    count = (count ?? 0) + stats.packetsReceived;
    const last: unknown = stats.lastPacketReceivedTimestamp;
    if (typeof last === "number") lastAtMs = Math.max(lastAtMs, last - performance.timeOrigin);
  }
  return count === null ? null : { count, lastAtMs: Number.isFinite(lastAtMs) ? lastAtMs : null };
}
