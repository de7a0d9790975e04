import { describe, expect, it } from "vitest";
import { findOrders, nextStep, orderGroup, wayOut } from "../../src/console/order_steps.ts";
import type { Order, OrderState } from "../../src/protocol/messages.ts";

function order(id: string, state: OrderState, buyer: string, title: string): Order {
  return {
    order_id: id,
    show_id: "show_1",
    show_ms: 0,
    placed_at: "2026-11-01T12:00:00Z",
    state,
    buyer_name: buyer,
    currency: "USD",
    lines: [
      {
        variant_id: "variant_1",
        product_id: "product_1",
        title: { en: title },
        label: { en: "Sand" },
        picture_url: null,
        quantity: 1,
        unit_minor: 1,
        total_minor: 1,
        left: 1,
      },
    ],
    totals: { items_minor: 1, delivery_minor: 0, tax_included_minor: 0, total_minor: 1 },
    address: null,
  };
}

describe("an order", () => {
  it("goes from paid to delivered", () => {
    expect(nextStep("paid")).toBe("packed");
    expect(nextStep("shipped")).toBe("delivered");
    expect(nextStep("delivered")).toBeNull();
    expect(nextStep("cancelled")).toBeNull();
  });

  it("is cancelled before it is sent and refunded after", () => {
    expect(wayOut("packed")).toBe("cancelled");
    expect(wayOut("shipped")).toBe("refunded");
    expect(wayOut("refunded")).toBeNull();
  });

  it("waits for the brand, for the carrier or for nobody", () => {
    expect(["paid", "shipped", "refunded"].map((state) => orderGroup(state as OrderState))).toEqual([
      "open",
      "sent",
      "closed",
    ]);
  });
});

it("finds orders by group, buyer and goods", () => {
  const orders = [
    order("order_a", "paid", "Ana Ruiz", "Dawn lamp"),
    order("order_b", "shipped", "Tom", "Carafe"),
  ];
  expect(findOrders(orders, "all", "ana lamp").map((found) => found.order_id)).toEqual(["order_a"]);
  expect(findOrders(orders, "sent", "")).toHaveLength(1);
  expect(findOrders(orders, "open", "carafe")).toHaveLength(0);
});
