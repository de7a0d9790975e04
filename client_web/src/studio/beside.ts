/** What viewers see, while another device films: the show's picture without sound, watched like any viewer. */

import { Viewing } from "../media/viewing.ts";
import { view } from "../media/whep.ts";
import { systemClock } from "../protocol/clock.ts";
import type { Api } from "../protocol/rest.ts";

/** Watches until aborted; `show` is given the picture when it comes and null when it goes. */
export function watchShow(
  api: Pick<Api, "server" | "iceServers">,
  showId: string,
  show: (track: MediaStreamTrack | null) => void,
  signal: AbortSignal,
): void {
  let picture: MediaStreamTrack | null = null;
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
      picture = stream.getVideoTracks()[0] ?? null;
      return peer;
    },
    changed: (state) => show(state === "watching" ? picture : null),
  });
  signal.addEventListener("abort", () => viewing.stop(), { once: true });
  viewing.start();
}
