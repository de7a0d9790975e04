import { describe, expect, it } from "vitest";
import { read, type Sample } from "../../src/media/quality.ts";
import { orderedVideoCodecs } from "../../src/media/video_codecs.ts";

const start: Sample = {
  atMs: 0,
  framesDecoded: 100,
  packetsReceived: 1000,
  packetsLost: 10,
  bytesReceived: 100_000,
  freezes: 0,
  freezeS: 0,
  widthPx: 1280,
  heightPx: 720,
};
const later = (changes: Partial<Sample>): Sample => ({
  ...start,
  atMs: 2000,
  framesDecoded: 160,
  packetsReceived: 1300,
  ...changes,
});

describe("the quality of the picture", () => {
  it("is good at full rate without loss", () => {
    expect(read(start, later({}))).toMatchObject({ quality: "good", fps: 30, loss: 0 });
  });

  it("knows how much comes", () => {
    expect(read(start, later({ bytesReceived: 600_000 })).bps).toBe(2_000_000);
  });

  it.each([
    ["fewer frames", { framesDecoded: 124 }, "reduced"],
    ["some loss", { packetsLost: 40 }, "reduced"],
    ["much loss", { packetsLost: 110 }, "poor"],
    ["a still picture", { framesDecoded: 108 }, "poor"],
    ["long freezes", { freezeS: 1 }, "poor"],
    ["counters that went back", { framesDecoded: 0, packetsReceived: 0, packetsLost: 0 }, "poor"],
  ] as const)("with %s is %s", (_what, changes, quality) => {
    expect(read(start, later(changes)).quality).toBe(quality);
  });
});

describe("the order of codecs", () => {
  it("is H.264 in packetization mode 1, baseline first, then VP8; nothing else but repair", () => {
    const codec = (mimeType: string, sdpFmtpLine = ""): RTCRtpCodec => ({
      mimeType,
      clockRate: 90000,
      sdpFmtpLine,
    });
    const ordered = orderedVideoCodecs([
      codec("video/VP8"),
      codec("video/rtx"),
      codec("video/VP9"),
      codec("video/AV1"),
      codec("video/H264", "packetization-mode=0;profile-level-id=42e01f"),
      codec("video/H264", "packetization-mode=1;profile-level-id=4d001f"),
      codec("video/H264", "packetization-mode=1;profile-level-id=42e01f"),
    ]);
    expect(
      ordered.map(({ mimeType, sdpFmtpLine }) => `${mimeType} ${sdpFmtpLine?.slice(-6)}`.trim()),
    ).toEqual(["video/H264 42e01f", "video/H264 4d001f", "video/H264 42e01f", "video/VP8", "video/rtx"]);
  });
});
