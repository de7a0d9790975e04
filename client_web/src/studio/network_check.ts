/**
 * The check before going live: how fast a little data travels up to the server, in words.
 *
 * A few empty requests give the round trip, one of 256 kB gives the speed. Where the server has no such address,
 * only the round trip is told: no figure is made up.
 */

export type NetworkVerdict = "good_720" | "good_540" | "good_360" | "too_slow" | "reachable" | "unreachable";

export interface NetworkReport {
  verdict: NetworkVerdict;
  /** Median round trip of the empty requests; null when nothing came back. */
  roundTripMs: number | null;
  /** Upstream speed; null when it could not be measured. */
  upstreamBps: number | null;
}

/** Sends a body of this many bytes and tells whether the server took it; rejects when it cannot be reached. */
export type SendBytes = (bytes: number) => Promise<boolean>;

const PROBES = 3;
const PROBE_BYTES = 256 * 1024;
/** The video wants 2.5 Mbit/s; sound, repair packets and air on top. */
const NEEDED_720_BPS = 3_200_000;
const NEEDED_540_BPS = 1_700_000;
const NEEDED_360_BPS = 800_000;

/** What a measured upstream speed is good for. */
export function verdictFor(upstreamBps: number): NetworkVerdict {
  if (upstreamBps >= NEEDED_720_BPS) return "good_720";
  if (upstreamBps >= NEEDED_540_BPS) return "good_540";
  if (upstreamBps >= NEEDED_360_BPS) return "good_360";
  return "too_slow";
}

/** Runs the check. `now` gives milliseconds that never jump. */
export async function checkNetwork(send: SendBytes, now: () => number): Promise<NetworkReport> {
  const trips: number[] = [];
  let taken = true;
  try {
    for (let i = 0; i < PROBES && taken; i += 1) {
      const started = now();
      taken = await send(0);
      trips.push(now() - started);
    }
    const roundTripMs = median(trips);
    if (!taken) return { verdict: "reachable", roundTripMs, upstreamBps: null };
    const started = now();
    taken = await send(PROBE_BYTES);
    if (!taken) return { verdict: "reachable", roundTripMs, upstreamBps: null };
    // One round trip of the large request is waiting, not sending.
    const sendingMs = Math.max(1, now() - started - roundTripMs);
    const upstreamBps = (PROBE_BYTES * 8 * 1000) / sendingMs;
    return { verdict: verdictFor(upstreamBps), roundTripMs, upstreamBps };
  } catch {
    return { verdict: "unreachable", roundTripMs: null, upstreamBps: null };
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
