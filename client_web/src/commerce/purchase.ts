/**
 * From the cart to the order: reserve, pay, authenticate, wait for the confirmation. No DOM.
 *
 * Every call that could be carried out twice has an Idempotency-Key, kept as long as the answer is unknown: after a
 * lost answer the same request goes out again under the same key.
 */

import type { Clock } from "../protocol/clock.ts";
import { Emitter, type Handler } from "../protocol/emitter.ts";
import { VitrineError } from "../protocol/errors.ts";
import type { Checkout, Order, PaymentInput, PaymentState } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

export type Step =
  | { at: "idle" }
  | { at: "reserving" }
  /** The form: goods are held until `endsAtMs` of the clock. `declined` is the provider's code of the last attempt. */
  | { at: "form"; checkout: Checkout; endsAtMs: number; declined: string | null; error: VitrineError | null }
  | { at: "paying"; checkout: Checkout }
  /** The buyer's bank asks: show this page in a frame, then call `authenticated`. */
  | { at: "authenticating"; checkout: Checkout; actionUrl: string }
  /** Paid perhaps, confirmed later. `isLong` after a while. */
  | { at: "waiting"; checkout: Checkout; isLong: boolean }
  | { at: "done"; order: Order }
  /** The hold ran out; nothing was charged. */
  | { at: "over" }
  | { at: "failed"; error: VitrineError };

type PurchaseApi = Pick<Api, "beginCheckout" | "checkout" | "cancelCheckout" | "pay" | "payment" | "order">;

export interface PurchaseOptions {
  api: PurchaseApi;
  showId: string;
  clock: Clock;
  newKey: () => string;
}

const POLL_MS = [600, 1000, 1500, 2000];
const LONG_AFTER_MS = 20_000;
/** A network that fails is asked again this often before the buyer is told. */
const REPEATS = 2;
const UNKNOWN_OUTCOME: ReadonlySet<string> = new Set(["network", "timed_out", "unavailable", "in_progress"]);

export class Purchase {
  readonly #options: PurchaseOptions;
  readonly #emitter = new Emitter<{ step: Step }>();
  #step: Step = { at: "idle" };
  #round = 0;
  #timer: unknown = null;
  #paymentKey: { body: string; key: string } | null = null;

  constructor(options: PurchaseOptions) {
    this.#options = options;
  }

  get step(): Step {
    return this.#step;
  }

  /** True while goods are held for this buyer. */
  get isHolding(): boolean {
    return "checkout" in this.#step;
  }

  onStep(handler: Handler<Step>, signal?: AbortSignal): void {
    this.#emitter.on("step", handler, signal);
  }

