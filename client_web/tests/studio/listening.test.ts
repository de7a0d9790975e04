import { describe, expect, it } from "vitest";
import type { HostHearing, Listening } from "../../src/protocol/messages.ts";
import { commandOf, hearingText } from "../../src/studio/listening.ts";
import { listeningTexts } from "../../src/texts/listening.ts";

const texts = listeningTexts("en");
const SPHINX = { engine: "pocketsphinx", languages: ["en"], is_rough: true };
const HEARING: HostHearing = {
  state: "hearing",
  language: "en",
  engine: "pocketsphinx",
  left_out_s: 0,
  hears_commands: true,
};

function told(settings: Partial<Listening>, hearing: HostHearing | null = HEARING, isLive = true): string {
  const whole = { is_on: true, language: "en", recognisers: [SPHINX], ...settings };
  return hearingText(texts, "en", whole, hearing, isLive);
}

describe("what the host reads about being listened to", () => {
  it("names what is missing before anything else", () => {
    expect(told({ recognisers: [] }, null)).toBe(texts.none);
    // somebody may listen on another machine
    expect(told({ recognisers: [] })).toBe(texts.hearing);
    expect(told({ language: "es" }, null)).toBe("Nothing on this server understands Spanish.");
    expect(
      told({ language: "es", recognisers: [{ engine: "whisper", languages: ["mul"], is_rough: false }] }),
    ).toBe(texts.hearing);
  });

  it("says how it goes", () => {
    expect(told({ is_on: false })).toBe(texts.off);
    expect(told({}, null, false)).toBe(texts.offAir);
    expect(told({}, null)).toBe(texts.starting);
    expect(told({}, { ...HEARING, state: "behind" })).toBe(texts.behind);
  });
});

it("what was said is taken back by the commands of the buttons", () => {
  expect(commandOf({ act: "pin", product_id: "cup" })).toEqual({ type: "pin", product_id: "cup" });
  expect(commandOf({ act: "in_stock", product_id: "cup" })).toEqual({
    type: "sold_out",
    product_id: "cup",
    sold_out: false,
  });
});
