import { describe, expect, it } from "vitest";
import { HttpSession, iceFragment, withRestartedIce } from "../../src/media/http_session.ts";

interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

function session(answers: Response[]): { http: HttpSession; calls: Call[] } {
  const calls: Call[] = [];
  const fake = (async (url: string, init: RequestInit) => {
    calls.push({
      url,
      method: init.method ?? "GET",
      headers: init.headers as Record<string, string>,
      body: String(init.body ?? ""),
    });
    return answers.shift() ?? new Response(null, { status: 500 });
  }) as unknown as typeof fetch;
  return {
    http: new HttpSession({ url: "https://live.example/whep/show_1", token: "secret", fetch: fake }),
    calls,
  };
}

const created = (headers: Record<string, string> = {}): Response =>
  new Response("v=0\r\n", {
    status: 201,
    headers: { "Content-Type": "application/sdp", Location: "/whep/sessions/abc", ETag: '"one"', ...headers },
  });

describe("a WHIP or WHEP session over HTTP", () => {
  it("opens with a POST and ends with a DELETE at its location, once", async () => {
    const { http, calls } = session([created(), new Response(null, { status: 200 })]);
    expect(await http.open("v=0 offer")).toEqual({ sdp: "v=0\r\n", isCounterOffer: false });
    expect(http.canRestart).toBe(true);
    await http.close();
    await http.close();
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST https://live.example/whep/show_1",
      "DELETE https://live.example/whep/sessions/abc",
    ]);
    expect(calls[0]?.headers).toMatchObject({
      "Content-Type": "application/sdp",
      Authorization: "Bearer secret",
    });
  });

  it("tells that nobody broadcasts, and when to ask again", async () => {
    const body = JSON.stringify({ code: "no_publisher", message: "", detail: {} });
    const { http } = session([new Response(body, { status: 409, headers: { "Retry-After": "2" } })]);
    await expect(http.open("v=0")).rejects.toMatchObject({ code: "no_publisher", retryAfterS: 2 });
  });

  it("refuses answers that are none", async () => {
    const noLocation = new Response("v=0", { status: 201, headers: { "Content-Type": "application/sdp" } });
    await expect(session([noLocation]).http.open("v=0")).rejects.toMatchObject({ code: "bad_answer" });
    const page = new Response("<html>", { status: 201, headers: { Location: "/x" } });
    await expect(session([page]).http.open("v=0")).rejects.toMatchObject({ code: "bad_answer" });
    await expect(session([new Response("", { status: 200 })]).http.open("v=0")).rejects.toMatchObject({
      code: "bad_answer",
    });
  });

  it("answers a counter-offer (WHEP 406)", async () => {
    const counter = new Response("v=0 counter", {
      status: 406,
      headers: { "Content-Type": "application/sdp; valid-until=30", Location: "https://other.example/s/1" },
    });
    const { http, calls } = session([counter, new Response(null, { status: 204 })]);
    expect(await http.open("v=0")).toMatchObject({ isCounterOffer: true });
    await http.answerCounterOffer("v=0 answer");
    expect(calls[1]).toMatchObject({ method: "PATCH", url: "https://other.example/s/1", body: "v=0 answer" });
  });

  it("trickles under its ETag and restarts under any, keeping the new one", async () => {
    const restarted = new Response("a=ice-ufrag:new\r\n", { status: 200, headers: { ETag: '"two"' } });
    const { http, calls } = session([
      created(),
      new Response(null, { status: 204 }),
      restarted,
      new Response(null, { status: 204 }),
    ]);
    await http.open("v=0");
    await http.trickle("a=candidate:1");
    await http.restart("a=ice-ufrag:x");
    await http.trickle("a=candidate:2");
    expect(calls.slice(1).map(({ headers }) => headers["If-Match"])).toEqual(['"one"', "*", '"two"']);
  });

  it("does not trickle to a server without entity tags", async () => {
    const { http, calls } = session([
      new Response("v=0\r\n", {
        status: 201,
        headers: { "Content-Type": "application/sdp", Location: "/s" },
      }),
    ]);
    await http.open("v=0");
    await http.trickle("a=candidate:1");
    expect(calls).toHaveLength(1);
    expect(http.canRestart).toBe(false);
  });
});

const OFFER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:mine\r\na=ice-pwd:secret\r\n";
const ANSWER = [
  "v=0",
  "a=group:BUNDLE 0 1",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=mid:0",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldpwd",
  "a=candidate:1 1 udp 1 10.0.0.1 8880 typ host",
  "a=end-of-candidates",
  "a=setup:passive",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=mid:1",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldpwd",
  "",
].join("\r\n");

describe("ICE fragments", () => {
  it("name credentials, section and candidates", () => {
    const candidate = { candidate: "candidate:1 1 udp 1 10.0.0.2 5 typ host" } as RTCIceCandidate;
    expect(iceFragment(OFFER, [candidate], true).split("\r\n")).toEqual([
      "a=ice-ufrag:mine",
      "a=ice-pwd:secret",
      "m=video 9 UDP/TLS/RTP/SAVPF 96",
      "a=mid:0",
      "a=candidate:1 1 udp 1 10.0.0.2 5 typ host",
      "a=end-of-candidates",
      "",
    ]);
  });

  it("replace credentials everywhere and candidates in the first section", () => {
    const fragment =
      "a=ice-ufrag:new\r\na=ice-pwd:newpwd\r\nm=video 9 RTP 0\r\na=candidate:9 1 udp 1 10.0.0.9 1 typ host\r\n";
    const lines = withRestartedIce(ANSWER, fragment).split("\r\n");
    expect(lines.filter((line) => line === "a=ice-ufrag:new")).toHaveLength(2);
    expect(lines.filter((line) => line === "a=ice-pwd:newpwd")).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("a=candidate:"))).toEqual([
      "a=candidate:9 1 udp 1 10.0.0.9 1 typ host",
    ]);
    expect(lines.indexOf("a=candidate:9 1 udp 1 10.0.0.9 1 typ host")).toBeLessThan(
      lines.indexOf("m=audio 9 UDP/TLS/RTP/SAVPF 111"),
    );
  });

  it("keep the candidates when the restart names none, and refuse one without credentials", () => {
    expect(withRestartedIce(ANSWER, "a=ice-ufrag:n\r\na=ice-pwd:p\r\n")).toContain("10.0.0.1 8880");
    expect(() => withRestartedIce(ANSWER, "a=ice-ufrag:n\r\n")).toThrow("no credentials");
  });
});
