import { describe, expect, it } from "vitest";
import type { AiDesk, AiFinding } from "../../src/protocol/messages.ts";
import { aiState, findingTexts, moodText, stateText } from "../../src/studio/ai_words.ts";
import { LANGUAGES } from "../../src/texts/language.ts";
import { studioTexts } from "../../src/texts/studio.ts";

const DESK: AiDesk = {
  is_on_air: true,
  floor: "host",
  is_paused: false,
  language: "en",
  voice: "flite:slt",
  now: null,
  next: [],
  mood: "calm",
  mood_score: 0,
  minutes: [],
  waiting: 0,
  tickets: [],
};

describe("the AI host's state", () => {
  it("is what an operator can do something about", () => {
    expect(aiState(DESK)).toBe("speaking");
    expect(aiState({ ...DESK, is_paused: true })).toBe("paused");
    expect(aiState({ ...DESK, floor: "human" })).toBe("yours");
    expect(aiState({ ...DESK, floor: "arriving" })).toBe("speaking");
    expect(aiState({ ...DESK, is_on_air: false, is_paused: true })).toBe("standing_by");
  });

  it("has words in every language", async () => {
    for (const { tag: language } of LANGUAGES) {
      await studioTexts.load(language);
      const texts = studioTexts(language);
      for (const state of ["speaking", "paused", "yours", "standing_by"] as const)
        expect(stateText(state, texts)).not.toBe("");
      for (const mood of ["delighted", "calm", "confused", "price_sensitive", "upset"] as const)
        expect(moodText(mood, texts)).not.toBe("");
    }
  });
});

describe("what the guard found", () => {
  const texts = studioTexts("en");

  it("names the words and says each thing once", () => {
    const findings: AiFinding[] = [
      { kind: "number", found: "$5", rule: "" },
      { kind: "number", found: "$5", rule: "" },
      { kind: "banned", found: "the best", rule: "superlative" },
      { kind: "contact", found: "cheap.example", rule: "" },
    ];
    expect(findingTexts(findings, texts)).toEqual([
      "No fact of the product says “$5”.",
      "“the best” is a superlative.",
      "“cheap.example” leads out of the show.",
    ]);
  });

  it("has a sentence for every rule, and for one it does not know yet", () => {
    const rules = ["superlative", "absolute", "medical", "scarcity", "time_pressure"];
    rules.push("original_price", "free", "authority", "tomorrows_rule");
    const said = rules.map((rule) => findingTexts([{ kind: "banned", found: "x", rule }], texts)[0]);
    expect(new Set(said).size).toBe(rules.length);
  });
});
