import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/protocol/clock.ts";
import type { Product, ServerMessage } from "../../src/protocol/messages.ts";
import type { Socket } from "../../src/protocol/socket.ts";
import { LiveShow } from "../../src/studio/live_show.ts";
import { product } from "../console/products.ts";

class Line implements Socket {
  readyState = 1;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  send(data: string): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = 3;
  }
  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const CLOCK = { show_ms: 60_000, server_time: "2026-11-01T12:00:00Z" };

function welcome(): ServerMessage {
  return {
    type: "welcome",
    version: 1,
    epoch: "e",
    seq: 3,
    resumed: false,
    clock: CLOCK,
    you: { id: "person_host", name: "Mira", role: "host", owns_show: true, moderates: true },
    whep_url: "/whep/show_1",
    state: {
      show_id: "show_1",
      title: { en: "Evening light" },
      host_name: "Mira",
      host_picture_url: null,
      status: "live",
      starts_at: null,
      pins: [],
      sold_out: [],
      announcement: "",
      slow_mode_s: 0,
      blocked: false,
      likes: 0,
      viewers: 4,
      chat: [],
      rundown: ["product_lamp"],
      presenter: "human",
    },
  };
}

async function studio() {
  const clock = new ManualClock();
  const line = new Line();
  const asked: string[][] = [];
  const lamp = product("product_lamp", { en: "Dawn lamp" }, "Light", [7]);
  const api = {
    liveUrl: "ws://shop/live",
    product: () => Promise.resolve(lamp),
    listening: () => Promise.resolve({ is_on: true, language: "en", recognisers: [] }),
    products: (ids: readonly string[]): Promise<Product[]> => {
      asked.push([...ids]);
      return Promise.resolve([lamp]);
    },
  };
  const show = new LiveShow({ api, showId: "show_1", token: "t", language: "en", clock, open: () => line });
  show.connect();
  line.onopen?.();
  line.say(welcome());
  await Promise.resolve();
  await Promise.resolve();
  return { show, line, clock, asked };
}

describe("the show as the studio sees it", () => {
  it("has its rundown's products after the welcome", async () => {
    const { show, asked } = await studio();
    expect(asked).toEqual([["product_lamp"]]);
    expect(show.product("product_lamp")?.title.en).toBe("Dawn lamp");
    expect(show.viewers).toBe(4);
  });

  it("counts stock down as it is sold", async () => {
    const { show, line } = await studio();
    const variants = [{ variant_id: "variant_product_lamp_0", left: 6 }];
    line.say({ type: "stock", seq: 4, at_ms: 1, product_id: "product_lamp", variants });
    expect(show.product("product_lamp")?.variants[0]?.left).toBe(6);
  });

  it("tells every order", async () => {
    const { show, line } = await studio();
    const names: string[] = [];
    show.on("order", (order) => names.push(order.buyer_name));
    const order = {
      order_id: "o",
      product_ids: ["product_lamp"],
      total_minor: 1,
      currency: "USD",
      buyer_name: "Ana",
    };
    line.say({ type: "order", seq: 4, at_ms: 1, ...order });
    expect(names).toEqual(["Ana"]);
  });

  it("lets the show clock run and forgets an old report of the picture", async () => {
    const { show, line, clock } = await studio();
    line.say({ type: "ingest", bitrate_bps: 2e6, loss: 0, width_px: 1280, height_px: 720, fps: 30 });
    clock.advance(5000);
    expect(show.showMs).toBe(65_000);
    expect(show.ingest?.fps).toBe(30);
    clock.advance(1500);
    expect(show.ingest).toBeNull();
  });

  it("asks for products that are added to the rundown", async () => {
    const { show, asked } = await studio();
    show.setRundown(["product_lamp", "product_vase"]);
    expect(asked.at(-1)).toEqual(["product_vase"]);
    expect(show.state?.rundown).toEqual(["product_lamp", "product_vase"]);
  });
});
