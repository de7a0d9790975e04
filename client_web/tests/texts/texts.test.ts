import { describe, expect, it } from "vitest";
import {
  chooseLanguage,
  directionOf,
  errorText,
  Formats,
  LANGUAGES,
  minorDigits,
  nearestLanguage,
  type Texts,
  textIn,
  textsIn,
} from "../../src/texts/index.ts";

/** Every text, functions called with plausible values, by key. */
function written(texts: Texts): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] => {
    if (typeof value === "string") return [[key, value]];
    if (typeof value === "function") {
      const call = value as (...values: unknown[]) => string;
      return [
        [`${key}(1)`, call(1, 1)],
        [`${key}(12000)`, call(12_000, 3)],
      ].map(([name, text]) => [name ?? "", String(text)]);
    }
    return Object.entries(value).map(([code, text]): [string, string] => [`${key}.${code}`, text]);
  });
}

const callable = (texts: Texts): Texts => ({ ...texts, fieldEmpty: () => texts.fieldEmpty("Email") });

describe("texts", () => {
  it.each(LANGUAGES)("are complete in $name", ({ tag }) => {
    for (const [key, text] of written(callable(textsIn(tag)))) {
      expect(text.trim(), key).not.toBe("");
      expect(text, key).not.toMatch(/undefined|NaN|\[object|!|¡/);
    }
  });

  it("explain the same errors in every language", () => {
    const codes = LANGUAGES.map(({ tag }) => Object.keys(textsIn(tag).errors).sort());
    expect(codes[1]).toEqual(codes[0]);
    expect(codes[2]).toEqual(codes[0]);
  });

  it("have a sentence for errors nobody knows", () => {
    const texts = textsIn("en");
    expect(errorText(texts, "out_of_stock")).toBe(texts.errors.out_of_stock);
    expect(errorText(texts, "never_heard_of")).toBe(texts.errorOther);
    expect(errorText(texts, null)).toBe(texts.errorOther);
  });

  it("count in the singular and the plural", () => {
    expect(textsIn("en").viewers(1)).toBe("1 viewer");
    expect(textsIn("en").viewers(12_000)).toBe("12,000 viewers");
    expect(textsIn("es").viewers(0)).toBe("0 espectadores");
  });
});

describe("languages", () => {
  it.each([
    ["en-GB", "en"],
    ["es_MX", "es"],
    ["zh-Hans-SG", "zh-CN"],
    ["ZH-cn", "zh-CN"],
    ["fr", null],
  ])("take %s for %s", (tag, expected) => {
    expect(nearestLanguage(tag)).toBe(expected);
  });

  it("are chosen in the order of wishes", () => {
    expect(chooseLanguage([null, "fr", "es-AR", "en"])).toBe("es");
    expect(chooseLanguage([])).toBe("en");
  });

  it("pick the nearest text of the catalogue", () => {
    const texts = { en: "Mug", "zh-CN": "马克杯", es: "" };
    expect(textIn(texts, "zh-CN")).toBe("马克杯");
    expect(textIn(texts, "zh-TW")).toBe("马克杯");
    expect(textIn(texts, "es")).toBe("Mug");
    expect(textIn({ de: "Becher" }, "es")).toBe("Becher");
    expect(textIn({}, "en")).toBe("");
  });

  it("know which way they run", () => {
    expect(directionOf("ar-EG")).toBe("rtl");
    expect(directionOf("zh-CN")).toBe("ltr");
  });
});

describe("formats", () => {
  const en = new Formats("en");

  it("write money from minor units, by the currency's own digits", () => {
    expect(en.money(5990, "EUR")).toBe("€59.90");
    expect(en.money(5990, "JPY")).toBe("¥5,990");
    expect(new Formats("es").money(123456789, "EUR")).toMatch(/^1\.234\.567,89\s€$/);
    expect(minorDigits("KWD")).toBe(3);
    expect(minorDigits("not a currency")).toBe(2);
  });

  it("write counts, durations and countries", () => {
    expect(en.compact(12_345)).toBe("12.3K");
    expect(en.duration(95.9)).toBe("1:35");
    expect(en.duration(3725)).toBe("1:02:05");
    expect(en.duration(-1)).toBe("0:00");
    expect(new Formats("es").country("DE")).toBe("Alemania");
    expect(en.country("?")).toBe("?");
  });
});
