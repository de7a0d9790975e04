import { expect, it } from "vitest";
import { fromLocalTime, toLocalTime } from "../../src/console/local_time.ts";

it("keeps the moment on the way to the input and back", () => {
  const iso = "2026-11-27T18:30:00.000Z";
  expect(fromLocalTime(toLocalTime(iso))).toBe(iso);
});

it("knows no time", () => {
  expect(toLocalTime(null)).toBe("");
  expect(toLocalTime("tomorrow")).toBe("");
  expect(fromLocalTime("")).toBeNull();
});
