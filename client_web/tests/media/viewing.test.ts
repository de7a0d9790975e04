import { describe, expect, it } from "vitest";
import type { PeerState } from "../../src/media/peer.ts";
import { Viewing, type ViewingState } from "../../src/media/viewing.ts";
import { ManualClock } from "../../src/protocol/clock.ts";
import { VitrineError } from "../../src/protocol/errors.ts";

function setUp(answers: (VitrineError | null)[] = []) {
  const clock = new ManualClock();
  const opened: { changed: (state: PeerState) => void; isClosed: boolean }[] = [];
  const states: ViewingState[] = [];
  const viewing = new Viewing({
    clock,
    random: () => 0,
    changed: (state) => states.push(state),
    view: async (changed) => {
      const error = answers.shift() ?? null;
      if (error !== null) throw error;
      const session = { changed, isClosed: false };
      opened.push(session);
      return {
        close: async () => {
          session.isClosed = true;
        },
      };
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { viewing, clock, opened, states, settle };
}

describe("watching", () => {
  it("connects once, however often started", async () => {
    const { viewing, opened, states, settle } = setUp();
    viewing.start();
    viewing.start();
    await settle();
    opened[0]?.changed("connected");
    viewing.start();
    await settle();
    expect(opened).toHaveLength(1);
    expect(states).toEqual(["connecting", "watching"]);
  });

  it("opens another session when one is lost, and closes the old one", async () => {
    const { viewing, clock, opened, states, settle } = setUp();
    viewing.start();
    await settle();
    opened[0]?.changed("connected");
    opened[0]?.changed("interrupted");
    opened[0]?.changed("lost");
    clock.advance(1);
    await settle();
    opened[1]?.changed("connected");
    expect(opened[0]?.isClosed).toBe(true);
    expect(states).toEqual(["connecting", "watching", "interrupted", "watching"]);
  });

  it("waits as long as the server says while nobody broadcasts", async () => {
    const nobody = new VitrineError("no_publisher", "", { retryAfterS: 2 });
    const { viewing, clock, opened, states, settle } = setUp([nobody]);
    viewing.start();
    await settle();
    expect(states).toEqual(["connecting", "waiting"]);
    clock.advance(1900);
    await settle();
    expect(opened).toHaveLength(0);
    clock.advance(200);
    await settle();
    expect(opened).toHaveLength(1);
  });

  it("stops where trying again cannot help, and starts anew when told", async () => {
    const { viewing, clock, states, settle } = setUp([new VitrineError("not_found", "")]);
    viewing.start();
    await settle();
    clock.advance(60_000);
    expect(states).toEqual(["connecting", "refused"]);
    viewing.start();
    await settle();
    expect(states.at(-1)).toBe("connecting");
  });

  it("opens another session in the place of one that seems alive but shows nothing", async () => {
    const { viewing, opened, states, settle } = setUp();
    viewing.reopen();
    expect(states).toEqual([]);
    viewing.start();
    await settle();
    opened[0]?.changed("connected");
    viewing.reopen();
    await settle();
    opened[1]?.changed("connected");
    expect(opened[0]?.isClosed).toBe(true);
    expect(states).toEqual(["connecting", "watching", "interrupted", "watching"]);
  });

  it("gives the session back when stopped, also one that was still opening", async () => {
    const { viewing, opened, settle } = setUp();
    viewing.start();
    viewing.stop();
    await settle();
    expect(opened[0]?.isClosed).toBe(true);
    viewing.start();
    await settle();
    viewing.stop();
    expect(opened[1]?.isClosed).toBe(true);
    expect(viewing.state).toBe("off");
  });
});
