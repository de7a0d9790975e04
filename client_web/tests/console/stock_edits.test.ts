import { expect, it } from "vitest";
import { GATHER_MS, StockEdits } from "../../src/console/stock_edits.ts";
import { ManualClock } from "../../src/protocol/clock.ts";

function edits() {
  const clock = new ManualClock();
  const sent: [string, number][] = [];
  return { clock, sent, edits: new StockEdits(clock, (id, change) => sent.push([id, change])) };
}

it("sends many taps as one change", () => {
  const { clock, sent, edits: own } = edits();
  for (let tap = 0; tap < 10; tap += 1) {
    own.add("sand", 1);
    clock.advance(GATHER_MS - 1);
  }
  own.add("ink", -2);
  expect(own.pending("sand")).toBe(10);
  clock.advance(GATHER_MS);
  expect(sent).toEqual([
    ["sand", 10],
    ["ink", -2],
  ]);
  expect(own.pending("sand")).toBe(0);
});

it("sends nothing when the taps cancel out", () => {
  const { sent, edits: own } = edits();
  own.add("sand", 1);
  own.add("sand", -1);
  own.flushAll();
  expect(sent).toEqual([]);
});
