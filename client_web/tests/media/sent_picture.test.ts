import { describe, expect, it } from "vitest";
import {
  isReduced,
  PictureInquiry,
  readSentPicture,
  type SentPicture,
} from "../../src/media/sent_picture.ts";

const FULL: SentPicture = { reason: "best", heightPx: 720, fullHeightPx: 720, isSoundOnly: false };
const SMALL: SentPicture = { ...FULL, reason: "bandwidth", heightPx: 360 };

function asking(...answers: (SentPicture | null | Error)[]): {
  inquiry: PictureInquiry;
  asked: () => number;
} {
  let count = 0;
  const inquiry = new PictureInquiry(async () => {
    const answer = answers[Math.min(count, answers.length - 1)] ?? null;
    count += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { inquiry, asked: () => count };
}

const look = (atS: number, heightPx: number, isTroubled = false) => ({
  atMs: atS * 1000,
  heightPx,
  isTroubled,
});

describe("asking which picture is sent", () => {
  it("is not done while the picture is well", async () => {
    const { inquiry, asked } = asking(FULL);
    for (let second = 0; second < 300; second += 3) await inquiry.follow(look(second, 720));
    expect(asked()).toBe(0);
  });

  it("is done when the size changes, then now and then until it is whole again", async () => {
    const { inquiry, asked } = asking(SMALL, SMALL, FULL);
    await inquiry.follow(look(0, 720));
    expect(await inquiry.follow(look(3, 360))).toBe(true);
    expect(inquiry.sent).toEqual(SMALL);
    await inquiry.follow(look(6, 360));
    expect(asked()).toBe(1);
    expect(await inquiry.follow(look(12, 360))).toBe(false);
    expect(asked()).toBe(2);
    expect(await inquiry.follow(look(15, 720))).toBe(true);
    expect(isReduced(inquiry.sent)).toBe(false);
  });

  it("is done when the picture suffers, and not more often than every few seconds", async () => {
    const { inquiry, asked } = asking(FULL);
    for (let second = 0; second <= 24; second += 3) await inquiry.follow(look(second, 720, true));
    expect(asked()).toBe(3);
  });

  it("keeps what it knows when the server does not answer", async () => {
    const { inquiry } = asking(SMALL, new Error("away"), null);
    await inquiry.follow(look(0, 720, true));
    expect(await inquiry.follow(look(9, 720, true))).toBe(false);
    expect(await inquiry.follow(look(18, 720, true))).toBe(false);
    expect(inquiry.sent).toEqual(SMALL);
  });
});

describe("the server's answer", () => {
  it("is read", () => {
    const body = { reason: "loss", height_px: 0, full_height_px: 720, is_sound_only: true };
    expect(readSentPicture(body)).toEqual({
      reason: "loss",
      heightPx: 0,
      fullHeightPx: 720,
      isSoundOnly: true,
    });
  });

  it.each([
    null,
    7,
    {},
    { reason: "mood", height_px: 1, full_height_px: 1 },
    { reason: "best", height_px: "1" },
  ])("is nothing when it is %j", (body) => {
    expect(readSentPicture(body)).toBeNull();
  });
});
