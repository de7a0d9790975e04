/** Publishing by WHIP as `Broadcast` wants it: done when media flows, and one call when it no longer does. */

import { Publication as WhipSession } from "../media/whip.ts";
import { VitrineError } from "../protocol/errors.ts";
import type { Publish } from "./broadcast.ts";

export interface PublishTarget {
  /** Address of the show's WHIP endpoint. */
  url: string;
  token: string;
  iceServers: () => Promise<RTCIceServer[]>;
  /** Whether network and device carry the picture in three sizes; asked for each session. */
  layered: () => boolean;
}

const MAX_VIDEO_BPS = 2_500_000;
/** Codes that waiting does not mend; everything else is tried again. */
const FINAL: ReadonlySet<string> = new Set([
  "unauthenticated",
  "forbidden",
  "not_found",
  "bad_offer",
  "show_ended",
]);

/** Makes the function that opens one session to this target. */
export function publishTo(target: PublishTarget): Publish {
  return async (tracks, lost, signal) => {
    // Without TURN servers most networks still work, so a failing list does not stop the show.
    const iceServers = await target.iceServers().catch(() => []);
    signal.throwIfAborted();
    let isConnected = false;
    let resolve: () => void = () => undefined;
    let reject: (error: VitrineError) => void = () => undefined;
    const connected = new Promise<void>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // A refused POST rejects `open` below and this promise with it; only the first is to be told.
    connected.catch(() => undefined);
    const session = await WhipSession.open({
      url: target.url,
      token: target.token,
      signal,
      iceServers,
      tracks,
      maxVideoBps: MAX_VIDEO_BPS,
      layered: target.layered(),
      changed: (state) => {
        if (state === "connected") {
          isConnected = true;
          resolve();
        } else if (state === "lost" && isConnected) lost();
        else if (state === "lost" || state === "closed") {
          reject(new VitrineError("network", "The media connection could not be made."));
        }
      },
    });
    try {
      await connected;
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  };
}

/** Whether trying again can help, and how long the server asks to wait. */
export function judgePublishError(error: unknown): { retryAfterS: number | null } | false {
  if (!(error instanceof VitrineError)) return { retryAfterS: null };
  if (FINAL.has(error.code)) return false;
  return { retryAfterS: error.retryAfterS };
}
