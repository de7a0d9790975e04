import { describe, expect, it } from "vitest";
import { CaptionTrack, PATIENCE_MS } from "../../src/protocol/captions.ts";
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
