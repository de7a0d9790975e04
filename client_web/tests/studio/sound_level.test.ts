import { expect, it } from "vitest";
import { meterValue } from "../../src/studio/sound_level.ts";

it("is empty in silence and full at full scale", () => {
  expect(meterValue(new Float32Array(64))).toBe(0);
  expect(meterValue(new Float32Array(64).fill(1))).toBe(1);
});

it("stands in the middle at thirty decibels below full scale", () => {
  expect(meterValue(new Float32Array(64).fill(10 ** (-30 / 20)))).toBeCloseTo(0.5, 5);
});
