import { describe, expect, it } from "vitest";
import { Broadcast, type BroadcastState, type Publication } from "../../src/studio/broadcast";

const video = { kind: "video", id: "front" } as MediaStreamTrack;
const audio = { kind: "audio", id: "microphone" } as MediaStreamTrack;

class Timers {
  waiting: { callback: () => void; delayMs: number }[] = [];
  set = (callback: () => void, delayMs: number): unknown => {
    const timer = { callback, delayMs };
    this.waiting.push(timer);
    return timer;
  };
  clear = (timer: unknown): void => {
    this.waiting = this.waiting.filter((other) => other !== timer);
  };
  /** The pause before the next attempt; the watch over a steady session is longer than any but the last pauses. */
  pauses(): number[] {
    return this.waiting.map((timer) => timer.delayMs);
  }
  async run(): Promise<void> {
    const timer = this.waiting.shift();
    timer?.callback();
    await settle();
  }
}

class Server {
  answers: (Error | "take")[] = [];
  open: { lost: () => void; replaced: MediaStreamTrack[]; closed: boolean }[] = [];
  publish = async (_tracks: readonly MediaStreamTrack[], lost: () => void): Promise<Publication> => {
    const answer = this.answers.shift() ?? "take";
    if (answer !== "take") throw answer;
    const session = { lost, replaced: [] as MediaStreamTrack[], closed: false };
    this.open.push(session);
    return {
      replaceTrack: async (track) => void session.replaced.push(track),
      close: async () => {
        session.closed = true;
      },
    };
  };
}

class Refused extends Error {
  readonly retryAfterS: number | null;
  readonly fatal: boolean;
  constructor(fatal: boolean, retryAfterS: number | null = null) {
    super("refused");
    this.fatal = fatal;
    this.retryAfterS = retryAfterS;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

function onAir(): { broadcast: Broadcast; server: Server; timers: Timers; states: BroadcastState[] } {
  const server = new Server();
  const timers = new Timers();
  const states: BroadcastState[] = [];
  const broadcast = new Broadcast({
    publish: server.publish,
    timers,
    judge: (error) =>
      error instanceof Refused && error.fatal ? false : { retryAfterS: (error as Refused).retryAfterS },
    changed: (state) => states.push(state),
  });
  return { broadcast, server, timers, states };
}

describe("a broadcast", () => {
  it("goes on air", async () => {
    const { broadcast, states } = onAir();
    broadcast.start([video, audio]);
    await settle();
    expect(states).toEqual(["connecting", "on_air"]);
  });

  it("opens a lost connection again at once", async () => {
    const { broadcast, server, timers, states } = onAir();
    broadcast.start([video, audio]);
    await settle();
    server.open[0]?.lost();
    await settle();
    expect(timers.pauses()).toEqual([0]);
    await timers.run();
    expect(states).toEqual(["connecting", "on_air", "reconnecting", "on_air"]);
    expect(server.open[0]?.closed).toBe(true);
  });

  it("waits longer after every failure and never gives up", async () => {
    const { broadcast, server, timers } = onAir();
    server.answers = Array.from({ length: 7 }, () => new Refused(false));
    broadcast.start([video, audio]);
    await settle();
    const pauses: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      pauses.push(...timers.pauses());
      await timers.run();
    }
    expect(pauses).toEqual([0, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(broadcast.state).toBe("on_air");
  });

  it("does not hurry when a session is lost again and again right after it began", async () => {
    const { broadcast, server, timers } = onAir();
    broadcast.start([video]);
    await settle();
    server.open[0]?.lost();
    await settle();
    await timers.run();
    server.open[1]?.lost();
    await settle();
    expect(timers.pauses()).toEqual([500]);
  });

  it("waits as long as the server asks", async () => {
    const { broadcast, server, timers } = onAir();
    server.answers = [new Refused(false, 7)];
    broadcast.start([video, audio]);
    await settle();
    expect(timers.pauses()).toEqual([7000]);
  });

  it("tries at once when the network comes back", async () => {
    const { broadcast, server, timers } = onAir();
    server.answers = [new Refused(false), new Refused(false), new Refused(false)];
    broadcast.start([video, audio]);
    await settle();
    await timers.run();
    await timers.run();
    expect(timers.pauses()).toEqual([1000]);
    broadcast.nudge();
    await settle();
    expect(broadcast.state).toBe("on_air");
  });

  it("stops for good when waiting cannot help", async () => {
    const { broadcast, server, timers, states } = onAir();
    server.answers = [new Refused(true)];
    broadcast.start([video, audio]);
    await settle();
    expect(states).toEqual(["connecting", "failed"]);
    expect(timers.waiting).toEqual([]);
  });

  it("sends the other camera without a break, also after the next reconnect", async () => {
    const { broadcast, server, timers } = onAir();
    const back = { kind: "video", id: "back" } as MediaStreamTrack;
    broadcast.start([video, audio]);
    await settle();
    await broadcast.replaceTrack(back);
    expect(server.open[0]?.replaced.at(-1)).toBe(back);
    server.open[0]?.lost();
    await settle();
    await timers.run();
    expect(server.open[1]?.replaced).toContain(back);
  });

  it("ends the session when it is stopped, also one that is still being made", async () => {
    const { broadcast, server, timers } = onAir();
    broadcast.start([video, audio]);
    await broadcast.stop();
    await settle();
    expect(server.open[0]?.closed).toBe(true);
    expect(broadcast.state).toBe("off");
    expect(timers.waiting).toEqual([]);
  });
});
