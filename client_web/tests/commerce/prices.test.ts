import { describe, expect, it } from "vitest";
import { firstVariant, leftOf, priceOf, productPrice } from "../../src/commerce/prices.ts";
import { price, product, variant } from "./goods.ts";

describe("the price of a product", () => {
  it("is the lowest among what can be bought", () => {
    const shoe = product("shoe", [
      variant("a", 0, [price(500)]),
      variant("b", 2, [price(900)]),
      variant("c", 1, [price(1200)]),
    ]);
    expect(productPrice(shoe, "EUR")).toEqual({ price: price(900), isFrom: true });
  });

  it("is that of any variant when all is gone", () => {
    const shoe = product("shoe", [variant("a", 0, [price(500)]), variant("b", 0, [price(500)])]);
    expect(productPrice(shoe, "EUR")).toEqual({ price: price(500), isFrom: false });
  });

  it("is missing where it is not sold in the currency", () => {
    const shoe = product("shoe", [variant("a", 1)]);
    expect(productPrice(shoe, "CNY")).toBeNull();
    expect(priceOf(variant("a", 1), "CNY")).toBeNull();
  });
});

describe("the variant offered first", () => {
  it("is the cheapest that can be bought, the one whose price the card names", () => {
    const shoe = product("shoe", [
      variant("a", 2, [price(900)]),
      variant("b", 1, [price(700)]),
      variant("c", 0, [price(500)]),
      variant("d", 9, [price(100, "CNY")]),
    ]);
    expect(firstVariant(shoe, "EUR")?.variant_id).toBe("b");
    expect(productPrice(shoe, "EUR")?.price.amount_minor).toBe(700);
    expect(firstVariant(shoe, "CNY")?.variant_id).toBe("d");
    expect(leftOf(shoe)).toBe(12);
  });

  it("is the first of equals, one of the sold out when there is nothing else, none of none", () => {
    const equal = product("shoe", [variant("a", 1), variant("b", 1)]);
    expect(firstVariant(equal, "EUR")?.variant_id).toBe("a");
    expect(firstVariant(product("gone", [variant("a", 0)]), "EUR")?.variant_id).toBe("a");
    expect(firstVariant(product("x", []), "EUR")).toBeNull();
  });
});
