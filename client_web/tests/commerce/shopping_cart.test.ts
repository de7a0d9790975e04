import { describe, expect, it } from "vitest";
import { ShoppingCart } from "../../src/commerce/shopping_cart.ts";
import type { Cart, CartLine } from "../../src/protocol/messages.ts";

function setUp() {
  const quantities = new Map<string, number>();
  const writes: [string, number][] = [];
  const cart = (): Cart => {
    const lines = [...quantities].map(
      ([id, quantity]): CartLine => ({
        variant_id: id,
        product_id: id,
        title: {},
        label: {},
        picture_url: null,
        quantity,
        unit_minor: 100,
        total_minor: 100 * quantity,
        left: 9,
      }),
    );
    return { currency: "EUR", lines, items_minor: lines.reduce((sum, line) => sum + line.total_minor, 0) };
  };
  const shopping = new ShoppingCart(
    {
      cart: async () => cart(),
      setCartLine: async (_show, id, { quantity }) => {
        writes.push([id, quantity]);
        if (id === "refused") throw new Error("out_of_stock");
        quantities.set(id, quantity);
        return cart();
      },
      removeCartLine: async (_show, id) => {
        quantities.delete(id);
        return cart();
      },
    },
    "show",
    "EUR",
  );
  return { shopping, writes };
}

describe("the cart", () => {
  it("adds to what is there, one write after the other", async () => {
    const { shopping, writes } = setUp();
    await Promise.all([shopping.add("a", 1), shopping.add("a", 2), shopping.add("b", 1)]);
    expect(writes).toEqual([
      ["a", 1],
      ["a", 3],
      ["b", 1],
    ]);
    expect(shopping.count).toBe(4);
    expect(shopping.cart.items_minor).toBe(400);
  });

  it("never asks for more than 99 of one thing", async () => {
    const { shopping, writes } = setUp();
    await shopping.add("a", 98);
    await shopping.add("a", 98);
    expect(writes.at(-1)).toEqual(["a", 99]);
  });

  it("goes on after a refusal", async () => {
    const { shopping } = setUp();
    const counts: number[] = [];
    shopping.onChanged((cart) => counts.push(cart.lines.length));
    await expect(shopping.add("refused", 1)).rejects.toThrow("out_of_stock");
    await shopping.add("a", 1);
    await shopping.remove("a");
    expect(counts).toEqual([1, 0]);
  });

  it("carries lines over to a new person and is empty after an order", async () => {
    const { shopping } = setUp();
    const before = (await shopping.add("a", 2)).lines;
    await shopping.remove("a");
    await shopping.carryOver(before);
    expect(shopping.line("a")?.quantity).toBe(2);
    shopping.forget();
    expect(shopping.count).toBe(0);
    expect((await shopping.load()).lines).toHaveLength(1);
  });
});
