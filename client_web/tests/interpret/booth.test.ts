import { describe, expect, it } from "vitest";
import { Booth, type BoothFacts, type BoothState, boothState } from "../../src/interpret/booth.ts";
import { ManualClock } from "../../src/protocol/clock.ts";
import { VitrineError } from "../../src/protocol/errors.ts";
import type { ErrorCode, Interpreting } from "../../src/protocol/messages.ts";
import type { Publication } from "../../src/studio/broadcast.ts";
import { Capture, type Devices } from "../../src/studio/capture.ts";

const SEAT: Interpreting = {
  show_id: "show_a",
  title: { en: "Clay" },
  host_name: "Mia",
  language: "fr",
  status: "live",
  starts_at: null,
  expires_at: "2026-11-01T14:00:00+00:00",
  is_spoken: false,
  listeners: 3,
};
const FACTS: BoothFacts = {
  seat: SEAT,
  refusal: null,
  isReachable: true,
  hasMicrophone: true,
  isMuted: false,
  air: "off",
  airError: null,
  wasOnAir: false,
};

describe("the state of a booth", () => {
  const cases: [BoothState, Partial<BoothFacts>][] = [
    ["loading", { seat: null }],
    ["offline", { seat: null, isReachable: false }],
    ["setup", { hasMicrophone: false }],
    ["ready", {}],
    ["before", { seat: { ...SEAT, status: "scheduled" } }],
    ["before", { seat: { ...SEAT, status: "away" } }],
    ["taken", { seat: { ...SEAT, is_spoken: true } }],
    ["taken", { seat: { ...SEAT, is_spoken: true }, air: "failed", airError: "publisher_present" }],
    ["ready", { air: "failed", airError: "publisher_present" }],
    ["failed", { air: "failed", airError: "bad_offer" }],
    ["connecting", { air: "connecting" }],
    ["connecting", { air: "reconnecting", airError: "publisher_present" }],
    ["waiting", { air: "reconnecting", airError: "no_publisher" }],
    ["reconnecting", { air: "reconnecting", wasOnAir: true }],
    ["on_air", { air: "on_air", seat: { ...SEAT, is_spoken: true } }],
    ["muted", { air: "on_air", isMuted: true }],
    ["ended", { air: "on_air", seat: { ...SEAT, status: "ended" } }],
    ["ended", { refusal: "show_ended" }],
    ["revoked", { air: "on_air", refusal: "link_revoked" }],
    ["expired", { seat: null, refusal: "link_expired" }],
    ["invalid", { seat: null, refusal: "token_invalid" }],
  ];
  it.each(cases)("is %s", (state, facts) => {
    expect(boothState({ ...FACTS, ...facts })).toBe(state);
  });
});

class Track extends EventTarget {
  readonly kind = "audio";
  enabled = true;
  contentHint = "";
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
  getSettings(): MediaTrackSettings {
    return {};
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
}

/** A booth, the answers that it gets, and what it asked for. */
class Stage {
  readonly clock = new ManualClock();
  readonly track = new Track();
  readonly asked: MediaStreamConstraints[] = [];
  seat: Interpreting | ErrorCode = SEAT;
  answer: ErrorCode | "take" = "take";
  open: { lost: () => void; closed: boolean }[] = [];
  readonly booth: Booth;

  constructor() {
    const devices = {
      getUserMedia: async (constraints: MediaStreamConstraints) => {
        this.asked.push(constraints);
        return {
          getVideoTracks: () => [],
          getAudioTracks: () => [this.track],
          getTracks: () => [this.track],
        };
      },
      enumerateDevices: async () => [],
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    } as unknown as Devices;
    const capture = new Capture({
      devices,
      choice: { facing: "user", cameraId: null, microphoneId: null },
      soundOnly: true,
      changed: () => undefined,
    });
    this.booth = new Booth({
      capture,
      clock: this.clock,
      changed: () => undefined,
      ask: async () => {
        if (typeof this.seat === "string") throw new VitrineError(this.seat, "no");
        return this.seat;
      },
      publish: async (_tracks, lost): Promise<Publication> => {
        if (this.answer !== "take") throw new VitrineError(this.answer, "no", { retryAfterS: 2 });
        const session = { lost, closed: false };
        this.open.push(session);
        return {
          replaceTrack: async () => undefined,
          close: async () => {
            session.closed = true;
          },
        };
      },
    });
  }

  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      this.clock.advance(1000);
      await settle();
    }
  }

  async begun(): Promise<void> {
    await this.booth.refresh();
    await this.booth.openMicrophone();
    this.booth.goOnAir();
    await settle();
  }
}

