import { expect, it } from "vitest";
import { UNDO_MS, WaitingSteps } from "../../src/console/undo";

function steps() {
  const timers = new Map<number, { callback: () => void; delayMs: number }>();
  let next = 0;
  const done: string[] = [];
  const waiting = new WaitingSteps({
    set: (callback, delayMs) => {
      next += 1;
      timers.set(next, { callback, delayMs });
      return next;
    },
    clear: (timer) => void timers.delete(timer as number),
  });
  const add = (key: string, what: string): void => waiting.add(key, async () => void done.push(what));
  return { waiting, add, done, timers };
}

it("carries a step out after its time", () => {
  const { add, done, timers } = steps();
  add("order_a", "packed");
  expect(done).toEqual([]);
  const [timer] = timers.values();
  expect(timer?.delayMs).toBe(UNDO_MS);
  timer?.callback();
  expect(done).toEqual(["packed"]);
});

it("forgets a step that was taken back", () => {
  const { waiting, add, done, timers } = steps();
  add("order_a", "packed");
  expect(waiting.undo("order_a")).toBe(true);
  expect(timers.size).toBe(0);
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
