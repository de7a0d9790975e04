import { describe, expect, it } from "vitest";
import {
  draftOf,
  emptyDraft,
  emptyVariant,
  factKey,
  inputOf,
  problemsOf,
  slugFrom,
  withPictures,
} from "../../src/console/product_draft.ts";
import { product } from "./products.ts";

const lamp = product("product_lamp", { en: "Dawn lamp" }, "Light", [24, 7]);

describe("a draft", () => {
  it("of an unchanged product is the product", () => {
    const draft = draftOf(lamp);
    expect(problemsOf(draft).size).toBe(0);
    const input = inputOf(draft);
    expect(input.title).toEqual(lamp.title);
    expect(input.facts).toEqual(lamp.facts);
    expect(input.variants.map((variant) => variant.prices)).toEqual(
      lamp.variants.map((variant) => variant.prices),
    );
  });

  it("that is empty names what is missing", () => {
    const draft = emptyDraft("USD");
    const key = draft.variants[0]?.key;
    expect([...problemsOf(draft)]).toEqual([
      ["title", "missing"],
      ["slug", "missing"],
      [`variant.${key}.sku`, "missing"],
      [`variant.${key}.amount.USD`, "missing"],
    ]);
  });

  it("drops the 30-day low of a price that was changed", () => {
    const draft = draftOf(lamp);
    const first = draft.variants[0];
    if (first) first.amounts.USD = "79";
    expect(inputOf(draft).variants[0]?.prices[0]).toEqual({
      currency: "USD",
      amount_minor: 7900,
      lowest_30d_minor: null,
    });
  });

  it("finds bad amounts, counts, and the same SKU twice", () => {
    const draft = draftOf(lamp);
    const added = { ...emptyVariant(), sku: "SKU-product_lamp-0", stock: "-1", amounts: { USD: "8..9" } };
    draft.variants.push(added);
    expect(Object.fromEntries(problemsOf(draft))).toEqual({
      [`variant.${added.key}.sku`]: "twice",
      [`variant.${added.key}.label`]: "missing",
      [`variant.${added.key}.amount.USD`]: "not_an_amount",
      [`variant.${added.key}.stock`]: "not_a_count",
    });
  });

  it("leaves out empty languages, empty facts and prices that were not given", () => {
    const draft = emptyDraft("USD");
    Object.assign(draft, { slug: "lamp", title: { en: " Lamp ", es: " " }, currencies: ["USD", "EUR"] });
    Object.assign(draft.variants[0] ?? {}, { sku: "L1", amounts: { USD: "89" }, stock: "12" });
    draft.facts.push(
      { key: "", label: {}, value: {} },
      { key: "", label: { en: "Lid" }, value: { en: "Oak" } },
    );
    expect(problemsOf(draft).size).toBe(0);
    const input = inputOf(draft);
    expect(input.title).toEqual({ en: "Lamp" });
    expect(input.facts).toEqual([{ key: "lid", label: { en: "Lid" }, value: { en: "Oak" } }]);
    expect(input.variants[0]).toMatchObject({
      label: { en: "Lamp" },
      stock: 12,
      prices: [{ currency: "USD", amount_minor: 8900, lowest_30d_minor: null }],
    });
  });
});

it("keeps each variant at its own picture when pictures are moved or removed", () => {
  const picture = (url: string) => ({ url, alt: {}, width_px: 8, height_px: 8 });
  const [sand, ink] = [picture("/sand"), picture("/ink")];
  const draft = draftOf({ ...lamp, pictures: [sand, ink] });
  const [first, second] = draft.variants;
  if (second) second.pictureIndex = 1;
  withPictures(draft, [ink, sand]);
  expect([first?.pictureIndex, second?.pictureIndex]).toEqual([1, 0]);
  withPictures(draft, [sand]);
  expect([first?.pictureIndex, second?.pictureIndex]).toEqual([0, 0]);
});

describe("an address made from a title", () => {
  it.each([
    ["Dawn lamp №3", "dawn-lamp-no3"],
    ["Weiße Schüssel", "weisse-schussel"],
    ["晨光灯", ""],
  ])("%s becomes %s", (title, slug) => {
    expect(slugFrom(title)).toBe(slug);
  });
});

it("makes a key for a fact in any script", () => {
  expect(factKey("Care label", 0)).toBe("care_label");
  expect(factKey("重量", 2)).toBe("fact_3");
});