describe("a booth", () => {
  it("asks for the microphone alone and goes on air", async () => {
    const stage = new Stage();
    await stage.begun();
    expect(stage.asked.map(({ video }) => video)).toEqual([false]);
    expect(stage.booth.state).toBe("on_air");
    stage.booth.capture.setMuted(true);
    expect([stage.booth.state, stage.track.enabled]).toEqual(["muted", false]);
  });

  it("waits for a show that is not on yet, and is on air when it is", async () => {
    const stage = new Stage();
    stage.seat = { ...SEAT, status: "scheduled" };
    stage.answer = "no_publisher";
    await stage.begun();
    expect(stage.booth.state).toBe("waiting");
    await stage.pass(5);
    stage.answer = "take";
    await stage.pass(4);
    expect(stage.booth.state).toBe("on_air");
  });

  it("comes back by itself, also when its own lost session still holds the place", async () => {
    const stage = new Stage();
    await stage.begun();
    stage.seat = { ...SEAT, is_spoken: true };
    await stage.pass(10);
    stage.answer = "publisher_present";
    stage.open[0]?.lost();
    await stage.pass(4);
    expect(stage.booth.state).toBe("reconnecting");
    stage.answer = "take";
    await stage.pass(5);
    expect(stage.booth.state).toBe("on_air");
  });

  it("gives way to somebody else, and does not take the place when that one leaves", async () => {
    const stage = new Stage();
    stage.seat = { ...SEAT, is_spoken: true };
    stage.answer = "publisher_present";
    await stage.begun();
    await stage.pass(20);
    expect(stage.booth.state).toBe("taken");
    stage.seat = SEAT;
    stage.answer = "take";
    await stage.pass(5);
    expect([stage.booth.state, stage.open.length]).toEqual(["ready", 0]);
  });

  it.each([
    ["link_revoked", "revoked"],
    ["link_expired", "expired"],
  ] as const)("is off the air and lets the microphone go at %s", async (code, state) => {
    const stage = new Stage();
    await stage.begun();
    stage.seat = code;
    await stage.pass(4);
    expect([stage.booth.state, stage.open[0]?.closed, stage.track.stopped]).toEqual([state, true, true]);
  });

  it("connects again when it sends and nobody is heard: the show has moved to another process", async () => {
    const stage = new Stage();
    await stage.begun();
    await stage.pass(5);
    expect(stage.open).toHaveLength(1);
    await stage.pass(6);
    expect([stage.booth.state, stage.open.length, stage.open[0]?.closed]).toEqual(["on_air", 2, true]);
    stage.seat = { ...SEAT, is_spoken: true };
    await stage.pass(20);
    expect(stage.open).toHaveLength(2);
  });

  it("ends with the show", async () => {
    const stage = new Stage();
    await stage.begun();
    stage.seat = { ...SEAT, status: "ended" };
    await stage.pass(4);
    expect([stage.booth.state, stage.open[0]?.closed]).toEqual(["ended", true]);
  });

  it("keeps asking while the server cannot be reached", async () => {
    const stage = new Stage();
    stage.seat = "unavailable";
    await stage.booth.refresh();
    expect(stage.booth.state).toBe("offline");
    stage.seat = SEAT;
    await stage.pass(4);
    expect(stage.booth.state).toBe("setup");
  });
});
