/** What a viewer's statistics mean, in a word; the player turns the word into a sentence. */

/** `good`: as sent. `reduced`: fewer frames or lost packets are seen. `poor`: the picture stands still at times. */
export type Quality = "good" | "reduced" | "poor";

export interface Sample {
  atMs: number;
  framesDecoded: number;
  packetsReceived: number;
  packetsLost: number;
  bytesReceived: number;
  freezes: number;
  freezeS: number;
  widthPx: number;
  heightPx: number;
}

export interface Reading {
  quality: Quality;
  fps: number;
  /** Share of packets lost before repair, 0 to 1. */
  loss: number;
  bps: number;
  widthPx: number;
  heightPx: number;
}

/** The receiver's counters; null before the first picture. */
export async function sample(connection: RTCPeerConnection, nowMs: number): Promise<Sample | null> {
  const report = await connection.getStats();
  for (const stats of report.values()) {
    if (stats.type === "inbound-rtp" && stats.kind === "video" && (stats.framesDecoded ?? 0) > 0) {
      return {
        atMs: nowMs,
        framesDecoded: stats.framesDecoded ?? 0,
        packetsReceived: stats.packetsReceived ?? 0,
        packetsLost: stats.packetsLost ?? 0,
        bytesReceived: stats.bytesReceived ?? 0,
        freezes: stats.freezeCount ?? 0,
        freezeS: stats.totalFreezesDuration ?? 0,
        widthPx: stats.frameWidth ?? 0,
        heightPx: stats.frameHeight ?? 0,
      };
    }
  }
  return null;
}

/** Compares two samples, some seconds apart. */
export function read(before: Sample, after: Sample): Reading {
  const seconds = Math.max(0.001, (after.atMs - before.atMs) / 1000);
  const fps = Math.max(0, after.framesDecoded - before.framesDecoded) / seconds;
  const received = Math.max(0, after.packetsReceived - before.packetsReceived);
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const loss = received + lost === 0 ? 0 : lost / (received + lost);
  const bps = (Math.max(0, after.bytesReceived - before.bytesReceived) * 8) / seconds;
  const frozen = (after.freezeS - before.freezeS) / seconds;
  const quality: Quality =
    fps < 8 || frozen > 0.3 || loss > 0.15
      ? "poor"
      : fps < 18 || frozen > 0.05 || loss > 0.05
        ? "reduced"
        : "good";
  return { quality, fps, loss, bps, widthPx: after.widthPx, heightPx: after.heightPx };
}
