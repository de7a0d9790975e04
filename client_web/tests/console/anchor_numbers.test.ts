import { describe, expect, it } from "vitest";
import { mirrored, mirrorOf, parsed, quaternionOf, turnOf } from "../../src/console/anchor_numbers.ts";

it.each([
  ["12.5", 12.5],
  ["12,5", 12.5],
  ["−3", -3],
  [" 7 ", 7],
  ["", null],
  ["-", null],
  ["1e9", null],
  ["12 mm", null],
  ["9999999", null],
] as const)("%j is read as %j", (text, number) => {
  expect(parsed(text)).toBe(number);
});

it("knows the other side", () => {
  expect(mirrorOf("temple_left")).toBe("temple_right");
  expect(mirrorOf("neck_right")).toBe("neck_left");
  expect(mirrorOf("bridge")).toBeNull();
  expect(mirrored([0.07, 0.01, -0.1])).toEqual([-0.07, 0.01, -0.1]);
  expect(Object.is(mirrored([0, 1, 2])[0], 0)).toBe(true);
});

describe("turns", () => {
  it.each([[[0, 0, 0]], [[30, 0, 0]], [[-12, 40, 5]], [[170, -80, 33]]])(
    "%j degrees come back",
    (degrees) => {
      const turned = turnOf(quaternionOf(degrees));
      turned.forEach((value, axis) => {
        expect(value).toBeCloseTo(degrees[axis] ?? 0, 6);
      });
    },
  );

  it("keep their length, also when two axes fall together", () => {
    const quaternion = quaternionOf([20, 90, 10]);
    expect(Math.hypot(...quaternion)).toBeCloseTo(1, 9);
    const again = quaternionOf(turnOf(quaternion));
    const dot = again.reduce((sum, part, place) => sum + part * (quaternion[place] ?? 0), 0);
    expect(Math.abs(dot)).toBeCloseTo(1, 6);
  });
});
