import { describe, expect, it } from "vitest";
import type { ChatLine } from "../../src/protocol/messages.ts";
import { primaryOf, shownLine, withoutTranslations, withTranslations } from "../../src/protocol/reading.ts";

const line: ChatLine = {
  message_id: "1",
  author: { id: "ana", name: "Ana", role: "viewer" },
  text: "cuánto pesa",
  at_ms: 0,
  sent_at: "",
  language: "es",
  translation: null,
};
const translation = { message_id: "1", text: "how heavy is it", trust: "model" } as const;

describe("a line of chat", () => {
  it("is shown in the reader's language, with the original beside it", () => {
    expect(shownLine({ ...line, translation }, "en", false)).toEqual({
      text: "how heavy is it",
      language: "en",
      original: "cuánto pesa",
      foreign: null,
    });
  });

  it("is marked as foreign while it has no translation", () => {
    expect(shownLine(line, "zh-CN", false)).toEqual({
      text: "cuánto pesa",
      language: "es",
      original: null,
      foreign: "es",
    });
  });

  it("stays as it was written for those who want that", () => {
    expect(shownLine({ ...line, translation }, "en", true)).toMatchObject({
      text: "cuánto pesa",
      foreign: "es",
    });
  });

  it("is nothing special in the reader's own language, or in none that is known", () => {
    expect(shownLine(line, "es-MX", false).foreign).toBeNull();
    expect(shownLine({ ...line, language: "und" }, "en", false)).toMatchObject({
      language: null,
      foreign: null,
    });
  });

  it("is not taken for translated when nothing better than the original was there", () => {
    const left = { ...line, translation: { ...translation, text: line.text, trust: "original" as const } };
    expect(shownLine(left, "en", false)).toMatchObject({ original: null, foreign: "es" });
  });

  it("survives a server that tells no languages", () => {
    const { language: _, translation: __, ...old } = line;
    expect(shownLine(old as ChatLine, "en", false)).toMatchObject({ text: "cuánto pesa", foreign: null });
  });
});

describe("lines", () => {
  it("get their translations and lose them with the language", () => {
    const both = withTranslations([line, { ...line, message_id: "2" }], [translation]);
    expect(both.map((each) => each.translation)).toEqual([translation, null]);
    expect(withoutTranslations(both).map((each) => each.translation)).toEqual([null, null]);
  });

  it("stay the same array when nothing came for them", () => {
    const lines = [line];
    expect(withTranslations(lines, [{ ...translation, message_id: "9" }])).toBe(lines);
  });
});

it("knows languages by their primary subtag", () => {
  expect([primaryOf("zh-CN"), primaryOf(" ES_mx"), primaryOf("en")]).toEqual(["zh", "es", "en"]);
});
