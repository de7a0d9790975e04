import { describe, expect, it } from "vitest";
import { ShowClock } from "../../src/protocol/showclock.ts";

const TURN_MS = 2 ** 32 / 90;

function clockAt(showMs: number): ShowClock {
  const clock = new ShowClock(() => 500);
  clock.correct({ show_ms: showMs, server_time: "" });
  return clock;
}

describe("the show clock", () => {
  it("is the frame's timestamp in the first 13 hours", () => {
    expect(clockAt(60_000).ofFrame(59_800 * 90)).toBe(59_800);
  });

  it.each([1, 2, 7])("unwraps after %i turns, on both sides of the turn", (turns) => {
    const estimate = turns * TURN_MS + 200;
    const clock = clockAt(estimate);
    expect(clock.ofFrame(9000)).toBeCloseTo(turns * TURN_MS + 100, 3);
    expect(clock.ofFrame(2 ** 32 - 9000)).toBeCloseTo(turns * TURN_MS - 100, 3);
  });

  it("is never negative", () => {
    expect(clockAt(0).ofFrame(2 ** 32 - 90)).toBeGreaterThanOrEqual(0);
  });

  it("goes on with the local clock and trusts the fastest answer", () => {
    let now = 0;
    const clock = new ShowClock(() => now);
    expect(clock.isKnown).toBe(false);
    expect(clock.estimateMs()).toBe(0);
    clock.correct({ show_ms: 1000, server_time: "" });
    now = 400;
    clock.correct({ show_ms: 1300, server_time: "" }); // 100 ms late
    expect(clock.estimateMs()).toBe(1400);
    now = 900;
    expect(clock.estimateMs()).toBe(1900);
  });

  it("follows a timeline that jumped", () => {
    let now = 0;
    const clock = new ShowClock(() => now);
    clock.correct({ show_ms: 600_000, server_time: "" });
    now = 100;
    clock.correct({ show_ms: 5000, server_time: "" });
    expect(clock.estimateMs()).toBe(5000);
  });
});
