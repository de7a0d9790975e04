/** What an order can become next, and what the button for it stands for. */

import type { Order, OrderState } from "../protocol/messages.ts";

/** The way of an order that goes well. */
export const ORDER_WAY: readonly OrderState[] = ["paid", "packed", "shipped", "delivered"];

/** The next step of fulfilment, or null at the end of the way. */
export function nextStep(state: OrderState): OrderState | null {
  const at = ORDER_WAY.indexOf(state);
  return at < 0 ? null : (ORDER_WAY[at + 1] ?? null);
}

/** How an order can leave the way: before it is sent it is cancelled, after that refunded. */
export function wayOut(state: OrderState): OrderState | null {
  if (state === "paid" || state === "packed") return "cancelled";
  if (state === "shipped" || state === "delivered") return "refunded";
  return null;
}

export type OrderFilter = "open" | "sent" | "closed" | "all";

/** Open orders wait for the brand; sent ones for the carrier; closed ones for nobody. */
export function orderGroup(state: OrderState): Exclude<OrderFilter, "all"> {
  if (state === "paid" || state === "packed") return "open";
  return state === "shipped" ? "sent" : "closed";
}

/** Orders of a filter whose number, buyer or goods contain the words. */
export function findOrders(orders: readonly Order[], filter: OrderFilter, words: string): Order[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return orders.filter((order) => {
    if (filter !== "all" && orderGroup(order.state) !== filter) return false;
    if (wanted.length === 0) return true;
    const text = [
      order.order_id,
      order.buyer_name,
      ...order.lines.flatMap((line) => Object.values(line.title)),
    ]
      .join(" ")
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
