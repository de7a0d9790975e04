import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Arrivals, Pulse } from "../../src/media/pulse.ts";

describe("the pulse of a session", () => {
  let arrivals: Arrivals | null;
  let lives: boolean | Error;
  const asked = vi.fn();
  let pulse: Pulse;

  beforeEach(() => {
    arrivals = { count: 10, lastAtMs: 1000 };
    lives = true;
    asked.mockClear();
    pulse = new Pulse({
      arrivals: async () => arrivals,
      lives: async () => {
        asked();
        if (lives instanceof Error) throw lives;
        return lives;
      },
    });
  });

  it("is not looked at while frames come", async () => {
    lives = false;
    expect(await pulse.isDead(9900, 10_000)).toBe(false);
    expect(asked).not.toHaveBeenCalled();
  });

  it("is there while reports come, whatever the host does", async () => {
    lives = false;
    for (let now = 2000; now < 10_000; now += 500) {
      arrivals = { count: now, lastAtMs: now - 1000 };
      expect(await pulse.isDead(1000, now)).toBe(false);
    }
    expect(asked).not.toHaveBeenCalled();
  });

  it("is gone when nothing arrives and the server does not know the session", async () => {
    lives = false;
    expect(await pulse.isDead(1000, 2000)).toBe(false);
    expect(await pulse.isDead(1000, 2500)).toBe(true);
  });

  it("counts from the first look where the browser does not say when the last packet came", async () => {
    arrivals = { count: 10, lastAtMs: null };
    lives = false;
    expect(await pulse.isDead(1000, 2000)).toBe(false);
    expect(await pulse.isDead(1000, 3000)).toBe(false);
    expect(await pulse.isDead(1000, 3500)).toBe(true);
  });

  it("is asked for once in each silence", async () => {
    for (let now = 2500; now < 20_000; now += 500) expect(await pulse.isDead(1000, now)).toBe(false);
    expect(asked).toHaveBeenCalledTimes(1);
    arrivals = { count: 11, lastAtMs: 20_000 };
    expect(await pulse.isDead(1000, 20_500)).toBe(false);
    lives = false;
    expect(await pulse.isDead(1000, 21_500)).toBe(true);
  });

  it("is not judged while the server cannot be reached, or the browser does not count", async () => {
    lives = new Error("offline");
    expect(await pulse.isDead(1000, 2500)).toBe(false);
    arrivals = null;
    expect(await pulse.isDead(1000, 9000)).toBe(false);
  });
});
