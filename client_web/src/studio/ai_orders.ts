/**
 * Orders to the AI host, each with what came of it. The server only says that an order was passed on; whether it is
 * taken, and what the guard found in the words, the AI host says itself a moment later.
 */

import type { Clock } from "../protocol/clock.ts";
import type { Ack, AiFinding, AiVerdict } from "../protocol/messages.ts";
import type { Request } from "../protocol/pending_commands.ts";

/** `silent`: nobody took note of it in time. */
export type Outcome =
  | { kind: "taken" }
  | { kind: "objection"; findings: readonly AiFinding[] }
  | { kind: "gone" }
  | { kind: "silent" };

export type Order = Omit<Extract<Request, { type: "ai.direct" }>, "type">;

/** A verdict takes as long as two messages and a look at the facts. */
const PATIENCE_MS = 6000;
const KEPT = 32;

export class AiOrders {
  readonly #send: (request: Request) => Promise<Ack>;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  /** Verdicts that came before the server's own answer. */
  readonly #early = new Map<string, Outcome>();

  constructor(send: (request: Request) => Promise<Ack>, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Passes an order on; rejects when the server refuses it. */
  async give(order: Order): Promise<Outcome> {
    const { ref } = await this.#send({ type: "ai.direct", ...order });
    const early = this.#early.get(ref);
    if (early !== undefined) {
      this.#early.delete(ref);
      return early;
    }
    // Only words are judged; the rest counts at once.
    if (order.act !== "say" && order.act !== "edit") return { kind: "taken" };
    return new Promise((resolve) => {
      const timer = this.#clock.after(PATIENCE_MS, () => {
        this.#waiting.delete(ref);
        resolve({ kind: "silent" });
      });
      this.#waiting.set(ref, (outcome) => {
        this.#clock.cancel(timer);
        resolve(outcome);
      });
    });
  }

  /** The AI host has spoken about an order, maybe another studio's. */
  hear(verdict: AiVerdict): void {
    const outcome = outcomeOf(verdict);
    const waiting = this.#waiting.get(verdict.order);
    if (waiting !== undefined) {
      this.#waiting.delete(verdict.order);
      waiting(outcome);
      return;
    }
    this.#early.set(verdict.order, outcome);
    for (const old of this.#early.keys()) {
      if (this.#early.size <= KEPT) break;
      this.#early.delete(old);
    }
  }
}

function outcomeOf(verdict: AiVerdict): Outcome {
  if (verdict.accepted) return { kind: "taken" };
  if (verdict.findings.some((finding) => finding.kind === "unknown_line")) return { kind: "gone" };
  return { kind: "objection", findings: verdict.findings };
}
