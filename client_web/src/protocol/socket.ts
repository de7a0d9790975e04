/** The socket of the live channel, and what it brings. */

import type { ServerMessage } from "./messages.ts";

/** The part of a browser's WebSocket that is needed. */
export interface Socket {
  readyState: number;
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

/** A server's message; null for what is none. */
export function parse(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    if (
      typeof message === "object" &&
      message !== null &&
      "type" in message &&
      typeof message.type === "string"
    ) {
      return message as ServerMessage;
    }
  } catch {
    // not ours to repair
  }
  return null;
}
