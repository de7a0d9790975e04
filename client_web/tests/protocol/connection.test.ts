import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/protocol/clock.ts";
import { Connection, type ConnectionState } from "../../src/protocol/connection.ts";
import type { VitrineError } from "../../src/protocol/errors.ts";
import type { ShowEvent } from "../../src/protocol/messages.ts";
import { FakeSocket, welcome } from "./fake_socket.ts";

function setUp(random = () => 0) {
  const clock = new ManualClock();
  const sockets: FakeSocket[] = [];
  const connection = new Connection({
    url: "ws://server/live",
    showId: "show_1",
    token: "secret",
    language: "es",
    clock,
    random,
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
  });
  const states: ConnectionState[] = [];
  const events: ShowEvent[] = [];
  connection.on("state", (state) => states.push(state));
  connection.on("event", (event) => events.push(event));
  const last = (): FakeSocket => sockets.at(-1) as FakeSocket;
  const open = (): void => {
    connection.connect();
    last().accept();
    last().say(welcome());
  };
  return { clock, sockets, connection, states, events, last, open };
}

const announcement = (seq: number): ShowEvent => ({ type: "announcement", seq, at_ms: 0, text: String(seq) });

describe("connecting", () => {
  it("says hello first and is open once welcomed", () => {
    const { connection, states, last } = setUp();
    connection.connect();
    last().accept();
    expect(last().sent[0]).toEqual({
      type: "hello",
      version: 1,
      show_id: "show_1",
      token: "secret",
      language: "es",
      resume: null,
    });
    expect(states).toEqual(["connecting"]);
    last().say(welcome());
    expect(states).toEqual(["connecting", "open"]);
  });

  it("gives up on a server that does not welcome, and tries again", () => {
    const { clock, connection, sockets } = setUp();
    connection.connect();
    clock.advance(10_000);
    expect(sockets[0]?.closedWith).toBe(4000);
    clock.advance(600);
    expect(sockets).toHaveLength(2);
  });

  it("ignores what is not a message", () => {
    const { last, open, events } = setUp();
    open();
    for (const junk of ["", "{", "[]", "null", '{"type":7}']) last().say(junk);
    expect(events).toEqual([]);
  });
});

describe("reconnecting", () => {
  it("resumes at the last event it has seen", () => {
    const { clock, last, open } = setUp();
    open();
    last().say(announcement(12));
    last().drop();
    clock.advance(300);
    last().accept();
    expect(last().sent[0]?.resume).toEqual({ epoch: "one", seq: 12 });
  });

  it("passes each event on once, in order, also when the server repeats some", () => {
    const { clock, last, open, events } = setUp();
    open();
    last().say(announcement(11));
    last().say(announcement(13));
    last().drop();
    clock.advance(300);
    last().accept();
    last().say(welcome({ resumed: true, seq: 15 }));
    for (const seq of [13, 14, 15]) last().say(announcement(seq));
    expect(events.map((event) => event.seq)).toEqual([11, 13, 14, 15]);
  });

  it("starts from the new position when the server sends a whole state", () => {
    const { clock, last, open, events } = setUp();
    open();
    last().drop();
    clock.advance(300);
    last().accept();
    last().say(welcome({ epoch: "two", seq: 3 }));
    last().say(announcement(4));
    expect(events.map((event) => event.seq)).toEqual([4]);
  });

  it("waits longer after each failure", () => {
    const { clock, connection, sockets, last } = setUp();
    connection.connect();
    const delays: number[] = [];
    for (let failure = 0; failure < 4; failure += 1) {
      const before = sockets.length;
      last().drop();
      let waited = 0;
      while (sockets.length === before) {
        clock.advance(50);
        waited += 50;
      }
      delays.push(waited);
    }
    expect(delays).toEqual([250, 500, 1000, 2000]);
  });

  it("returns when the closing server said so", () => {
    const { clock, sockets, last, open } = setUp();
    open();
    last().say({ type: "closing", retry_after_s: 5 });
    last().drop(1012);
    clock.advance(4900);
    expect(sockets).toHaveLength(1);
    clock.advance(200);
    expect(sockets).toHaveLength(2);
  });

  it("asks after silence and reconnects when nothing comes", () => {
    const { clock, sockets, last, open } = setUp();
    open();
    clock.advance(15_000);
    expect(last().sent.at(-1)).toMatchObject({ type: "ping" });
    clock.advance(10_500);
    expect(sockets).toHaveLength(2);
  });

  it("tries at once when told that the network is back", () => {
    const { connection, sockets, last, open } = setUp(() => 1);
    open();
    last().drop();
    connection.retryNow();
    expect(sockets).toHaveLength(2);
  });
});

