/** Orders as they come in: a few slips on screen, each for a while, and the sum of the show so far. */

import type { OrderPlaced } from "../protocol/messages.ts";

const VISIBLE = 3;
const SHOWN_MS = 6000;
/** Kept for the list behind the sum; the console has all. */
const KEPT = 100;

export interface Slip {
  order: OrderPlaced;
  untilMs: number;
}

export class OrderSlips {
  #slips: Slip[] = [];
  readonly #sums = new Map<string, { orders: number; totalMinor: number }>();
  readonly #seen = new Set<string>();
  #recent: OrderPlaced[] = [];

  /** Takes an order; one that came already (after a reconnect) counts once. Returns whether it is new. */
  add(order: OrderPlaced, nowMs: number): boolean {
    if (!this.#count(order)) return false;
    this.#slips = [...this.#slips, { order, untilMs: nowMs + SHOWN_MS }].slice(-VISIBLE);
    return true;
  }

  /** Takes the orders from before this page was opened, newest first: they count, but no slip rises. */
  recall(orders: readonly OrderPlaced[]): void {
    for (const order of [...orders].reverse()) this.#count(order);
  }

  #count(order: OrderPlaced): boolean {
    if (this.#seen.has(order.order_id)) return false;
    this.#seen.add(order.order_id);
    const sum = this.#sums.get(order.currency) ?? { orders: 0, totalMinor: 0 };
    this.#sums.set(order.currency, {
      orders: sum.orders + 1,
      totalMinor: sum.totalMinor + order.total_minor,
    });
    this.#recent = [order, ...this.#recent].sort((a, b) => b.at_ms - a.at_ms).slice(0, KEPT);
    return true;
  }

  /** The slips still to be shown, oldest first. */
  visible(nowMs: number): readonly Slip[] {
    this.#slips = this.#slips.filter((slip) => slip.untilMs > nowMs);
    return this.#slips;
  }

  /** The last orders, newest first. */
  get recent(): readonly OrderPlaced[] {
    return this.#recent;
  }

  get count(): number {
    return this.#seen.size;
  }

  /** Sold in this show, by currency. */
  sums(): ReadonlyMap<string, { orders: number; totalMinor: number }> {
    return this.#sums;
  }
}
