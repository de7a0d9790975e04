import { describe, expect, it } from "vitest";
import { Purchase, type Step } from "../../src/commerce/purchase.ts";
import { ManualClock } from "../../src/protocol/clock.ts";
import { VitrineError } from "../../src/protocol/errors.ts";
import type { Checkout, Order, PaymentInput, PaymentState } from "../../src/protocol/messages.ts";
import { checkout } from "./goods.ts";

const input: PaymentInput = {
  address: { name: "Ana", email: "a@b.c", street_address: "s", postal_code: "1", city: "c", country: "ES" },
  delivery_option_id: "standard",
  payment_method: "pm_test_ok",
};
const state = (status: PaymentState["status"], changes: Partial<PaymentState> = {}): PaymentState => ({
  status,
  action_url: null,
  decline_code: null,
  order_id: status === "succeeded" ? "order_1" : null,
  ...changes,
});
const order = { order_id: "order_1" } as Order;

interface Script {
  begin?: () => Checkout;
  pay?: (PaymentState | VitrineError)[];
  payment?: (PaymentState | VitrineError)[];
  checkout?: Checkout;
}

function setUp(script: Script) {
  const clock = new ManualClock();
  const keys: string[] = [];
  const cancelled: string[] = [];
  let made = 0;
  const next = (queue: (PaymentState | VitrineError)[] | undefined): PaymentState => {
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (answer === undefined || answer instanceof VitrineError) throw answer;
    return answer;
  };
  const purchase = new Purchase({
    showId: "show_1",
    clock,
    newKey: () => {
      made += 1;
      return `key-${made}`;
    },
    api: {
      beginCheckout: async () => (script.begin ?? checkout)(),
      checkout: async () => script.checkout ?? checkout({ seconds_left: 60 }),
      cancelCheckout: async (id) => void cancelled.push(id),
      pay: async (_id, _input, key) => {
        keys.push(key);
        return next(script.pay);
      },
      payment: async () => next(script.payment),
      order: async () => order,
    },
  });
  const steps: Step["at"][] = [];
  purchase.onStep((step) => steps.push(step.at));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  /** Lets time pass in small steps, with what becomes due in between. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      await settle();
    }
  };
  return { purchase, clock, keys, cancelled, steps, settle, pass };
}

describe("a purchase", () => {
  it("goes from the hold to the order", async () => {
    const { purchase, steps, clock } = setUp({ pay: [state("succeeded")] });
    await purchase.begin("EUR");
    expect(purchase.step).toMatchObject({ at: "form", endsAtMs: clock.now() + 120_000 });
    expect(purchase.isHolding).toBe(true);
    await purchase.pay(input);
    expect(steps).toEqual(["reserving", "form", "paying", "done"]);
    expect(purchase.step).toMatchObject({ order });
  });

  it("says what refused the hold", async () => {
    const { purchase } = setUp({
      begin: () => {
        throw new VitrineError("out_of_stock", "", { detail: { left: 0 } });
      },
    });
    await purchase.begin("EUR");
    expect(purchase.step).toMatchObject({ at: "failed", error: { code: "out_of_stock" } });
  });

  it("brings the form back after a declined card, and pays under a new key", async () => {
    const { purchase, keys } = setUp({
      pay: [state("declined", { decline_code: "insufficient_funds" }), state("succeeded")],
    });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step).toMatchObject({
      at: "form",
      declined: "insufficient_funds",
      checkout: { seconds_left: 60 },
    });
    await purchase.pay(input);
    expect(purchase.step.at).toBe("done");
    expect(keys).toEqual(["key-2", "key-3"]);
  });

  it("is over when too many cards were declined", async () => {
    const { purchase } = setUp({ pay: [state("declined")], checkout: checkout({ state: "cancelled" }) });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step.at).toBe("over");
  });

  it("repeats a lost payment under the same key", async () => {
    const { purchase, keys, pass } = setUp({ pay: [new VitrineError("network", ""), state("succeeded")] });
    await purchase.begin("EUR");
    const paying = purchase.pay(input);
    await pass(1000);
    await paying;
    expect(keys).toEqual(["key-2", "key-2"]);
    expect(purchase.step.at).toBe("done");
  });

  it("keeps the key while the outcome is unknown, also when the buyer presses again", async () => {
    const lost = new VitrineError("timed_out", "");
    const { purchase, keys, pass } = setUp({ pay: [lost, lost, lost, state("succeeded")] });
    await purchase.begin("EUR");
    const paying = purchase.pay(input);
    await pass(3000);
    await paying;
    expect(purchase.step).toMatchObject({ at: "form", error: { code: "timed_out" } });
    await purchase.pay(input);
    expect(new Set(keys)).toEqual(new Set(["key-2"]));
  });

  it("shows the bank's page and asks how it went", async () => {
    const { purchase, pass } = setUp({
      pay: [state("requires_action", { action_url: "/test-payments/1" })],
      payment: [state("processing"), state("succeeded")],
    });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step).toMatchObject({ at: "authenticating", actionUrl: "/test-payments/1" });
    purchase.authenticated();
    await pass(2000);
    expect(purchase.step.at).toBe("done");
  });

  it("waits for a slow confirmation, through failures, and says when it takes long", async () => {
    const { purchase, pass } = setUp({
      pay: [state("processing")],
      payment: [...Array(12).fill(state("processing")), new VitrineError("network", ""), state("succeeded")],
    });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step).toMatchObject({ at: "waiting", isLong: false });
    purchase.cancel();
    expect(purchase.step.at).toBe("waiting");
    await pass(22_000);
    expect(purchase.step).toMatchObject({ at: "waiting", isLong: true });
    await pass(20_000);
    expect(purchase.step.at).toBe("done");
  });

  it("trusts the server's clock about the end of the hold", async () => {
    const { purchase } = setUp({});
    await purchase.begin("EUR");
    await purchase.timeIsOver();
    expect(purchase.step).toMatchObject({ at: "form", checkout: { seconds_left: 60 } });
    const late = setUp({ checkout: checkout({ state: "expired", seconds_left: 0 }) });
    await late.purchase.begin("EUR");
    await late.purchase.timeIsOver();
    expect(late.purchase.step.at).toBe("over");
    await late.purchase.begin("EUR");
    expect(late.purchase.step.at).toBe("form");
  });

  it("is over when the server says so while paying", async () => {
    const { purchase } = setUp({ pay: [new VitrineError("checkout_expired", "")] });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step.at).toBe("over");
  });

  it("asks for the payment when the checkout had moved on without it", async () => {
    const { purchase } = setUp({
      pay: [new VitrineError("checkout_state", "")],
      payment: [state("succeeded")],
    });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step.at).toBe("done");
  });

  it("shows what is wrong with the details beside the form", async () => {
    const { purchase } = setUp({ pay: [new VitrineError("unknown_delivery", "")] });
    await purchase.begin("EUR");
    await purchase.pay(input);
    expect(purchase.step).toMatchObject({ at: "form", error: { code: "unknown_delivery" } });
  });

  it("gives the goods back when left", async () => {
    const { purchase, cancelled } = setUp({});
    await purchase.begin("EUR");
    purchase.cancel();
    expect(cancelled).toEqual(["checkout_1"]);
    expect(purchase.step.at).toBe("idle");
    await purchase.pay(input);
    expect(purchase.step.at).toBe("idle");
  });
});
