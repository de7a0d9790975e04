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
  it("is the wanted one while there is some left of it, else one that can be bought", () => {
    const shoe = product("shoe", [variant("a", 0), variant("b", 2), variant("c", 3)]);
    expect(firstVariant(shoe, "c")?.variant_id).toBe("c");
    expect(firstVariant(shoe, "a")?.variant_id).toBe("b");
    expect(firstVariant(product("x", []))).toBeNull();
    expect(leftOf(shoe)).toBe(5);
  });
});
