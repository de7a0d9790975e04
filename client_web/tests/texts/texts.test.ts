import { beforeAll, describe, expect, it } from "vitest";
import { captionTexts } from "../../src/texts/captions.ts";
import { consoleTexts } from "../../src/texts/console.ts";
import {
  chooseLanguage,
  directionOf,
  errorText,
  Formats,
  LANGUAGES,
  loadTexts,
  minorDigits,
  nearestLanguage,
  textIn,
  textsIn,
} from "../../src/texts/index.ts";
import { interpretTexts } from "../../src/texts/interpret.ts";
import { listeningTexts } from "../../src/texts/listening.ts";
import { modelTexts } from "../../src/texts/models.ts";
import { type Packs, textPart } from "../../src/texts/part.ts";
import { FORMS } from "../../src/texts/plural.ts";
import { studioTexts } from "../../src/texts/studio.ts";
import { translationTexts } from "../../src/texts/translation.ts";
import { tryOnTexts } from "../../src/texts/try_on.ts";
import { voiceTexts } from "../../src/texts/voices.ts";
import { keysOf, saidTexts } from "./said.ts";

const PARTS = {
  viewer: textsIn,
  try_on: tryOnTexts,
  captions: captionTexts,
  console: consoleTexts,
  interpret: interpretTexts,
  listening: listeningTexts,
  models: modelTexts,
  studio: studioTexts,
  translation: translationTexts,
  voices: voiceTexts,
};
const EVERY = LANGUAGES.flatMap(({ tag }) => Object.keys(PARTS).map((part) => ({ tag, part })));

beforeAll(async () => {
  for (const { tag } of LANGUAGES) expect(await loadTexts(tag, Object.values(PARTS))).toBe(tag);
});

describe.each(EVERY)("the texts of $part in $tag", ({ tag, part }) => {
  const read = PARTS[part as keyof typeof PARTS];

  it("have the keys of the English ones, codes too", () => {
    expect(keysOf(read(tag))).toEqual(expect.arrayContaining(keysOf(read("en"))));
    // what is refused in English is said by the server: the others have those codes
    if (tag !== "en") expect(keysOf(read(tag))).toEqual(keysOf(read("es")));
  });

  it("say every value that they are given, and nothing that is not one", () => {
    for (const { key, text, values } of saidTexts(read(tag), read("en"))) {
      expect(text.trim(), key).not.toBe("");
      expect(text, key).not.toMatch(/undefined|NaN|\[object|[!¡！]/);
      for (const value of values) expect(text, key).toContain(value);
    }
  });
});

describe("texts", () => {
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

  it("are written in every plural form of their language", () => {
    for (const [tag, forms] of Object.entries(FORMS)) {
      const known = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
      // "1 000 000 de vues": read as `other`
      expect([...forms].sort(), tag).toEqual(known.filter((form) => tag !== "fr" || form !== "many").sort());
    }
    expect([0, 1, 2, 3, 11, 100].map((count) => textsIn("ar").likes(count))).toEqual([
      "لا إعجابات",
      "إعجاب واحد",
      "إعجابان",
      "3 إعجابات",
      "11 إعجابًا",
      "100 إعجاب",
    ]);
  });

  it("are English when a language cannot be fetched, and asked for again", async () => {
    let isReachable = false;
    const packs = {
      es: async () => {
        if (!isReachable) throw new TypeError("no network");
        return { hello: "Hola" };
      },
    } as unknown as Packs<{ hello: string }>;
    const part = textPart({ hello: "Hello" }, packs, (pack) => pack);
    expect(await loadTexts("es", [part])).toBe("en");
    expect(part("es").hello).toBe("Hello");
    isReachable = true;
    expect(await loadTexts("es", [part])).toBe("es");
    expect(part("es").hello).toBe("Hola");
  });
});

describe("languages", () => {
  it.each([
    ["en-GB", "en"],
    ["es_MX", "es"],
    ["zh-Hans-SG", "zh-CN"],
    ["ZH-cn", "zh-CN"],
    ["fr-CA", "fr"],
    ["it", null],
  ])("take %s for %s", (tag, expected) => {
    expect(nearestLanguage(tag)).toBe(expected);
  });

  it("are chosen in the order of wishes", () => {
    expect(chooseLanguage([null, "it", "es-AR", "en"])).toBe("es");
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
