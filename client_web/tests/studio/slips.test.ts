import { expect, it } from "vitest";
import type { OrderPlaced } from "../../src/protocol/messages.ts";
import { OrderSlips } from "../../src/studio/slips.ts";

function order(id: string, total = 8900): OrderPlaced {
  return {
    type: "order",
    seq: 1,
    at_ms: 0,
    order_id: id,
    product_ids: ["product_1"],
    total_minor: total,
    currency: "USD",
    buyer_name: "Ana",
  };
}

it("shows three slips at most, each for six seconds", () => {
  const slips = new OrderSlips();
  for (const id of ["a", "b", "c", "d"]) slips.add(order(id), 0);
  expect(slips.visible(1000).map((slip) => slip.order.order_id)).toEqual(["b", "c", "d"]);
  expect(slips.visible(6001)).toEqual([]);
});

it("counts an order once, though it comes again after a reconnect", () => {
  const slips = new OrderSlips();
  expect(slips.add(order("a"), 0)).toBe(true);
  expect(slips.add(order("a"), 10)).toBe(false);
  slips.add(order("b", 100), 10);
  expect(slips.sums().get("USD")).toEqual({ orders: 2, totalMinor: 9000 });
});

it("counts what was sold before the page was opened, without a slip for it", () => {
  const slips = new OrderSlips();
  slips.recall([order("b"), order("a")]);
  expect(slips.visible(0)).toEqual([]);
  expect(slips.count).toBe(2);
  expect(slips.add(order("a"), 0)).toBe(false);
});
