import { describe, expect, it } from "vitest";
import { readChoices, USUAL } from "../../src/player/caption_choices.ts";

describe("remembered caption choices", () => {
  it("are the usual ones where nothing was chosen", () => {
    expect(readChoices(null)).toEqual(USUAL);
  });

  it("come back as they were", () => {
    const chosen = { when: "on", words: "spoken", size: "xl", ground: "solid", place: "bottom" } as const;
    expect(readChoices(JSON.stringify(chosen))).toEqual(chosen);
  });

  it.each(["", "null", "[]", "7", "{", '{"size":"huge","when":3}'])("survive %s in their place", (stored) => {
    expect(readChoices(stored)).toEqual(USUAL);
  });
});
