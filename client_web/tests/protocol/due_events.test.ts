import { describe, expect, it } from "vitest";
import { DueEvents } from "../../src/protocol/due_events.ts";
import type { ShowEvent } from "../../src/protocol/messages.ts";

const event = (seq: number, atMs: number): ShowEvent => ({
  type: "announcement",
  seq,
  at_ms: atMs,
  text: "",
});
const seqs = (events: ShowEvent[]): number[] => events.map(({ seq }) => seq);

describe("events waiting for their frame", () => {
  it("are all due once their moment is reached or passed, in order", () => {
    const due = new DueEvents();
    for (const each of [event(1, 100), event(2, 133), event(3, 133), event(4, 400)]) due.add(each);
    expect(seqs(due.take(99))).toEqual([]);
    expect(due.nextMs()).toBe(100);
    expect(seqs(due.take(166))).toEqual([1, 2, 3]);
    expect(seqs(due.take(400))).toEqual([4]);
    expect(due.nextMs()).toBeNull();
  });

  it("are put in order when an earlier moment comes later", () => {
    const due = new DueEvents();
    for (const each of [event(2, 200), event(1, 100), event(3, 200)]) due.add(each);
    expect(seqs(due.take(1000))).toEqual([1, 2, 3]);
  });

  it("are never lost when the clock is wrong: too many, and the oldest are due", () => {
    const due = new DueEvents();
    for (let seq = 0; seq < 510; seq += 1) due.add(event(seq, 1e9));
    expect(seqs(due.take(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    due.clear();
    expect(due.nextMs()).toBeNull();
  });
});
