import { expect, it } from "vitest";
import { moved, placeAt } from "../../src/console/reorder.ts";

it("moves one item and keeps the others in order", () => {
  expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(["a", "b", "c"], 2, -5)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], 0, 99)).toEqual(["b", "c", "a"]);
  expect(moved(["a"], 7, 0)).toEqual(["a"]);
});

it("finds the place of a dragged row among the others", () => {
  expect(placeAt(0, [20, 60, 100])).toBe(0);
  expect(placeAt(70, [20, 60, 100])).toBe(2);
  expect(placeAt(500, [20, 60, 100])).toBe(3);
});
