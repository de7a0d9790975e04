/**
 * Which size of the picture the server sends this viewer, and why no larger one. The browser's statistics show the
 * size; the reason only the server knows. It is asked when the size changes or the picture suffers, not all the time.
 */

/** `best`: there is nothing better. `source`: the host stopped sending the larger one. */
export type PictureReason = "best" | "bandwidth" | "loss" | "source";

export interface SentPicture {
  reason: PictureReason;
  /** Shorter side; 0 when unknown, or when only sound is sent. */
  heightPx: number;
  fullHeightPx: number;
  isSoundOnly: boolean;
}

/** What the player saw in one look at its statistics. */
export interface Look {
  atMs: number;
  heightPx: number;
  /** Anything but a good picture. */
  isTroubled: boolean;
}

const REASONS: ReadonlySet<unknown> = new Set<PictureReason>(["best", "bandwidth", "loss", "source"]);
/** While the picture is small or suffers, it is asked so often. */
const AGAIN_MS = 8000;
const SOONEST_MS = 2000;

/** A server's answer; null for anything else. */
export function readSentPicture(body: unknown): SentPicture | null {
  if (typeof body !== "object" || body === null) return null;
  const { reason, height_px, full_height_px, is_sound_only } = body as Record<string, unknown>;
  if (!REASONS.has(reason) || typeof height_px !== "number" || typeof full_height_px !== "number")
    return null;
  return {
    reason: reason as PictureReason,
    heightPx: height_px,
    fullHeightPx: full_height_px,
    isSoundOnly: is_sound_only === true,
  };
}

/** Whether the viewer's own network is why it gets less than there is. */
export function isReduced(sent: SentPicture | null): sent is SentPicture {
  return sent !== null && (sent.reason === "bandwidth" || sent.reason === "loss");
}

/** Asks the server when it may have something to say. One for each session. */
export class PictureInquiry {
  sent: SentPicture | null = null;
  readonly #ask: () => Promise<SentPicture | null>;
  #askedMs = Number.NEGATIVE_INFINITY;
  #heightPx = 0;
  #isDue = false;

  constructor(ask: () => Promise<SentPicture | null>) {
    this.#ask = ask;
  }

  /** Takes one look at the picture; true when what is known about it changed. */
  async follow(look: Look): Promise<boolean> {
    const isOther = this.#heightPx !== 0 && look.heightPx !== this.#heightPx;
    this.#heightPx = look.heightPx;
    this.#isDue ||= isOther;
    const passedMs = look.atMs - this.#askedMs;
    const isWatched = (look.isTroubled || isReduced(this.sent)) && passedMs >= AGAIN_MS;
    if (passedMs < SOONEST_MS || !(this.#isDue || isWatched)) return false;
    this.#askedMs = look.atMs;
    this.#isDue = false;
    const before = this.sent;
    // an answer that does not come leaves what was known
    this.sent = (await this.#ask().catch(() => null)) ?? before;
    return JSON.stringify(before) !== JSON.stringify(this.sent);
  }
}
