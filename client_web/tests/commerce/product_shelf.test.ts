import { describe, expect, it } from "vitest";
import { ProductShelf } from "../../src/commerce/product_shelf.ts";
import { product, variant } from "./goods.ts";

function setUp() {
  const asked: string[][] = [];
  const shelf = new ProductShelf({
    products: async (ids) => {
      asked.push([...ids]);
      return ids.filter((id) => id !== "gone").map((id) => product(id, [variant(`${id}-v`, 5)]));
    },
  });
  return { shelf, asked };
}

describe("the shelf", () => {
  it("asks for each product once and keeps the order asked for", async () => {
    const { shelf, asked } = setUp();
    await Promise.all([shelf.want(["a", "b", "a"]), shelf.want(["b"])]);
    await shelf.want(["a", "b"]);
    expect(asked.flat()).toEqual(["a", "b"]);
    expect(shelf.list(["b", "gone", "a"]).map((each) => each.product_id)).toEqual(["b", "a"]);
  });

  it("takes true stock from events and tells", async () => {
    const { shelf } = setUp();
    await shelf.want(["a"]);
    const changed: string[] = [];
    shelf.onChanged((id) => changed.push(id));
    shelf.apply({
      type: "stock",
      seq: 1,
      at_ms: 0,
      product_id: "a",
      variants: [{ variant_id: "a-v", left: 2 }],
    });
    shelf.apply({ type: "stock", seq: 2, at_ms: 0, product_id: "unknown", variants: [] });
    expect(shelf.get("a")?.variants[0]?.left).toBe(2);
    expect(changed).toEqual(["a"]);
  });

  it("fetches a changed product again, and everything after a break", async () => {
    const { shelf, asked } = setUp();
    await shelf.want(["a", "b"]);
    shelf.apply({ type: "product", seq: 1, at_ms: 0, product_id: "a" });
    shelf.apply({ type: "product", seq: 2, at_ms: 0, product_id: "never seen" });
    expect(asked.at(-1)).toEqual(["a"]);
    await shelf.refresh();
    expect(asked.at(-1)).toEqual(["a", "b"]);
  });

  it("asks again for what could not be fetched", async () => {
    let isBroken = true;
    const shelf = new ProductShelf({
      products: async (ids) => {
        if (isBroken) throw new Error("network");
        return ids.map((id) => product(id, []));
      },
    });
    await expect(shelf.want(["a"])).rejects.toThrow("network");
    isBroken = false;
    await shelf.want(["a"]);
    expect(shelf.get("a")).not.toBeNull();
  });
});
