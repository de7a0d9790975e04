import { describe, expect, it } from "vitest";
import type { ChatLine, ShowEvent, ShowState } from "../../src/protocol/messages.ts";
import { afterEvent, waitsForFrame } from "../../src/protocol/show_state.ts";

const line = (id: string, author = "ana"): ChatLine => ({
  message_id: id,
  author: { id: author, name: author, role: "viewer" },
  text: "hello",
  at_ms: 0,
  sent_at: "",
  language: "und",
  translation: null,
});
const state: ShowState = {
  show_id: "show",
  title: {},
  host_name: "",
  host_picture_url: null,
  status: "live",
  starts_at: null,
  pins: [],
  sold_out: [],
  announcement: "",
  slow_mode_s: 0,
  blocked: false,
  likes: 0,
  viewers: 0,
  chat: [line("1"), line("2", "bo")],
  rundown: [],
  presenter: "human",
};
type Payload<E> = E extends ShowEvent ? Omit<E, "seq" | "at_ms"> : never;
const later = (event: Payload<ShowEvent>, from = state): ShowState =>
  afterEvent(from, { seq: 1, at_ms: 0, ...event } as ShowEvent, "you");

describe("the state after an event", () => {
  it("puts translations to their lines", () => {
    const translation = { message_id: "2", text: "hola", trust: "model" } as const;
    const after = later({ type: "chat_translated", language: "es", lines: [translation] });
    expect(after.chat.map((each) => each.translation)).toEqual([null, translation]);
    const unknown = { ...translation, message_id: "gone" };
    expect(later({ type: "chat_translated", language: "es", lines: [unknown] })).toBe(state);
  });

  it("takes what changed and leaves the rest", () => {
    expect(later({ type: "status", status: "away" })).toEqual({ ...state, status: "away" });
    const pins = [{ product_id: "mug", at_ms: 5 }];
    expect(later({ type: "pins", pins }).pins).toEqual(pins);
    expect(later({ type: "sold_out_list", product_ids: ["mug"] }).sold_out).toEqual(["mug"]);
    expect(later({ type: "announcement", text: "hi" }).announcement).toBe("hi");
    expect(later({ type: "slow_mode", seconds: 5 }).slow_mode_s).toBe(5);
  });

  it("keeps the last fifty lines, each once", () => {
    const again = later({ type: "chat", line: line("2") });
    expect(again).toBe(state);
    let full = state;
    for (let n = 3; n < 60; n += 1) full = later({ type: "chat", line: line(String(n)) }, full);
    expect(full.chat).toHaveLength(50);
    expect(full.chat.at(-1)?.message_id).toBe("59");
  });

  it("takes lines away, one by one or all of a blocked person", () => {
    expect(later({ type: "chat_deleted", message_ids: ["1"] }).chat.map((each) => each.message_id)).toEqual([
      "2",
    ]);
    const blocked = later({ type: "blocked", person_id: "bo" });
    expect(blocked.chat.map((each) => each.message_id)).toEqual(["1"]);
    expect(blocked.blocked).toBe(false);
    expect(later({ type: "blocked", person_id: "you" }).blocked).toBe(true);
  });

  it("is the same for events about products and orders", () => {
    expect(later({ type: "stock", product_id: "mug", variants: [] })).toBe(state);
    expect(later({ type: "product", product_id: "mug" })).toBe(state);
  });

  it("is the same for events of a newer server", () => {
    expect(afterEvent(state, { type: "fireworks", seq: 1, at_ms: 0 } as unknown as ShowEvent, "you")).toBe(
      state,
    );
  });

  it("waits for the frame only with what is seen in the picture", () => {
    const base = { seq: 1, at_ms: 0 };
    expect(waitsForFrame({ ...base, type: "pins", pins: [] })).toBe(true);
    expect(waitsForFrame({ ...base, type: "stock", product_id: "mug", variants: [] })).toBe(false);
    expect(waitsForFrame({ ...base, type: "chat", line: line("1") })).toBe(false);
  });
});
