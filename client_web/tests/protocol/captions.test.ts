import { describe, expect, it } from "vitest";
import {
  type CaptionLine,
  CaptionTrack,
  HEARD_HOLD_MS,
  HEARD_PATIENCE_MS,
  PATIENCE_MS,
} from "../../src/protocol/captions.ts";
import type { CaptionSaid } from "../../src/protocol/messages.ts";

function line(
  text: string,
  startMs: number,
  { language = "en", id = "u1", lengthMs = 2000 }: { language?: string; id?: string; lengthMs?: number } = {},
): CaptionSaid {
  const begins = [...text.matchAll(/\S+/g)].map((found) => found.index);
  return {
    type: "caption",
    seq: 1,
    at_ms: startMs,
    utterance_id: id,
    language,
    is_spoken: language === "en",
    trust: language === "en" ? "original" : "model",
    is_heard: false,
    cues: [
      {
        start_ms: startMs,
        end_ms: startMs + lengthMs,
        text,
        marks: begins.map((at, n) => [at, n * 300]),
      },
    ],
  };
}

describe("captions at a moment", () => {
  it("are there from the frame of their first word to their end", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    expect(track.at(999, "en")).toBeNull();
    expect(track.at(1000, "en-GB")?.text).toBe("It weighs 350 g.");
    expect(track.at(2999, "en")).not.toBeNull();
    expect(track.at(3000, "en")).toBeNull();
  });

  it("fill in as words are spoken", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    const said = (showMs: number): string => "It weighs 350 g.".slice(0, track.at(showMs, "en")?.spoken);
    expect(said(1000)).toBe("It ");
    expect(said(1300)).toBe("It weighs ");
    expect(said(1950)).toBe("It weighs 350 g.");
  });

  it("come in the reader's language when it is there in time", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    expect(track.at(1000 + PATIENCE_MS - 1, "es")).toBeNull();
    track.add(line("Pesa 350 g.", 1000, { language: "es" }));
    expect(track.at(1000 + PATIENCE_MS - 1, "es")).toMatchObject({ text: "Pesa 350 g.", isOriginal: false });
    expect(track.at(1100, "zh-CN")).toBeNull();
  });

  it("are the original when the translation is late, and stay it to the end of the cue", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    const late = 1000 + PATIENCE_MS;
    expect(track.at(late, "es")).toMatchObject({ text: "It weighs 350 g.", isOriginal: true });
    track.add(line("Pesa 350 g.", 1000, { language: "es" }));
    expect(track.at(late + 40, "es")?.text).toBe("It weighs 350 g.");
    track.add(line("It is blue.", 3000, { id: "u2" }));
    track.add(line("Es azul.", 3000, { id: "u2", language: "es" }));
    expect(track.at(3000, "es")?.text).toBe("Es azul.");
  });

  it("can be read as they are spoken", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    track.add(line("Pesa 350 g.", 1000, { language: "es" }));
    expect(track.at(1500, null)).toMatchObject({ language: "en", isOriginal: false });
  });

  it("end where the speaker was interrupted, in every language", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    track.cut({ type: "caption_cut", seq: 2, at_ms: 1500, utterance_id: "u1", until_ms: 1500 });
    track.add(line("Pesa 350 g.", 1000, { language: "es" }));
    expect(track.at(1499, "en")).not.toBeNull();
    expect(track.at(1500, "en")).toBeNull();
    expect(track.at(1500, "es")).toBeNull();
  });

  it("give way to what is said next", () => {
    const track = new CaptionTrack();
    track.add(line("It weighs 350 g.", 1000));
    track.add(line("It is blue.", 2500, { id: "u2" }));
    expect(track.at(2600, "en")?.text).toBe("It is blue.");
  });

  it("forget what is long over", () => {
    const track = new CaptionTrack();
    for (let n = 0; n < 100; n += 1) track.add(line("Again.", n * 3000, { id: `u${n}` }));
    expect(track.at(100, "en")).toBeNull();
    expect(track.at(99 * 3000, "en")?.text).toBe("Again.");
  });
});

describe("captions of what was heard", () => {
  /** The words so far of an utterance, or all of them; each word 300 ms. */
  function heard(text: string, startMs: number, isWhole: boolean, language = "en"): CaptionLine {
    const known = line(text, startMs, { language, lengthMs: text.split(" ").length * 300 + 400 });
    if (isWhole) return { ...known, is_heard: true };
    const { seq: _seq, at_ms: _at, ...rest } = known;
    return { ...rest, type: "caption_growing", is_heard: true };
  }

  it("are shown when they come, although their words are over", () => {
    const track = new CaptionTrack();
    track.add(heard("It weighs", 1000, false), 2900);
    expect(track.at(2900, "en")).toMatchObject({ text: "It weighs", spoken: 9 });
  });

  it("grow without going away in between", () => {
    const track = new CaptionTrack();
    track.add(heard("It weighs", 1000, false), 2900);
    expect(track.at(4800, "en")?.text).toBe("It weighs");
    track.add(heard("It weighs 350 g.", 1000, false), 4900);
    expect(track.at(4900, "en")?.text).toBe("It weighs 350 g.");
    track.add(heard("It weighs 350 g.", 1000, true), 5600);
    expect(track.at(5600, "en")?.text).toBe("It weighs 350 g.");
    // late by what it took, then its length and time to read
    expect(track.at(5600 + 700 + HEARD_HOLD_MS, "en")).toBeNull();
  });

  it("are not taken back by words that were on their way when the whole came", () => {
    const track = new CaptionTrack();
    track.add(heard("It weighs 350 g.", 1000, true), 3000);
    track.add(heard("It weighs", 1000, false), 3010);
    expect(track.at(3020, "en")?.text).toBe("It weighs 350 g.");
  });

  it("wait for their translation, and are the original where none comes", () => {
    const track = new CaptionTrack();
    track.add(heard("It weighs", 1000, false), 2900);
    expect(track.at(2900, "es")).toBeNull();
    track.add(heard("It weighs 350 g.", 1000, true), 3500);
    expect(track.at(3500 + HEARD_PATIENCE_MS - 1, "es")).toBeNull();
    expect(track.at(3500 + HEARD_PATIENCE_MS, "es")).toMatchObject({ language: "en", isOriginal: true });
    const other = new CaptionTrack();
    other.add(heard("It weighs 350 g.", 1000, true), 3500);
    other.add(heard("Pesa 350 g.", 1000, true, "es"), 4200);
    expect(other.at(4200, "es")).toMatchObject({ text: "Pesa 350 g.", isOriginal: false });
  });

  it("are over when they come after a lost connection", () => {
    const track = new CaptionTrack();
    track.add(heard("It weighs 350 g.", 1000, true), 60_000);
    expect(track.at(60_000, "en")).toBeNull();
  });
});
