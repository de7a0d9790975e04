/**
 * The HTTP half that WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-04) share: one POST opens a session, PATCH
 * trickles candidates and restarts ICE, DELETE ends it.
 */

import { errorOf, VitrineError } from "../protocol/errors.ts";

export interface HttpSessionOptions {
  /** Address of the endpoint. */
  url: string;
  token?: string | null;
  signal?: AbortSignal;
  fetch?: typeof fetch;
}

/** What the POST brought back. */
export interface Opened {
  sdp: string;
  /** True for a WHEP 406: the SDP is the server's own offer, to be answered by `answerCounterOffer`. */
  isCounterOffer: boolean;
}

const TIMEOUT_MS = 10_000;
/** A session description larger than this is not one. */
const MAX_SDP_CHARS = 64 * 1024;

export class HttpSession {
  readonly #options: HttpSessionOptions;
  readonly #fetch: typeof fetch;
  #location: string | null = null;
  #etag: string | null = null;

  constructor(options: HttpSessionOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** Whether the server takes PATCH with entity tags: without an ETag it supports no restart (§4.3.1). */
  get canRestart(): boolean {
    return this.#etag !== null;
  }

  /** Sends the offer. Throws a VitrineError; `no_publisher` and `unavailable` carry `retryAfterS`. */
  async open(offer: string): Promise<Opened> {
    const response = await this.#call(this.#options.url, {
      method: "POST",
      headers: { "Content-Type": "application/sdp" },
      body: offer,
    });
    const isCounterOffer = response.status === 406 && isSdp(response);
    if (response.status !== 201 && !isCounterOffer) {
      if (!response.ok) throw await errorOf(response);
      throw new VitrineError("bad_answer", `The media server answered ${response.status} instead of 201.`);
    }
    const location = response.headers.get("Location");
    if (location === null) throw new VitrineError("bad_answer", "The media server named no session.");
    // relative to where the request ended up: a 307 may have moved it
    this.#location = new URL(location, response.url || this.#options.url).href;
    this.#etag = response.headers.get("ETag");
    const sdp = await response.text();
    if (sdp.length > MAX_SDP_CHARS || !sdp.startsWith("v=0")) {
      throw new VitrineError("bad_answer", "The media server's session description cannot be read.");
    }
    return { sdp, isCounterOffer };
  }

  /** Answers a counter-offer (WHEP 406). */
  async answerCounterOffer(answer: string): Promise<void> {
    const response = await this.#patch("application/sdp", answer, null);
    if (!response.ok) throw await errorOf(response);
  }

  /** Sends local candidates. A server that does not trickle refuses; ICE goes on without. */
  async trickle(fragment: string): Promise<void> {
    if (this.#etag === null) return;
    const response = await this.#patch("application/trickle-ice-sdpfrag", fragment, this.#etag);
    await response.body?.cancel();
  }

  /** Restarts ICE; returns the server's fragment with its new credentials. */
  async restart(fragment: string): Promise<string> {
    const response = await this.#patch("application/trickle-ice-sdpfrag", fragment, "*");
    if (response.status !== 200) throw await errorOf(response);
    this.#etag = response.headers.get("ETag");
    return response.text();
  }

  /** What the server tells about the session under a name of its own (not part of WHIP or WHEP); null for nothing. */
  async ask(name: string): Promise<unknown> {
    if (this.#location === null) return null;
    const response = await this.#call(`${this.#location}/${name}`, { method: "GET", headers: {} });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return response.json();
  }

  /** Sets what `ask` tells under a name; what the server says of it then, null when it does not take it. */
  async put(name: string, body: unknown): Promise<unknown> {
    if (this.#location === null) return null;
    const headers = { "Content-Type": "application/json" };
    const url = `${this.#location}/${name}`;
    const response = await this.#call(url, { method: "PUT", headers, body: JSON.stringify(body) });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return response.json();
  }

  /** Whether the server still knows the session and the media process that has it. Rejects when it cannot be asked. */
  async lives(): Promise<boolean> {
    if (this.#location === null) return false;
    const response = await this.#call(`${this.#location}/picture`, { method: "HEAD", headers: {} });
    return response.status !== 404 && response.status !== 503;
  }

  /** Ends the session; safe to call twice, also while the page goes away. Never throws. */
  async close(): Promise<void> {
    const location = this.#location;
    this.#location = null;
    if (location === null) return;
    try {
      await this.#fetch(location, { method: "DELETE", headers: this.#authorization(), keepalive: true });
    } catch {
      // the server notices by itself when consent freshness runs out
    }
  }

  #patch(type: string, body: string, ifMatch: string | null): Promise<Response> {
    if (this.#location === null) throw new VitrineError("closed", "The media session is closed.");
    const headers: Record<string, string> = { "Content-Type": type };
    if (ifMatch !== null) headers["If-Match"] = ifMatch;
    return this.#call(this.#location, { method: "PATCH", headers, body });
  }

  async #call(url: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = this.#options.signal ? AbortSignal.any([this.#options.signal, timeout]) : timeout;
    try {
      return await this.#fetch(url, {
        ...init,
        headers: { ...init.headers, ...this.#authorization() },
        signal,
        cache: "no-store",
      });
    } catch (error) {
      if (this.#options.signal?.aborted) throw error;
      throw new VitrineError(
        timeout.aborted ? "timed_out" : "network",
        "The media server cannot be reached.",
        {
          cause: error,
        },
      );
    }
  }

  #authorization(): Record<string, string> {
    return this.#options.token ? { Authorization: `Bearer ${this.#options.token}` } : {};
  }
}

function isSdp(response: Response): boolean {
  return (response.headers.get("Content-Type") ?? "").toLowerCase().startsWith("application/sdp");
}

/** Lines of one ICE generation in a session description: credentials and candidates of the first (bundled) section. */
export function iceFragment(sdp: string, candidates: readonly RTCIceCandidate[], complete: boolean): string {
  const lines = sdp.split(/\r?\n/);
  const line = (start: string): string | undefined => lines.find((text) => text.startsWith(start));
  const media = line("m=") ?? "m=audio 9 UDP/TLS/RTP/SAVPF 0";
  const fragment = [
    line("a=ice-ufrag:"),
    line("a=ice-pwd:"),
    media,
    line("a=mid:"),
    ...candidates.map((candidate) => `a=${candidate.candidate}`),
    complete ? "a=end-of-candidates" : undefined,
  ];
  return `${fragment.filter((text) => text !== undefined).join("\r\n")}\r\n`;
}

/** The remote description with the credentials and candidates of a restart's answer (RFC 9725 §4.3.3). */
export function withRestartedIce(remoteSdp: string, fragment: string): string {
  const fresh = fragment.split(/\r?\n/).map((text) => text.trim());
  const ufrag = fresh.find((text) => text.startsWith("a=ice-ufrag:"));
  const pwd = fresh.find((text) => text.startsWith("a=ice-pwd:"));
  if (ufrag === undefined || pwd === undefined) {
    throw new VitrineError("bad_answer", "The media server's restart holds no credentials.");
  }
  const candidates = fresh.filter(
    (text) => text.startsWith("a=candidate:") || text === "a=end-of-candidates",
  );
  const kept: string[] = [];
  let isFirstSection = false;
  for (const text of remoteSdp.split(/\r?\n/)) {
    if (text.startsWith("a=candidate:") || text === "a=end-of-candidates") {
      if (candidates.length === 0) kept.push(text);
    } else if (text.startsWith("a=ice-ufrag:")) {
      kept.push(ufrag);
    } else if (text.startsWith("a=ice-pwd:")) {
      kept.push(pwd);
      if (isFirstSection) kept.push(...candidates);
      isFirstSection = false;
    } else {
      if (text.startsWith("m=")) isFirstSection = !kept.some((known) => known.startsWith("m="));
      kept.push(text);
    }
  }
  return kept.join("\r\n");
}
