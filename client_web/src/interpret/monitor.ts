/** What an interpreter interprets: the show's picture with its original sound, as any viewer gets them. */

import { Viewing } from "../media/viewing.ts";
import { view } from "../media/whep.ts";
import { systemClock } from "../protocol/clock.ts";
import type { Api } from "../protocol/rest.ts";

/** Plays the show in `video` until aborted; `shown` is told whether there is a picture. */
export function monitorShow(
  api: Pick<Api, "server" | "iceServers">,
  showId: string,
  video: HTMLVideoElement,
  shown: (isShown: boolean) => void,
  signal: AbortSignal,
): void {
  const viewing = new Viewing({
    clock: systemClock,
    view: async (changed, attempt) => {
      const stream = new MediaStream();
      const iceServers = await api.iceServers().catch(() => []);
      const peer = await view({
        url: `${api.server}/whep/${showId}`,
        stream,
        iceServers,
        signal: attempt,
        changed,
      });
      video.srcObject = stream;
      void play(video);
      return peer;
    },
    changed: (state) => shown(state === "watching"),
  });
  signal.addEventListener("abort", () => viewing.stop(), { once: true });
  viewing.start();
}

/** With sound where the browser lets it, else without until the page is touched. */
export async function play(video: HTMLVideoElement): Promise<void> {
  try {
    await video.play();
  } catch {
    video.muted = true;
    await video.play().catch(() => undefined);
  }
}