describe("refusals", () => {
  it.each([4400, 4401, 4404])("stays closed after close code %i and says why", (code) => {
    const { clock, connection, sockets, last } = setUp();
    let refused: VitrineError | null = null;
    connection.on("refused", (error) => {
      refused = error;
    });
    connection.connect();
    last().accept();
    last().say({ type: "problem", ref: null, code: "unknown_show", message: "", detail: {} });
    last().drop(code);
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(connection.state).toBe("closed");
    expect(refused).toMatchObject({ code: "unknown_show" });
  });

  it("connects again under another identity", () => {
    const { connection, last, open } = setUp();
    open();
    connection.identify("guest");
    last().accept();
    expect(last().sent[0]).toMatchObject({ token: "guest", resume: { epoch: "one", seq: 10 } });
  });
});

describe("commands", () => {
  it("resolve with their ack and reject with their problem", async () => {
    const { connection, last, open } = setUp();
    open();
    const like = connection.send({ type: "like", count: 3 });
    const chat = connection.send({ type: "chat.send", text: "hello" });
    const [first, second] = last().sent.slice(1) as { ref: string }[];
    last().say({
      type: "problem",
      ref: second?.ref ?? "",
      code: "too_many",
      message: "",
      detail: { retry_after_s: 4 },
    });
    last().say({ type: "ack", ref: first?.ref ?? "", clock: null });
    await expect(like).resolves.toMatchObject({ type: "ack" });
    await expect(chat).rejects.toMatchObject({ code: "too_many", retryAfterS: 4 });
  });

  it("cut off are sent again under the same ref", async () => {
    const { clock, connection, last, open } = setUp();
    open();
    const sent = connection.send({ type: "chat.send", text: "hello" });
    const { ref } = last().sent[1] as { ref: string };
    last().drop();
    clock.advance(300);
    last().accept();
    last().say(welcome({ resumed: true }));
    expect(last().sent[1]).toEqual({ type: "chat.send", text: "hello", ref });
    last().say({ type: "ack", ref, clock: null });
    await expect(sent).resolves.toMatchObject({ ref });
  });

  it("still being carried out are asked for again", async () => {
    const { clock, connection, last, open } = setUp();
    open();
    const sent = connection.send({ type: "chat.send", text: "hello" });
    const { ref } = last().sent[1] as { ref: string };
    last().say({ type: "problem", ref, code: "in_progress", message: "", detail: {} });
    clock.advance(500);
    expect(last().sent[2]).toMatchObject({ ref });
    last().say({ type: "ack", ref, clock: null });
    await expect(sent).resolves.toMatchObject({ ref });
  });

  it("time out, fail after close, and are limited in number", async () => {
    const { clock, connection, open } = setUp();
    open();
    const slow = connection.send({ type: "like", count: 1 });
    clock.advance(15_000);
    await expect(slow).rejects.toMatchObject({ code: "timed_out" });
    const many = Array.from({ length: 65 }, () => connection.send({ type: "like", count: 1 }));
    await expect(many.at(-1)).rejects.toMatchObject({ code: "too_many" });
    connection.close();
    connection.close();
    await expect(many[0]).rejects.toMatchObject({ code: "closed" });
    await expect(connection.send({ type: "ping" })).rejects.toMatchObject({ code: "closed" });
    await Promise.allSettled(many);
  });
});

describe("the reader's language", () => {
  it("changes without a new connection, and the next hello has it", () => {
    const { connection, sockets, last, open } = setUp();
    open();
    connection.speak("zh-CN");
    connection.speak("zh-CN");
    expect(last().sent.filter((message) => message.type === "language.set")).toEqual([
      { type: "language.set", language: "zh-CN", ref: expect.any(String) },
    ]);
    expect(sockets).toHaveLength(1);
    connection.identify("other");
    last().accept();
    expect(last().sent[0]).toMatchObject({ type: "hello", language: "zh-CN" });
  });

  it("is told after the welcome when it changed on the way", () => {
    const { connection, last } = setUp();
    connection.connect();
    last().accept();
    connection.speak("en");
    expect(last().sent).toHaveLength(1);
    last().say(welcome());
    expect(last().sent.at(-1)).toMatchObject({ type: "language.set", language: "en" });
  });

  it("brings the last lines in it", () => {
    const { connection, last, open } = setUp();
    const got: string[] = [];
    connection.on("translations", ({ lines }) => got.push(...lines.map((line) => line.text)));
    open();
    last().say({
      type: "chat_translations",
      language: "es",
      lines: [{ message_id: "1", text: "hola", trust: "model" }],
    });
    expect(got).toEqual(["hola"]);
  });
});
