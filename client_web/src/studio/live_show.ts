/** What the studio knows of its show: the state as the server folds it, its products, counters, the picture's arrival. */

import { type Clock, systemClock } from "../protocol/clock.ts";
import { Connection, type ConnectionOptions, type ConnectionState } from "../protocol/connection.ts";
import { Emitter, type Handler } from "../protocol/emitter.ts";
import type { VitrineError } from "../protocol/errors.ts";
import type {
  Ack,
  AiDesk,
  AiVerdict,
  Counters,
  HostHearing,
  Ingest,
  Listening,
  ListeningSet,
  OrderPlaced,
  Product,
  ShowEvent,
  ShowState,
  VoiceCommandDone,
  Welcome,
  You,
} from "../protocol/messages.ts";
import type { Request } from "../protocol/pending_commands.ts";
import type { Api } from "../protocol/rest.ts";
import { afterEvent } from "../protocol/show_state.ts";
import { ShowClock } from "../protocol/showclock.ts";

/** A report of the arriving picture is news for this long; the server sends one every two seconds. */
export const INGEST_FRESH_MS = 6000;
/** The listener tells how it goes every five seconds; one that misses two is gone. */
export const HEARING_FRESH_MS = 12_000;
/** The AI host tells its desk every five seconds; one that misses two is gone. */
export const AI_FRESH_MS = 12_000;

export interface LiveShowEvents {
  /** State, products, counters or connection have changed. */
  changed: undefined;
  order: OrderPlaced;
  /** What the AI host makes of an order. */
  aiVerdict: AiVerdict;
  /** The host's voice is captioned from now on, or not any more. */
  listening: ListeningSet;
  /** What the host said to the studio, and what was done. */
  voiceCommand: VoiceCommandDone;
  /** The server does not take this client; nothing more will come. */
  refused: VitrineError;
}

export interface LiveShowOptions {
  api: Pick<Api, "products" | "product" | "listening" | "liveUrl">;
  showId: string;
  token: string;
  language: string;
  clock?: Clock;
  open?: ConnectionOptions["open"];
}

export class LiveShow {
  readonly showId: string;
  readonly #api: LiveShowOptions["api"];
  readonly #connection: Connection;
  readonly #emitter = new Emitter<LiveShowEvents>();
  readonly #clock: Clock;
  readonly #showClock: ShowClock;
  readonly #products = new Map<string, Product>();
  #state: ShowState | null = null;
  #you: You | null = null;
  #counters: Pick<Counters, "likes" | "viewers"> = { likes: 0, viewers: 0 };
  #ingest: { report: Ingest; atMs: number } | null = null;
  #hearing: { hearing: HostHearing; atMs: number } | null = null;
  #aiDesk: { desk: AiDesk; atMs: number } | null = null;

