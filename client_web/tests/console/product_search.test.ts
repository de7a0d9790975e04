import { describe, expect, it } from "vitest";
import { categories, findProducts, isLow, totalLeft } from "../../src/console/product_search.ts";
import { product } from "./products.ts";

const lamp = product("product_lamp", { en: "Dawn lamp", "zh-CN": "晨光灯" }, "Light", [24, 0]);
const vase = product("product_vase", { en: "Cone vase" }, "Home", [120]);
const all = { words: "", category: "", stock: "all" } as const;

describe("finding products", () => {
  it("matches every word in any language and the SKU", () => {
    expect(findProducts([lamp, vase], { ...all, words: "lamp dawn" })).toEqual([lamp]);
    expect(findProducts([lamp, vase], { ...all, words: "晨光" })).toEqual([lamp]);
    expect(findProducts([lamp, vase], { ...all, words: "SKU-product_vase-0" })).toEqual([vase]);
  });

  it("takes what the server found by its translations, within the other filters", () => {
    const translated = new Set(["product_vase"]);
    expect(findProducts([lamp, vase], { ...all, words: "jarrón" }, translated)).toEqual([vase]);
    expect(findProducts([lamp, vase], { ...all, words: "jarrón", stock: "out" }, translated)).toEqual([]);
  });

  it("filters by category and stock", () => {
    expect(findProducts([lamp, vase], { ...all, category: "Home" })).toEqual([vase]);
    expect(findProducts([lamp, vase], { ...all, stock: "out" })).toEqual([lamp]);
    expect(findProducts([lamp, vase], { ...all, stock: "low" })).toEqual([lamp]);
  });
});

it("counts what is left and tells when it is little", () => {
  expect(totalLeft(lamp)).toBe(24);
  expect(isLow(vase)).toBe(false);
  expect(categories([vase, lamp, vase])).toEqual(["Home", "Light"]);
});
