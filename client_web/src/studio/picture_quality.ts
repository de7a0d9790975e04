/** How the host's picture arrives at the server, as one word a host can act on. */

import type { Ingest } from "../protocol/messages.ts";

export type PictureQuality = "good" | "fair" | "weak";

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
