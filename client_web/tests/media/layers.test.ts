import { expect, test } from "vitest";
import { asSingle, canEncodeLayers, takesLayers, threeLayers } from "../../src/media/layers.ts";

test("three layers come to what the server asks of a host at most", () => {
  const layers = threeLayers();
  expect(layers.map(({ rid }) => rid)).toEqual(["q", "h", "f"]);
  expect(layers.reduce((sum, { maxBitrate = 0 }) => sum + maxBitrate, 0)).toBeLessThanOrEqual(2_500_000);
});

test("a device with few cores sends one picture", () => {
  expect([undefined, 2, 4, 8].map(canEncodeLayers)).toEqual([false, false, true, true]);
});

test("an answer without layers is noticed", () => {
  expect(takesLayers("m=video 9 X 96\r\na=rid:q recv\r\na=simulcast:recv q;h;f\r\n")).toBe(true);
  expect(takesLayers("m=video 9 X 96\r\na=recvonly\r\n")).toBe(false);
});

test("refused layers become one full picture", () => {
  const [only, ...rest] = asSingle(threeLayers(), 2_500_000);
  expect(only).toMatchObject({ maxBitrate: 2_500_000, scaleResolutionDownBy: 1 });
  expect(rest).toEqual([]);
});
