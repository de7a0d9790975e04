/** How the host's picture arrives at the server, as one word a host can act on. */

import type { Ingest } from "../protocol/messages.ts";

export type PictureQuality = "good" | "fair" | "weak";

/** Reports, one every two seconds: a browser takes some seconds to reach its full picture. */
const SETTLING = 4;
const PERSISTENT = 3;

/** What is behind a weak picture: packets that get lost, or a device that cannot keep up. */
export type PictureTrouble = "upload" | "device";

/** Judges over several reports, so that the first seconds and a single hiccup alarm nobody. */
export class PictureWatch {
  #reports = 0;
  #weak = 0;
  #last: Ingest | null = null;

  /** Takes a report; the same one again changes nothing. */
  take(report: Ingest | null): void {
    if (report === null || report === this.#last) return;
    this.#last = report;
    this.#reports += 1;
    this.#weak = pictureQuality(report) === "weak" ? this.#weak + 1 : 0;
  }

  /** A new session begins: it settles anew. */
  reset(): void {
    this.#reports = 0;
    this.#weak = 0;
  }

  get quality(): PictureQuality | "settling" | null {
    if (this.#last === null) return null;
    const quality = pictureQuality(this.#last);
    return quality !== "good" && this.#reports < SETTLING ? "settling" : quality;
  }

  get trouble(): PictureTrouble | null {
    if (this.#last === null || this.#reports < SETTLING || this.#weak < PERSISTENT) return null;
    return this.#last.fps < 15 && this.#last.loss < 0.05 ? "device" : "upload";
  }
}

/** The names people know: 720 lines of the shorter side are "720p", whichever way the phone is held. */
export function lines(widthPx: number, heightPx: number): number {
  return Math.min(widthPx, heightPx);
}

/**
 * Good needs 720 lines, 24 frames and less than 3 % loss; weak is what viewers complain about:
 * under 480 lines, under 15 frames or more than 10 % loss before recovery.
 */
export function pictureQuality(ingest: Ingest): PictureQuality {
  const size = lines(ingest.width_px, ingest.height_px);
  if (size < 480 || ingest.fps < 15 || ingest.loss > 0.1) return "weak";
  if (size < 700 || ingest.fps < 24 || ingest.loss > 0.03) return "fair";
  return "good";
}
