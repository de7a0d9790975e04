import { describe, expect, it, vi } from "vitest";
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

describe("the shelf of a reader of another language", () => {
  const translated = (title: string, isComplete = true) => ({
    ...product("a", [variant("a-v", 5)]),
    translation: { language: "es", texts: { title, "variants.a-v.label": "roble" }, is_complete: isComplete },
  });

  it("has translated texts in front and what the seller wrote behind", async () => {
    const languages: (string | undefined)[] = [];
    const shelf = new ProductShelf(
      {
        products: async (_, language) => {
          languages.push(language);
          return [language === "es" ? translated("taza") : product("a", [variant("a-v", 5)])];
        },
      },
      "es",
    );
    await shelf.want(["a"]);
    expect(shelf.get("a")?.title).toEqual({ en: "a", es: "taza" });
    expect(shelf.get("a")?.variants[0]?.label.es).toBe("roble");
    expect(shelf.original("a")?.title).toEqual({ en: "a" });
    shelf.apply({
      type: "stock",
      seq: 1,
      at_ms: 0,
      product_id: "a",
      variants: [{ variant_id: "a-v", left: 1 }],
    });
    expect(shelf.get("a")).toMatchObject({ title: { es: "taza" }, variants: [{ left: 1 }] });
    await shelf.speak("en");
    expect(shelf.get("a")?.title).toEqual({ en: "a" });
    expect(languages).toEqual(["es", "en"]);
  });

  it("asks again for what is still being translated, not for ever", async () => {
    vi.useFakeTimers();
    let asked = 0;
    const shelf = new ProductShelf(
      {
        products: async () => {
          asked += 1;
          return [translated("taza", false)];
        },
      },
      "es",
    );
    await shelf.want(["a"]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toBe(5);
    shelf.close();
    vi.useRealTimers();
  });
});
