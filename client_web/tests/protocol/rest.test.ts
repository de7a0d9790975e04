import { describe, expect, it } from "vitest";
import { retryAfterSeconds } from "../../src/protocol/errors.ts";
import { Api, newIdempotencyKey } from "../../src/protocol/rest.ts";

interface Call {
  url: string;
  init: RequestInit;
}

function apiAnswering(answer: () => Response | Promise<Response>): { api: Api; calls: Call[] } {
  const calls: Call[] = [];
  const fake = (async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return answer();
  }) as unknown as typeof fetch;
  return { api: new Api({ server: "https://live.example/", token: () => "secret", fetch: fake }), calls };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

describe("the REST client", () => {
  it("sends token, body and idempotency key", async () => {
    const { api, calls } = apiAnswering(() => json({ checkout_id: "c" }));
    await api.beginCheckout("show_1", { currency: "EUR" }, "key-1");
    expect(calls[0]?.url).toBe("https://live.example/api/shows/show_1/checkouts");
    expect(calls[0]?.init.headers).toMatchObject({
      Authorization: "Bearer secret",
      "Idempotency-Key": "key-1",
    });
    expect(calls[0]?.init.body).toBe('{"currency":"EUR"}');
  });

  it("asks for nothing when no product is wanted", async () => {
    const { api, calls } = apiAnswering(() => json([]));
    expect(await api.products([])).toEqual([]);
    expect(calls).toHaveLength(0);
  });

  it("throws the server's code, facts and waiting time", async () => {
    const body = { code: "out_of_stock", message: "Only 2 left.", detail: { left: 2 } };
    const { api } = apiAnswering(() => json(body, 409, { "Retry-After": "3" }));
    await expect(api.cart("s")).rejects.toMatchObject({
      code: "out_of_stock",
      status: 409,
      detail: { left: 2 },
      retryAfterS: 3,
    });
  });

  it("makes sense of a proxy's page, of silence and of nonsense", async () => {
    await expect(
      apiAnswering(() => new Response("<html>", { status: 502 })).api.shows(),
    ).rejects.toMatchObject({
      code: "unavailable",
      status: 502,
    });
    await expect(
      apiAnswering(() => Promise.reject(new TypeError("failed"))).api.shows(),
    ).rejects.toMatchObject({
      code: "network",
    });
    await expect(apiAnswering(() => new Response("{", { status: 200 })).api.shows()).rejects.toMatchObject({
      code: "bad_answer",
    });
  });

  it("turns the server's addresses into ones that work on any page, and no others", () => {
    const { api } = apiAnswering(() => json({}));
    expect(api.address("/pictures/a.webp")).toBe("https://live.example/pictures/a.webp");
    expect(api.address("https://cdn.example/a.webp")).toBe("https://cdn.example/a.webp");
    expect(api.address("javascript:alert(1)")).toBeNull();
    expect(api.address(null)).toBeNull();
    expect(api.liveUrl).toBe("wss://live.example/live");
  });

  it("makes keys that differ", () => {
    expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  });

  it("reads Retry-After in both forms", () => {
    expect(retryAfterSeconds("7")).toBe(7);
    expect(retryAfterSeconds("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6);
    expect(retryAfterSeconds("soon")).toBeNull();
    expect(retryAfterSeconds(null)).toBeNull();
  });
});
