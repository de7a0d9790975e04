import { describe, expect, it } from "vitest";
import { checkNetwork, verdictFor } from "../../src/studio/network_check.ts";

/** A line with a round trip and a speed, on a hand-turned clock. */
function line(roundTripMs: number, bps: number, takes = true) {
  let nowMs = 0;
  return {
    send: async (bytes: number): Promise<boolean> => {
      nowMs += roundTripMs + (bytes * 8000) / bps;
      return takes;
    },
    now: () => nowMs,
  };
}

describe("the network check", () => {
  it("measures the speed without the round trip", async () => {
    const { send, now } = line(40, 5_000_000);
    const report = await checkNetwork(send, now);
    expect(report.verdict).toBe("good_720");
    expect(report.roundTripMs).toBe(40);
    expect(report.upstreamBps).toBeCloseTo(5_000_000, -3);
  });

  it("makes no figure up where the server takes no measurement", async () => {
    const { send, now } = line(40, 5_000_000, false);
    expect(await checkNetwork(send, now)).toEqual({
      verdict: "reachable",
      roundTripMs: 40,
      upstreamBps: null,
    });
  });

  it("says when nothing comes back", async () => {
    const report = await checkNetwork(
      () => Promise.reject(new TypeError("Failed to fetch")),
      () => 0,
    );
    expect(report.verdict).toBe("unreachable");
  });

  it.each([
    [8_000_000, "good_720"],
    [2_000_000, "good_540"],
    [1_000_000, "good_360"],
    [200_000, "too_slow"],
  ])("%i bit/s is %s", (bps, verdict) => {
    expect(verdictFor(bps)).toBe(verdict);
  });
});
