/** Commands that wait for the server's answer, each with its `ref`, its text to send again, and its time limit. */

import type { Clock } from "./clock.ts";
import { VitrineError } from "./errors.ts";
import type { Ack, ClientCommand } from "./messages.ts";

/** A command as callers write it: the `ref` is ours to give. */
export type Request = ClientCommand extends infer C
  ? C extends ClientCommand
    ? Omit<C, "ref">
    : never
  : never;

const COMMAND_TIMEOUT_MS = 15_000;
const MOST_PENDING = 64;

interface Pending {
  text: string;
  timer: unknown;
  resolve: (ack: Ack) => void;
  reject: (error: VitrineError) => void;
}

export class PendingCommands {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  readonly #refBase: string;
  #refCount = 0;

  /** `random`: 0 to 1, so that no two clients' refs are the same. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#refBase = Math.floor(random() * 2 ** 52).toString(36);
  }

  /**
   * Takes a command in and hands its text to `send`. Resolves with its `Ack`.
   *
   * Rejects with a VitrineError: `too_many`, `timed_out`, or what it is settled with.
   */
  add(request: Request, send: (text: string) => void): Promise<Ack> {
    if (this.#pending.size >= MOST_PENDING) {
      return Promise.reject(new VitrineError("too_many", "Too many commands are waiting for the server."));
    }
    this.#refCount += 1;
    const ref = `${this.#refBase}-${this.#refCount}`;
    const text = JSON.stringify({ ...request, ref });
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(COMMAND_TIMEOUT_MS, () => {
        this.#pending.delete(ref);
        reject(new VitrineError("timed_out", "The server did not answer in time."));
      });
      this.#pending.set(ref, { text, timer, resolve, reject });
      send(text);
    });
  }

  /** The text of a command that still waits. */
  text(ref: string): string | undefined {
    return this.#pending.get(ref)?.text;
  }

  /** What a new connection has to send again, oldest first. */
  texts(): string[] {
    return [...this.#pending.values()].map(({ text }) => text);
  }

  resolve(ack: Ack): void {
    this.#settle(ack.ref)?.resolve(ack);
  }

  reject(ref: string, error: VitrineError): void {
    this.#settle(ref)?.reject(error);
  }

  rejectAll(error: VitrineError): void {
    for (const ref of [...this.#pending.keys()]) this.reject(ref, error);
  }

  #settle(ref: string): Pending | undefined {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return undefined;
    this.#pending.delete(ref);
    this.#clock.cancel(pending.timer);
    return pending;
  }
}
