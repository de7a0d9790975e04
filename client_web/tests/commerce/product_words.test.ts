import { describe, expect, it } from "vitest";
import { foldedWords, hasWords } from "../../src/commerce/product_words.ts";
import { product, variant } from "./goods.ts";

const lamp = {
  ...product("lamp", [variant("LAMP-BRASS", 2)]),
  title: { en: "Orb table lamp", es: "Lámpara de mesa Orb", "zh-CN": "球形台灯", ko: "오브 테이블 램프" },
  facts: [{ key: "material", label: { en: "Material" }, value: { en: "Opal glass, solid brass" } }],
};

describe("words of a product", () => {
  it("are found in every language it has, without case and accents", () => {
    for (const words of ["LAMP", "lampara mesa", "台灯", "램프", "glass", "lamp-brass"]) {
      expect(hasWords(lamp, words), words).toBe(true);
    }
  });

  it("are all needed", () => {
    expect(hasWords(lamp, "lamp shoe")).toBe(false);
    expect(hasWords(lamp, "  ")).toBe(true);
  });

  it("are literal: what somebody types is no pattern", () => {
    expect(hasWords(lamp, ".*")).toBe(false);
    expect(hasWords(lamp, "(")).toBe(false);
  });

  it("keep syllables and letters that are no accents", () => {
    expect(foldedWords("램프 Straße é")).toBe("램프 straße e");
  });
});
