/**
 * The live channel of one show: a WebSocket that comes back by itself and misses nothing.
 *
 * Commands are answered; one that was cut off is sent again under its old `ref`, which the server carries out once.
 * After a break the client resumes at its last `seq`; the server sends what was missed, or a whole new state.
 */

import { type Clock, systemClock } from "./clock.ts";
import { Emitter, type Handler } from "./emitter.ts";
import { VitrineError } from "./errors.ts";
import {
  type Ack,
  type AiDesk,
  type CaptionGrowing,
  type ChatTranslations,
  type Closing,
  type Counters,
  type Hello,
  type HostHearing,
  type Ingest,
  PROTOCOL_VERSION,
  type Problem,
  type Score,
  type ShowEvent,
  type VoiceCommandDone,
  type Welcome,
} from "./messages.ts";
import { PendingCommands, type Request } from "./pending_commands.ts";
import { parse, type Socket } from "./socket.ts";

export type ConnectionState = "idle" | "connecting" | "open" | "closed";

export interface ConnectionEvents {
  /** `open` means welcomed, not merely connected. */
  state: ConnectionState;
  welcome: Welcome;
  /** In order, each once. */
  event: ShowEvent;
  counters: Counters;
  /** After `speak`: what is known of the last lines in the new language. */
  translations: ChatTranslations;
  ingest: Ingest;
  /** The AI host's desk, for those who direct it. */
  aiDesk: AiDesk;
  /** What a person has said so far; its `caption` follows as an event. */
  growing: CaptionGrowing;
  /** What the AI host's face and hands do, for those who follow it. */
  performed: Score;
  /** How the host is listened to, for those who run the show. */
  hearing: HostHearing;
  /** The host said something to the studio, and it was done. */
  voiceCommand: VoiceCommandDone;
  ack: Ack;
  /** The server goes away and says when to return; the connection does return by itself. */
  closing: Closing;
  /** The server does not want this client (unknown show, bad token, other version): it stays closed. */
  refused: VitrineError;
}

export interface ConnectionOptions {
  /** ws:// or wss:// address of /live. */
  url: string;
  showId: string;
  token?: string | null;
  language?: string;
  /** Makes a socket; a browser's `WebSocket` unless a test says otherwise. */
  open?: (url: string) => Socket;
  clock?: Clock;
  /** 0 to 1, spreads reconnects out. */
  random?: () => number;
}

