import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/protocol/clock.ts";
import { VitrineError } from "../../src/protocol/errors.ts";
import type { AiFinding, AiVerdict } from "../../src/protocol/messages.ts";
import { AiOrders } from "../../src/studio/ai_orders.ts";

const FINDING: AiFinding = { kind: "number", found: "$5", rule: "" };

function verdict(order: string, accepted: boolean, findings: AiFinding[] = []): AiVerdict {
  return { type: "ai_verdict", seq: 1, at_ms: 0, order, accepted, findings };
}

function desk() {
  const clock = new ManualClock();
  const sent: unknown[] = [];
  let count = 0;
  const orders = new AiOrders((request) => {
    sent.push(request);
    count += 1;
    return Promise.resolve({ type: "ack", ref: `r${count}`, clock: null });
  }, clock);
  return { clock, sent, orders };
}

async function settled(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
}

describe("orders to the AI host", () => {
  it("counts at once when there is nothing to judge", async () => {
    const { orders, sent } = desk();
    expect(await orders.give({ act: "pause" })).toEqual({ kind: "taken" });
    expect(sent).toEqual([{ type: "ai.direct", act: "pause" }]);
  });

  it("tells what the guard found, and that it was taken on the second word", async () => {
    const { orders } = desk();
    const first = orders.give({ act: "say", text: "It costs $5." });
    await settled();
    orders.hear(verdict("r1", false, [FINDING]));
    expect(await first).toEqual({ kind: "objection", findings: [FINDING] });
    const second = orders.give({ act: "say", text: "It costs $5.", insist: true });
    await settled();
    orders.hear(verdict("r2", true, [FINDING]));
    expect(await second).toEqual({ kind: "taken" });
  });

  it("knows a verdict that was faster than the server's answer", async () => {
    const { orders } = desk();
    orders.hear(verdict("r1", true));
    expect(await orders.give({ act: "edit", text: "New words.", line_id: 4 })).toEqual({ kind: "taken" });
  });

  it("says when the line was over", async () => {
    const { orders } = desk();
    const order = orders.give({ act: "edit", text: "New words.", line_id: 4 });
    await settled();
    orders.hear(verdict("r1", false, [{ kind: "unknown_line", found: "", rule: "" }]));
    expect(await order).toEqual({ kind: "gone" });
  });

  it("does not wait for a host that is not there", async () => {
    const { orders, clock } = desk();
    const order = orders.give({ act: "say", text: "Hello." });
    await settled();
    clock.advance(7000);
    expect(await order).toEqual({ kind: "silent" });
  });

  it("forgets verdicts of other studios before they fill the memory", async () => {
    const { orders } = desk();
    for (let n = 0; n < 100; n += 1) orders.hear(verdict(`other${n}`, true));
    orders.hear(verdict("r1", false, [FINDING]));
    expect((await orders.give({ act: "say", text: "x" })).kind).toBe("objection");
  });

  it("passes the server's refusal on", async () => {
    const orders = new AiOrders(
      () => Promise.reject(new VitrineError("forbidden", "This is not yours.")),
      new ManualClock(),
    );
    await expect(orders.give({ act: "skip" })).rejects.toMatchObject({ code: "forbidden" });
  });
});
