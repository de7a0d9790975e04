import { describe, expect, it } from "vitest";
import {
  type Dub,
  DubChoice,
  nameOf,
  readDub,
  readDubs,
  readSentSound,
  type SentSound,
  type SoundSession,
} from "../../src/media/dubs.ts";
import { ManualClock } from "../../src/protocol/clock.ts";

const ES: Dub = { language: "es", withOriginal: false };
const OFFERED = [ES, { language: "es", withOriginal: true }, { language: "zh", withOriginal: false }];

/** Fake of `SoundSession`: a server on which some dubs flow. */
class Server implements SoundSession {
  flowing = new Set<string>();
  wanted: string | null = null;
  chosen: (string | null)[] = [];
  asked = 0;

  async chooseSound(name: string | null): Promise<SentSound> {
    this.chosen.push(name);
    this.wanted = name;
    return this.sent();
  }

  async sound(): Promise<SentSound> {
    this.asked += 1;
    return this.sent();
  }

  sent(): SentSound {
    return { wanted: this.wanted, isSent: this.wanted === null || this.flowing.has(this.wanted) };
  }
}

class Stage {
  readonly clock = new ManualClock();
  readonly server = new Server();
  dubs: Dub[] | null = OFFERED;
  remembered: (Dub | null)[] = [];
  readonly choice: DubChoice;

  constructor(wish: Dub | null = null) {
    this.choice = new DubChoice({
      clock: this.clock,
      ask: async () => this.dubs,
      changed: () => {},
      wish,
      remember: (chosen) => this.remembered.push(chosen),
    });
  }

  async open(): Promise<void> {
    this.choice.opened(this.server);
    await settled();
  }

  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds * 1000);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("choosing the voice", () => {
  it("changes nothing that the viewer did not ask for", async () => {
    const stage = new Stage();
    await stage.open();
    await stage.pass(600);
    expect(stage.choice.languages).toEqual(["es", "zh"]);
    expect(stage.choice.state).toBe("original");
    expect(stage.server.chosen).toEqual([]);
  });

  it("says that a language is being prepared until it is sent, and remembers it", async () => {
    const stage = new Stage();
    await stage.open();
    stage.choice.choose(ES);
    await settled();
    expect(stage.choice.state).toBe("preparing");
    expect(stage.remembered).toEqual([ES]);
    stage.server.flowing.add("es");
    await stage.pass(2);
    expect(stage.choice.state).toBe("dubbed");
    stage.choice.choose(null);
    await settled();
    expect(stage.choice.state).toBe("original");
    expect(stage.server.chosen).toEqual(["es", null]);
    expect(stage.remembered).toEqual([ES, null]);
  });

  it("says a remembered wish again in every session", async () => {
    const stage = new Stage({ language: "es", withOriginal: true });
    stage.server.flowing.add("es+original");
    await stage.open();
    await stage.open();
    expect(stage.server.chosen).toEqual(["es+original", "es+original"]);
    expect(stage.choice.state).toBe("dubbed");
  });

  it("tells when a language is not spoken, and when it is again", async () => {
    const stage = new Stage(ES);
    stage.dubs = [];
    await stage.open();
    expect(stage.choice.state).toBe("missing");
    stage.dubs = OFFERED;
    await stage.pass(11);
    expect(stage.choice.state).toBe("preparing");
    stage.server.flowing.add("es");
    await stage.pass(2);
    expect(stage.choice.state).toBe("dubbed");
    stage.server.flowing.clear();
    stage.dubs = [];
    await stage.pass(11);
    expect(stage.choice.state).toBe("missing");
  });

  it("hears the voice alone where it is not mixed with the original", async () => {
    const stage = new Stage({ language: "zh", withOriginal: true });
    await stage.open();
    expect(stage.server.chosen).toEqual(["zh"]);
  });

  it("says the wish again to a server that has forgotten it", async () => {
    const stage = new Stage(ES);
    stage.server.flowing.add("es");
    await stage.open();
    stage.server.wanted = null;
    await stage.pass(11);
    expect(stage.server.wanted).toBe("es");
    expect(stage.choice.state).toBe("dubbed");
  });

  it("keeps what it knows when the server does not answer, and asks no more once closed", async () => {
    const stage = new Stage(ES);
    stage.server.flowing.add("es");
    await stage.open();
    stage.server.sound = async () => Promise.reject(new Error("away"));
    stage.dubs = null;
    await stage.pass(30);
    expect(stage.choice.state).toBe("dubbed");
    stage.choice.close();
    const { asked } = stage.server;
    await stage.pass(600);
    expect(stage.server.asked).toBe(asked);
  });
});

describe("what the server says of dubs", () => {
  it("is read, and anything else is nothing", () => {
    expect(readDubs({ dubs: [{ name: "es" }, { name: "zh+original" }, { name: "<b>" }, null, 3] })).toEqual([
      ES,
      { language: "zh", withOriginal: true },
    ]);
    expect(readDubs(null)).toBeNull();
    expect(readDubs({ dubs: "es" })).toBeNull();
    expect(readSentSound({ wanted: "es", is_sent: true })).toEqual({ wanted: "es", isSent: true });
    expect(readSentSound({ wanted: 3, is_sent: true })).toBeNull();
    expect(readSentSound(null)).toBeNull();
  });

  it("has names that go both ways", () => {
    for (const name of ["es", "zh+original"]) {
      const dub = readDub(name);
      expect(dub === null ? null : nameOf(dub)).toBe(name);
    }
    expect(readDub("es+loud")).toBeNull();
    expect(readDub("Spanish")).toBeNull();
  });
});
