/** The figure's mouth follows what is told, on the show clock, in the names that a model has. */

import { describe, expect, it } from "vitest";
import { blinkAt, gestureShare, poseAt } from "../../src/player/host3d/driver.ts";
import { mouthShapes, namingOf, shapesOf } from "../../src/player/host3d/mapping.ts";
import type { Score } from "../../src/protocol/messages.ts";
import { PerformanceTrack, VISEMES } from "../../src/protocol/performance.ts";

const AA = VISEMES.indexOf("aa");
const PP = VISEMES.indexOf("PP");
const SIL = VISEMES.indexOf("sil");

function score(over: Partial<Score> = {}): Score {
  return {
    version: 1,
    at_ms: 10_000,
    shapes: [
      [0, SIL, 100],
      [300, AA, 90],
      [600, PP, 100],
      [900, SIL, 100],
    ],
    is_speaking: true,
    gesture: "wave",
    gesture_ms: 10_000,
    look: {},
    ...over,
  };
}

function open(track: PerformanceTrack, showMs: number): number {
  const performed = track.at(showMs);
  if (performed === null) throw new Error("nobody performs");
  return mouthShapes(poseAt(showMs, performed).mouth, "vrm").aa ?? 0;
}

describe("performance", () => {
  it("opens the mouth in a vowel and shuts it at lips and in silence", () => {
    const track = new PerformanceTrack();
    track.add(score());
    expect(open(track, 10_150)).toBe(0);
    expect(open(track, 10_450)).toBeCloseTo(0.9);
    expect(open(track, 10_750)).toBe(0);
    expect(open(track, 11_500)).toBe(0);
  });

  it("goes to a shape around its time, without a jump", () => {
    const track = new PerformanceTrack();
    track.add(score());
    const around = [10_255, 10_270, 10_300, 10_330, 10_345].map((ms) => open(track, ms));
    expect(around).toEqual([...around].sort((a, b) => a - b));
    expect(around[2]).toBeGreaterThan(0.3);
    expect(around[2]).toBeLessThan(0.6);
  });

  it("takes the newest word on a moment, and nothing told later changes what came before it", () => {
    const track = new PerformanceTrack();
    track.add(score());
    track.add(score({ at_ms: 10_400, shapes: [], is_speaking: false }));
    expect(open(track, 10_390)).toBeCloseTo(0.9);
    expect(open(track, 10_500)).toBe(0);
  });

  it("says that nobody performs when nothing is told any more", () => {
    const track = new PerformanceTrack();
    expect(track.at(10_000)).toBeNull();
    track.add(score());
    expect(track.at(16_900)).not.toBeNull();
    expect(track.at(17_100)).toBeNull();
  });

  it("knows what she wears", () => {
    const track = new PerformanceTrack();
    track.add(score({ look: { jacket: "#F3E7D8" } }));
    track.add(score({ at_ms: 12_000, look: { jacket: "#27304A" } }));
    expect(track.at(11_999)?.look).toEqual({ jacket: "#F3E7D8" });
    expect(track.at(12_000)?.look).toEqual({ jacket: "#27304A" });
  });

  it("keeps few scores however long a show is", () => {
    const track = new PerformanceTrack();
    for (let n = 0; n < 1000; n += 1) track.add(score({ at_ms: 10_000 + n * 2000 }));
    expect(track.at(10_000 + 980 * 2000)).toBeNull();
    expect(track.at(10_000 + 998 * 2000)).not.toBeNull();
  });
});

describe("names of shapes", () => {
  it("knows each kind of model by its names, and those that cannot speak", () => {
    expect(namingOf(new Set(["viseme_aa", "jawOpen"]))).toBe("oculus");
    expect(namingOf(new Set(["aa", "ih"]))).toBe("vrm");
    expect(namingOf(new Set(["jawOpen"]))).toBe("arkit");
    expect(namingOf(new Set(["Fcl_MTH_A"]))).toBe("vroid");
    expect(namingOf(new Set(["smile"]))).toBeNull();
  });

  it("opens every kind of mouth in a vowel and none in silence", () => {
    for (const naming of ["vrm", "arkit", "vroid"] as const) {
      expect(shapesOf("sil", 1, naming)).toEqual({});
      for (const vowel of ["aa", "E", "I", "O", "U"] as const) {
        const shapes = Object.values(shapesOf(vowel, 1, naming));
        expect(Math.max(...shapes)).toBeGreaterThan(0.1);
      }
    }
    expect(shapesOf("O", 0.5, "oculus")).toEqual({ viseme_O: 0.5 });
    expect(shapesOf("aa", 1, "vroid")).toEqual({ Fcl_MTH_A: 1 });
  });
});

describe("poses", () => {
  it("ease a gesture in and out and come back to rest", () => {
    expect(gestureShare("wave", 0)).toBe(0);
    expect(gestureShare("wave", 1300)).toBe(1);
    expect(gestureShare("wave", 2600)).toBe(0);
    expect(gestureShare("idle", 100)).toBe(0);
  });

  it("blink now and then, the same on every screen", () => {
    const lids = Array.from({ length: 4000 }, (_, n) => blinkAt(n * 10));
    expect(Math.max(...lids)).toBe(1);
    const open = lids.filter((lid) => lid === 0).length / lids.length;
    expect(open).toBeGreaterThan(0.85);
    expect(blinkAt(12_345)).toBe(blinkAt(12_345));
  });
});