const BACKOFF_MS = [500, 1000, 2000, 4000, 8000, 15000];
const HELLO_TIMEOUT_MS = 10_000;
const PING_MS = 15_000;
const IN_PROGRESS_MS = 500;
/** Close codes after which the same hello would fail again (PROTOCOL.md): bad hello, bad token, unknown show. */
const FATAL_CLOSES: ReadonlySet<number> = new Set([4400, 4401, 4404]);
/** Far too many messages: coming back at once would make it worse. */
const FLOOD_CLOSE = 4429;
const FLOOD_PAUSE_MS = 10_000;
const RESTART_CLOSE = 1012;
const OPEN = 1;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<ConnectionEvents>();
  readonly #pending: PendingCommands;
  #state: ConnectionState = "idle";
  #socket: Socket | null = null;
  #token: string | null;
  #language: string;
  /** What the server was told. */
  #toldLanguage = "";
  #position: { epoch: string; seq: number } | null = null;
  #failures = 0;
  #retryTimer: unknown = null;
  #watchTimer: unknown = null;
  #returnAfterMs: number | null = null;
  #lastProblem: VitrineError | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#token = options.token ?? null;
    this.#language = options.language ?? "en";
    this.#pending = new PendingCommands(this.#clock, options.random ?? Math.random);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  on<K extends keyof ConnectionEvents>(
    type: K,
    handler: Handler<ConnectionEvents[K]>,
    signal?: AbortSignal,
  ): () => void {
    return this.#emitter.on(type, handler, signal);
  }

  /** Connects, and stays connected until `close`. Does nothing when already on the way. */
  connect(): void {
    if (this.#state === "connecting" || this.#state === "open") return;
    this.#to("connecting");
    this.#dial();
  }

  /** Speaks as somebody else from now on (a guest got a name): connects again and resumes. */
  identify(token: string | null, language: string = this.#language): void {
    if (token === this.#token && language === this.#language) return;
    this.#token = token;
    this.#language = language;
    if (this.#state === "idle") return;
    if (this.#state === "closed") {
      this.connect();
      return;
    }
    this.#to("connecting");
    this.#failures = 0;
    this.#dial();
  }

  /** Reads in another language from now on, over the same connection. */
  speak(language: string): void {
    this.#language = language;
    if (this.#state === "open") this.#tellLanguage();
  }

  #tellLanguage(): void {
    if (this.#toldLanguage === this.#language) return;
    const language = this.#language;
    this.#toldLanguage = language;
    // a server that does not know the command goes on in the language of the hello
    void this.send({ type: "language.set", language }).catch(() => {});
  }

  /** Tries at once when waiting for a reconnect (the network is back, the page is visible again). */
  retryNow(): void {
    if (this.#retryTimer === null || this.#state !== "connecting") return;
    this.#dial();
  }

  /** Ends it; waiting commands fail with `closed`. May be called twice. */
  close(): void {
    this.#dropSocket(1000);
    this.#clear();
    this.#pending.rejectAll(new VitrineError("closed", "The connection was closed."));
    if (this.#state !== "closed") this.#to("closed");
  }

  /**
   * Asks the server to do something. Resolves with its `Ack`.
   *
   * Rejects with a VitrineError: the server's own code, `timed_out`, or `closed`. While reconnecting it waits.
   */
  send(request: Request): Promise<Ack> {
    if (this.#state === "closed")
      return Promise.reject(new VitrineError("closed", "The connection is closed."));
    return this.#pending.add(request, (text) => {
      if (this.#state === "open" && this.#socket?.readyState === OPEN) this.#socket.send(text);
    });
  }

  #to(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#emitter.emit("state", state);
  }

  #clear(): void {
    this.#clock.cancel(this.#retryTimer);
    this.#clock.cancel(this.#watchTimer);
    this.#retryTimer = null;
    this.#watchTimer = null;
  }

  #dropSocket(code: number): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    try {
      socket.close(code);
    } catch {
      // already gone
    }
  }

  #dial(): void {
    this.#clear();
    this.#dropSocket(1000);
    const open = this.#options.open ?? ((url) => new WebSocket(url) as unknown as Socket);
    let socket: Socket;
    try {
      socket = open(this.#options.url);
    } catch {
      this.#lost();
      return;
    }
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.#hello()));
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = ({ code }) => {
      this.#socket = null;
      if (FATAL_CLOSES.has(code)) {
        this.#end(
          this.#lastProblem ?? new VitrineError("closed", `The server ended the connection (${code}).`),
        );
        return;
      }
      if (code === RESTART_CLOSE) this.#returnAfterMs ??= 1000;
      if (code === FLOOD_CLOSE) this.#returnAfterMs ??= FLOOD_PAUSE_MS;
      this.#lost();
    };
    socket.onerror = null; // a close always follows
    this.#watchTimer = this.#clock.after(HELLO_TIMEOUT_MS, () => this.#stale());
  }

  #hello(): Hello {
    this.#toldLanguage = this.#language;
    return {
      type: "hello",
      version: PROTOCOL_VERSION,
      show_id: this.#options.showId,
      token: this.#token,
      language: this.#language,
      resume: this.#position,
    };
  }

  #stale(): void {
    this.#dropSocket(4000);
    this.#lost();
  }

  #lost(): void {
    this.#clear();
    if (this.#state === "closed") return;
    this.#to("connecting");
    const random = this.#options.random ?? Math.random;
    const step = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 15_000;
    // half fixed, half spread: a thousand viewers do not come back in the same instant
    const delayMs = (this.#returnAfterMs ?? step / 2) + random() * (step / 2);
    this.#failures += 1;
    this.#returnAfterMs = null;
    this.#retryTimer = this.#clock.after(delayMs, () => this.#dial());
  }

  #watch(): void {
    this.#clock.cancel(this.#watchTimer);
    this.#watchTimer = this.#clock.after(PING_MS, () => {
      void this.send({ type: "ping" }).catch(() => {});
      this.#watchTimer = this.#clock.after(HELLO_TIMEOUT_MS, () => this.#stale());
    });
  }

  #received(data: unknown): void {
    const message = parse(data);
    if (message === null) return;
    if (this.#state === "open") this.#watch();
    switch (message.type) {
      case "welcome":
        this.#welcomed(message);
        return;
      case "ack":
        this.#emitter.emit("ack", message);
        this.#pending.resolve(message);
        return;
      case "problem":
        this.#refused(message);
        return;
      case "closing":
        this.#returnAfterMs = Math.max(0, message.retry_after_s) * 1000;
        this.#emitter.emit("closing", message);
        return;
      case "counters":
        this.#emitter.emit("counters", message);
        return;
      case "chat_translations":
        this.#emitter.emit("translations", message);
        return;
      case "ingest":
        this.#emitter.emit("ingest", message);
        return;
      case "performance":
        this.#emitter.emit("performed", message.score);
        return;
      case "caption_growing":
        this.#emitter.emit("growing", message);
        return;
      case "listening_state":
        this.#emitter.emit("hearing", message.hearing);
        return;
      case "voice_command":
        this.#emitter.emit("voiceCommand", message);
        return;
      case "ai_state":
        this.#emitter.emit("aiDesk", message.desk);
        return;
      default:
        this.#happened(message);
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#failures = 0;
    this.#returnAfterMs = null;
    this.#lastProblem = null;
    // resumed: what was missed follows as events, so the old position still stands
    if (!welcome.resumed || this.#position === null) {
      this.#position = { epoch: welcome.epoch, seq: welcome.seq };
    }
    this.#emitter.emit("welcome", welcome);
    this.#to("open");
    this.#tellLanguage();
    this.#watch();
    for (const text of this.#pending.texts()) this.#socket?.send(text);
  }

  #happened(event: ShowEvent): void {
    if (this.#position === null || !Number.isInteger(event.seq)) return;
    if (event.seq <= this.#position.seq) return;
    this.#position = { ...this.#position, seq: event.seq };
    this.#emitter.emit("event", event);
  }

  #refused(problem: Problem): void {
    const error = VitrineError.ofProblem(problem);
    if (problem.ref !== null) {
      if (problem.code === "in_progress") {
        this.#askAgain(problem.ref);
        return;
      }
      this.#pending.reject(problem.ref, error);
      return;
    }
    // about the connection itself: whether it ends for good is told by the close code that follows
    this.#lastProblem = error;
    if (error.retryAfterS !== null) this.#returnAfterMs = error.retryAfterS * 1000;
  }

  /** The command of an earlier connection is still being carried out: its answer is asked for a little later. */
  #askAgain(ref: string): void {
    this.#clock.after(IN_PROGRESS_MS, () => {
      const text = this.#pending.text(ref);
      if (text !== undefined && this.#state === "open") this.#socket?.send(text);
    });
  }

  #end(error: VitrineError): void {
    this.#clear();
    this.#pending.rejectAll(error);
    this.#to("closed");
    this.#emitter.emit("refused", error);
  }
}
