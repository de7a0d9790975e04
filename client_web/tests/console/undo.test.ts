import { expect, it } from "vitest";
import { UNDO_MS, WaitingSteps } from "../../src/console/undo.ts";
import { ManualClock } from "../../src/protocol/clock.ts";

function steps() {
  const clock = new ManualClock();
  const done: string[] = [];
  const waiting = new WaitingSteps(clock);
  const add = (key: string, what: string): void => waiting.add(key, async () => void done.push(what));
  return { waiting, add, done, clock };
}

it("carries a step out after its time", () => {
  const { add, done, clock } = steps();
  add("order_a", "packed");
  clock.advance(UNDO_MS - 1);
  expect(done).toEqual([]);
  clock.advance(1);
  expect(done).toEqual(["packed"]);
});

it("forgets a step that was taken back", () => {
  const { waiting, add, done, clock } = steps();
  add("order_a", "packed");
  expect(waiting.undo("order_a")).toBe(true);
  clock.advance(UNDO_MS);
  expect(done).toEqual([]);
  expect(waiting.undo("order_a")).toBe(false);
});

it("carries the earlier step of the same thing out first", () => {
  const { add, done, waiting } = steps();
  add("order_a", "packed");
  add("order_a", "shipped");
  expect(done).toEqual(["packed"]);
  waiting.flushAll();
  expect(done).toEqual(["packed", "shipped"]);
});