  constructor(options: LiveShowOptions) {
    this.showId = options.showId;
    this.#api = options.api;
    this.#clock = options.clock ?? systemClock;
    this.#showClock = new ShowClock(() => this.#clock.now());
    this.#connection = new Connection({
      url: options.api.liveUrl,
      showId: options.showId,
      token: options.token,
      language: options.language,
      clock: this.#clock,
      ...(options.open ? { open: options.open } : {}),
    });
    this.#connection.on("welcome", (welcome) => this.#welcomed(welcome));
    this.#connection.on("event", (event) => this.#happened(event));
    this.#connection.on("counters", (counters) => {
      this.#counters = counters;
      this.#showClock.correct(counters.clock);
      this.#tell();
    });
    this.#connection.on("ingest", (report) => {
      this.#ingest = { report, atMs: this.#clock.now() };
      this.#tell();
    });
    this.#connection.on("hearing", (hearing) => {
      this.#hearing = { hearing, atMs: this.#clock.now() };
      this.#tell();
    });
    this.#connection.on("voiceCommand", (done) => this.#emitter.emit("voiceCommand", done));
    this.#connection.on("aiDesk", (desk) => {
      this.#aiDesk = { desk, atMs: this.#clock.now() };
      this.#tell();
    });
    this.#connection.on("state", () => this.#tell());
    this.#connection.on("refused", (error) => this.#emitter.emit("refused", error));
  }

  on<K extends keyof LiveShowEvents>(
    type: K,
    handler: Handler<LiveShowEvents[K]>,
    signal?: AbortSignal,
  ): () => void {
    return this.#emitter.on(type, handler, signal);
  }

  /** Null until the server has welcomed us for the first time. */
  get state(): ShowState | null {
    return this.#state;
  }

  get you(): You | null {
    return this.#you;
  }

  get connectionState(): ConnectionState {
    return this.#connection.state;
  }

  get viewers(): number {
    return this.#counters.viewers;
  }

  get likes(): number {
    return this.#counters.likes;
  }

  /** The newest report of the arriving picture, null when none came lately. */
  get ingest(): Ingest | null {
    if (this.#ingest === null || this.#clock.now() - this.#ingest.atMs > INGEST_FRESH_MS) return null;
    return this.#ingest.report;
  }

  /** The AI host's desk, null when there is no AI host (any more). */
  get aiDesk(): AiDesk | null {
    if (this.#aiDesk === null || this.#clock.now() - this.#aiDesk.atMs > AI_FRESH_MS) return null;
    return this.#aiDesk.desk;
  }

  /** How the host is listened to, null when nobody listens (any more). */
  get hearing(): HostHearing | null {
    if (this.#hearing === null || this.#clock.now() - this.#hearing.atMs > HEARING_FRESH_MS) return null;
    return this.#hearing.hearing;
  }

  /** Whether the host's voice is captioned, and what there is to do it. */
  listening(): Promise<Listening> {
    return this.#api.listening(this.showId);
  }

  /** Milliseconds on the show clock now; 0 while it never was live. */
  get showMs(): number {
    return this.#showClock.estimateMs();
  }

  product(id: string): Product | undefined {
    return this.#products.get(id);
  }

  connect(): void {
    this.#connection.connect();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  close(): void {
    this.#connection.close();
  }

  send(request: Request): Promise<Ack> {
    return this.#connection.send(request);
  }

  /** The rundown was changed by REST, which tells no event to us who changed it. */
  setRundown(rundown: readonly string[]): void {
    if (this.#state === null) return;
    this.#state = { ...this.#state, rundown: [...rundown] };
    this.#tell();
    void this.#fetchProducts(rundown.filter((id) => !this.#products.has(id)));
  }

  setTitle(title: Record<string, string>): void {
    if (this.#state === null) return;
    this.#state = { ...this.#state, title };
    this.#tell();
  }

  #welcomed(welcome: Welcome): void {
    this.#you = welcome.you;
    this.#showClock.correct(welcome.clock);
    if (welcome.state !== null) {
      this.#state = welcome.state;
      this.#counters = { likes: welcome.state.likes, viewers: welcome.state.viewers };
      // Stock and prices may have changed while we were away: all are asked again.
      const pinned = welcome.state.pins.map((pin) => pin.product_id);
      void this.#fetchProducts([...new Set([...welcome.state.rundown, ...pinned])]);
    }
    this.#tell();
  }

  #happened(event: ShowEvent): void {
    if (this.#state === null) return;
    this.#state = afterEvent(this.#state, event, this.#you?.id ?? "");
    if (event.type === "stock") this.#stockChanged(event.product_id, event.variants);
    if (event.type === "product") void this.#fetchProducts([event.product_id]);
    if (event.type === "pins") {
      void this.#fetchProducts(
        event.pins.map((pin) => pin.product_id).filter((id) => !this.#products.has(id)),
      );
    }
    if (event.type === "ai_verdict") this.#emitter.emit("aiVerdict", event);
    if (event.type === "listening") this.#emitter.emit("listening", event);
    if (event.type === "order") this.#emitter.emit("order", event);
    this.#tell();
  }

  #stockChanged(productId: string, stock: readonly { variant_id: string; left: number }[]): void {
    const product = this.#products.get(productId);
    if (!product) return;
    const left = new Map(stock.map((variant) => [variant.variant_id, variant.left]));
    const variants = product.variants.map((variant) => ({
      ...variant,
      left: left.get(variant.variant_id) ?? variant.left,
    }));
    this.#products.set(productId, { ...product, variants });
  }

  async #fetchProducts(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    try {
      for (const product of await this.#api.products(ids)) this.#products.set(product.product_id, product);
      this.#tell();
    } catch {
      // The rundown shows what is known; the next welcome or product event asks again.
    }
  }

  #tell(): void {
    this.#emitter.emit("changed", undefined);
  }
}
