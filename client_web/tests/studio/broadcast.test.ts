import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/protocol/clock.ts";
import { Broadcast, type BroadcastState, type Publication } from "../../src/studio/broadcast.ts";

const video = { kind: "video", id: "front" } as MediaStreamTrack;
const audio = { kind: "audio", id: "microphone" } as MediaStreamTrack;

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

async function pass(clock: ManualClock, byMs: number): Promise<void> {
  await settle();
  clock.advance(byMs);
  await settle();
}

function onAir(): { broadcast: Broadcast; server: Server; clock: ManualClock; states: BroadcastState[] } {
  const server = new Server();
  const clock = new ManualClock();
  const states: BroadcastState[] = [];
  const broadcast = new Broadcast({
    publish: server.publish,
    clock,
    judge: (error) =>
      error instanceof Refused && error.fatal ? false : { retryAfterS: (error as Refused).retryAfterS },
    changed: (state) => states.push(state),
  });
  return { broadcast, server, clock, states };
}

describe("a broadcast", () => {
  it("goes on air", async () => {
    const { broadcast, states } = onAir();
    broadcast.start([video, audio]);
    await settle();
    expect(states).toEqual(["connecting", "on_air"]);
  });

  it("opens a lost connection again at once", async () => {
    const { broadcast, server, clock, states } = onAir();
    broadcast.start([video, audio]);
    await settle();
    server.open[0]?.lost();
    await settle();
    await pass(clock, 0);
    expect(states).toEqual(["connecting", "on_air", "reconnecting", "on_air"]);
    expect(server.open[0]?.closed).toBe(true);
  });

  it("waits longer after every failure and never gives up", async () => {
    const { broadcast, server, clock } = onAir();
    server.answers = Array.from({ length: 7 }, () => new Refused(false));
    broadcast.start([video, audio]);
    await settle();
    for (const pause of [0, 500, 1000, 2000, 4000, 4000]) await pass(clock, pause);
    await pass(clock, 3999);
    expect(broadcast.state).toBe("reconnecting");
    await pass(clock, 1);
    expect(broadcast.state).toBe("on_air");
  });

  it("does not hurry when a session is lost again and again right after it began", async () => {
    const { broadcast, server, clock } = onAir();
    broadcast.start([video]);
    await settle();
    server.open[0]?.lost();
    await settle();
    await pass(clock, 0);
    server.open[1]?.lost();
    await pass(clock, 499);
    expect(server.open).toHaveLength(2);
    await pass(clock, 1);
    expect(server.open).toHaveLength(3);
  });

  it("waits as long as the server asks", async () => {
    const { broadcast, server, clock } = onAir();
    server.answers = [new Refused(false, 7)];
    broadcast.start([video, audio]);
    await pass(clock, 6999);
    expect(server.open).toHaveLength(0);
    await pass(clock, 1);
    expect(server.open).toHaveLength(1);
  });

  it("tries at once when the network comes back", async () => {
    const { broadcast, server, clock } = onAir();
    server.answers = [new Refused(false), new Refused(false), new Refused(false)];
    broadcast.start([video, audio]);
    await settle();
    await pass(clock, 0);
    await pass(clock, 500);
    expect(broadcast.state).toBe("reconnecting");
    broadcast.nudge();
    await settle();
    expect(broadcast.state).toBe("on_air");
  });

  it("stops for good when waiting cannot help", async () => {
    const { broadcast, server, clock, states } = onAir();
    server.answers = [new Refused(true)];
    broadcast.start([video, audio]);
    await settle();
    expect(states).toEqual(["connecting", "failed"]);
    await pass(clock, 60_000);
    expect(states).toEqual(["connecting", "failed"]);
  });

  it("sends the other camera without a break, also after the next reconnect", async () => {
    const { broadcast, server, clock } = onAir();
    const back = { kind: "video", id: "back" } as MediaStreamTrack;
    broadcast.start([video, audio]);
    await settle();
    await broadcast.replaceTrack(back);
    expect(server.open[0]?.replaced.at(-1)).toBe(back);
    server.open[0]?.lost();
    await settle();
    await pass(clock, 0);
    expect(server.open[1]?.replaced).toContain(back);
  });

  it("opens a new session when told that the old one is dead", async () => {
    const { broadcast, server, clock } = onAir();
    broadcast.start([video]);
    await settle();
    await broadcast.restart();
    await pass(clock, 0);
    expect(server.open.map((session) => session.closed)).toEqual([true, false]);
    // The old session's own loss comes late and changes nothing.
    server.open[0]?.lost();
    await settle();
    expect(broadcast.state).toBe("on_air");
  });

  it("ends the session when it is stopped, also one that is still being made", async () => {
    const { broadcast, server, clock } = onAir();
    broadcast.start([video, audio]);
    await broadcast.stop();
    await settle();
    expect(server.open[0]?.closed).toBe(true);
    expect(broadcast.state).toBe("off");
    await pass(clock, 60_000);
    expect(server.open).toHaveLength(1);
  });
});
