/**
 * Calls back with the show clock of each picture as it is presented, and by a timer while none is.
 *
 * Chromium skips the callback for a few percent of frames, so whoever listens applies everything due up to the time
 * given, never waits for equality (facts measured with a frame number in the picture).
 */

import type { ShowClock } from "../protocol/showclock.ts";

export interface Moment {
  /** Show clock, milliseconds. */
  showMs: number;
  /** Of the presented frame; null when the timer called. */
  rtpTimestamp: number | null;
}

/** Without a picture for this long, time goes on by the estimate. */
const STILL_MS = 600;
const TICK_MS = 250;
/** A browser without `rtpTimestamp` shows the picture about this much after the server sent it. */
const TYPICAL_DELAY_MS = 200;

/** Runs until aborted. */
export function followFrames(
  video: HTMLVideoElement,
  clock: ShowClock,
  present: (moment: Moment) => void,
  signal: AbortSignal,
): void {
  let lastFrameAt = Number.NEGATIVE_INFINITY;
  let handle = 0;
  const onFrame = (now: number, metadata: VideoFrameCallbackMetadata): void => {
    if (signal.aborted) return;
    handle = video.requestVideoFrameCallback(onFrame);
    const { rtpTimestamp } = metadata;
    if (rtpTimestamp === undefined || !clock.isKnown) return;
    lastFrameAt = now;
    present({ showMs: clock.ofFrame(rtpTimestamp), rtpTimestamp });
  };
  if ("requestVideoFrameCallback" in video) handle = video.requestVideoFrameCallback(onFrame);
  const timer = setInterval(() => {
    if (!clock.isKnown || performance.now() - lastFrameAt < STILL_MS) return;
    present({ showMs: clock.estimateMs() - TYPICAL_DELAY_MS, rtpTimestamp: null });
  }, TICK_MS);
  signal.addEventListener(
    "abort",
    () => {
      clearInterval(timer);
      if ("cancelVideoFrameCallback" in video) video.cancelVideoFrameCallback(handle);
    },
    { once: true },
  );
}
