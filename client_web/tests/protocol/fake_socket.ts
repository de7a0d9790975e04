/** A socket that a test holds the other end of. */

import type { ServerMessage, Welcome } from "../../src/protocol/messages.ts";
import type { Socket } from "../../src/protocol/socket.ts";

export class FakeSocket implements Socket {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  closedWith: number | null = null;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(code = 1000): void {
    this.closedWith = code;
    this.readyState = 3;
  }

  /** The server accepts the connection. */
  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server says something. */
  say(message: ServerMessage | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  /** The connection breaks. */
  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

export function welcome(changes: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    version: 1,
    epoch: "one",
    seq: 10,
    resumed: false,
    clock: { show_ms: 1000, server_time: "" },
    you: { id: "you", name: "", role: "viewer", owns_show: false, moderates: false },
    state: null,
    whep_url: "/whep/show",
    ...changes,
  };
}
