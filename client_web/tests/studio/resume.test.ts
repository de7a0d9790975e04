import { describe, expect, it } from "vitest";
import type { ShowStatus } from "../../src/protocol/messages.ts";
import { decideResume, type ResumeWitness } from "../../src/studio/resume.ts";

function witness(
  status: ShowStatus,
  facts: Partial<ResumeWitness> = {},
  pictures: boolean[] = [],
): ResumeWitness {
  return {
    status: () => status,
    wasOnAir: () => false,
    isOnAirInOtherTab: () => Promise.resolve(false),
    nextPicture: () => Promise.resolve(pictures.shift() ?? false),
    ...facts,
  };
}

describe("opening the studio of a show", () => {
  it("waits for the button before the show", async () => {
    expect(await decideResume(witness("scheduled"))).toBe("offer");
  });

  it("is over when the show has ended", async () => {
    expect(await decideResume(witness("ended"))).toBe("ended");
  });

  it("goes back on air when the show waits for its host", async () => {
    expect(await decideResume(witness("away"))).toBe("resume");
  });

  it("goes back at once when this browser was on air, though the server still thinks it is", async () => {
    expect(await decideResume(witness("live", { wasOnAir: () => true }, [true, true]))).toBe("resume");
  });

  it("stands beside another tab that films", async () => {
    const facts = { wasOnAir: () => true, isOnAirInOtherTab: () => Promise.resolve(true) };
    expect(await decideResume(witness("live", facts))).toBe("beside");
  });

  it("stands beside another device whose picture keeps arriving", async () => {
    expect(await decideResume(witness("live", {}, [true, true]))).toBe("beside");
  });

  it("takes over from a device that has died", async () => {
    expect(await decideResume(witness("live", {}, [true, false]))).toBe("resume");
    expect(await decideResume(witness("live", {}, []))).toBe("resume");
  });
});