  /** Reserves what is in the cart. */
  async begin(currency: string): Promise<void> {
    if (this.#step.at === "reserving" || this.isHolding) return;
    const round = this.#next();
    this.#to({ at: "reserving" });
    const key = this.#options.newKey();
    try {
      const checkout = await this.#insist(() =>
        this.#options.api.beginCheckout(this.#options.showId, { currency }, key),
      );
      if (round === this.#round) this.#showForm(checkout, null, null);
    } catch (error) {
      if (round === this.#round) this.#to({ at: "failed", error: asVitrineError(error) });
    }
  }

  /** Pays with these details. Anything wrong with them brings the form back. */
  async pay(input: PaymentInput): Promise<void> {
    const step = this.#step;
    if (step.at !== "form") return;
    const round = this.#next();
    const { checkout } = step;
    this.#to({ at: "paying", checkout });
    const body = JSON.stringify(input);
    if (this.#paymentKey?.body !== body) this.#paymentKey = { body, key: this.#options.newKey() };
    const { key } = this.#paymentKey;
    try {
      const payment = await this.#insist(() => this.#options.api.pay(checkout.checkout_id, input, key));
      if (round === this.#round) await this.#follow(checkout, payment, round, this.#options.clock.now());
    } catch (error) {
      if (round === this.#round) await this.#refused(step, asVitrineError(error));
    }
  }

  /** The bank's page is finished: asks how it went. */
  authenticated(): void {
    const step = this.#step;
    if (step.at !== "authenticating") return;
    const round = this.#next();
    this.#to({ at: "waiting", checkout: step.checkout, isLong: false });
    void this.#ask(step.checkout, round, this.#options.clock.now(), 0);
  }

  /** The time ran out on our clock; the server is asked, its clock is the one that counts. */
  async timeIsOver(): Promise<void> {
    const step = this.#step;
    if (step.at !== "form") return;
    try {
      const checkout = await this.#options.api.checkout(step.checkout.checkout_id);
      if (this.#step !== step) return;
      if (checkout.state === "open" && checkout.seconds_left > 0.5)
        this.#showForm(checkout, step.declined, null);
      else this.#over();
    } catch {
      if (this.#step === step) this.#over();
    }
  }

  /** Gives the goods back and forgets; not while a payment is under way. */
  cancel(): void {
    const step = this.#step;
    if (step.at === "paying" || step.at === "waiting") return;
    this.#next();
    this.#paymentKey = null;
    if ("checkout" in step) void this.#options.api.cancelCheckout(step.checkout.checkout_id).catch(() => {});
    this.#to({ at: "idle" });
  }

  #next(): number {
    this.#options.clock.cancel(this.#timer);
    this.#round += 1;
    return this.#round;
  }

  #to(step: Step): void {
    this.#step = step;
    this.#emitter.emit("step", step);
  }

  #over(): void {
    this.#next();
    this.#paymentKey = null;
    this.#to({ at: "over" });
  }

  #showForm(checkout: Checkout, declined: string | null, error: VitrineError | null): void {
    const endsAtMs = this.#options.clock.now() + checkout.seconds_left * 1000;
    this.#to({ at: "form", checkout, endsAtMs, declined, error });
  }

  async #insist<T>(call: () => Promise<T>): Promise<T> {
    for (let repeat = 0; ; repeat += 1) {
      try {
        return await call();
      } catch (error) {
        const code = error instanceof VitrineError ? error.code : "";
        if (repeat >= REPEATS || !UNKNOWN_OUTCOME.has(code)) throw error;
        await this.#pause(700 * (repeat + 1));
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }

  async #refused(form: Extract<Step, { at: "form" }>, error: VitrineError): Promise<void> {
    if (error.code === "checkout_expired") {
      this.#over();
      return;
    }
    if (error.code === "checkout_state") {
      // it went on without us (an earlier answer was lost): the payment knows
      const round = this.#next();
      this.#to({ at: "waiting", checkout: form.checkout, isLong: false });
      await this.#ask(form.checkout, round, this.#options.clock.now(), 0);
      return;
    }
    this.#to({ ...form, declined: null, error });
  }

  async #follow(
    checkout: Checkout,
    payment: PaymentState,
    round: number,
    sinceMs: number,
    asked = 0,
  ): Promise<void> {
    switch (payment.status) {
      case "succeeded":
        if (payment.order_id !== null) await this.#finish(payment.order_id, round);
        else this.#askLater(checkout, round, sinceMs, asked);
        return;
      case "declined":
        await this.#declined(checkout, payment.decline_code ?? "declined", round);
        return;
      case "requires_action":
        if (payment.action_url !== null) {
          this.#to({ at: "authenticating", checkout, actionUrl: payment.action_url });
          return;
        }
        this.#askLater(checkout, round, sinceMs, asked);
        return;
      case "processing":
        this.#askLater(checkout, round, sinceMs, asked);
    }
  }

  #askLater(checkout: Checkout, round: number, sinceMs: number, asked: number): void {
    const isLong = this.#options.clock.now() - sinceMs > LONG_AFTER_MS;
    if (this.#step.at !== "waiting" || this.#step.isLong !== isLong) {
      this.#to({ at: "waiting", checkout, isLong });
    }
    const delayMs = POLL_MS[Math.min(asked, POLL_MS.length - 1)] ?? 2000;
    this.#timer = this.#options.clock.after(isLong ? 5000 : delayMs, () => {
      void this.#ask(checkout, round, sinceMs, asked + 1);
    });
  }

  async #ask(checkout: Checkout, round: number, sinceMs: number, asked: number): Promise<void> {
    if (round !== this.#round) return;
    try {
      const payment = await this.#options.api.payment(checkout.checkout_id);
      if (round === this.#round) await this.#follow(checkout, payment, round, sinceMs, asked);
    } catch {
      // money may be on its way: never give up asking
      if (round === this.#round) this.#askLater(checkout, round, sinceMs, asked);
    }
  }

  async #declined(checkout: Checkout, code: string, round: number): Promise<void> {
    this.#paymentKey = null;
    let current = checkout;
    try {
      current = await this.#options.api.checkout(checkout.checkout_id);
    } catch {
      // the old one will do; its time is checked when it is over
    }
    if (round !== this.#round) return;
    if (current.state === "open") this.#showForm(current, code, null);
    else this.#over();
  }

  async #finish(orderId: string, round: number): Promise<void> {
    try {
      const order = await this.#insist(() => this.#options.api.order(orderId));
      if (round !== this.#round) return;
      this.#paymentKey = null;
      this.#to({ at: "done", order });
    } catch (error) {
      if (round === this.#round) this.#to({ at: "failed", error: asVitrineError(error) });
    }
  }
}

function asVitrineError(error: unknown): VitrineError {
  return error instanceof VitrineError ? error : new VitrineError("error", String(error), { cause: error });
}
