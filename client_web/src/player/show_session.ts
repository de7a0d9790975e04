/**
 * One show as the player lives it: the live channel, the show clock, the products, the viewer, the cart. No DOM.
 *
 * What is seen in the picture (pins, sold out, announcement, status) waits for its frame; the element calls `present`
 * with each frame's show clock. Everything else is applied when it comes.
 */

import { Account, type TokenStorage } from "../commerce/account.ts";
import { ProductShelf } from "../commerce/product_shelf.ts";
import { Purchase } from "../commerce/purchase.ts";
import { ShoppingCart } from "../commerce/shopping_cart.ts";
import type { Moment } from "../media/frame_clock.ts";
import { CaptionTrack } from "../protocol/captions.ts";
import { systemClock } from "../protocol/clock.ts";
import { Connection } from "../protocol/connection.ts";
import { DueEvents } from "../protocol/due_events.ts";
import { Emitter, type Handler } from "../protocol/emitter.ts";
import type { VitrineError } from "../protocol/errors.ts";
import type {
  Counters,
  InvitedToTryOn,
  OfferShown,
  PinnedProduct,
  Show,
  ShowEvent,
  ShowState,
  TranslatedLine,
  Welcome,
  You,
} from "../protocol/messages.ts";
import { primaryOf, withoutTranslations, withTranslations } from "../protocol/reading.ts";
import { Api, newIdempotencyKey } from "../protocol/rest.ts";
import { afterEvent, waitsForFrame } from "../protocol/show_state.ts";
import { ShowClock } from "../protocol/showclock.ts";

export interface SessionEvents {
  /** The state of the show is another one; inside a frame callback when it waited for a frame. */
  state: ShowState;
  /** A product card is to be shown from this moment on. */
  pinned: { pin: PinnedProduct; moment: Moment };
  counters: Counters;
  /** The record of the show arrived (title, host, poster, currency): the cart exists from now on. */
  show: Show;
  /** A product that was sold out can be bought again. */
  back_in_stock: string;
  /** The host asks everybody to try this product on, now. */
  invited: InvitedToTryOn;
  /** An offer is told, now. */
  offered: OfferShown;
  /** Captions may be others than at the last frame: once per presented frame. */
  captions: number;
  /** The server goes away for about so many seconds. */
  closing: number;
  /** There is no such show, or this page is too old. */
  refused: VitrineError;
}

export interface SessionOptions {
  server: string;
  showId: string;
  language: string;
  storage: TokenStorage | null;
}

/** An invitation of the host that comes later than this is over. */
const INVITED_MS = 20_000;

export class ShowSession {
  readonly showId: string;
  readonly api: Api;
  readonly account: Account;
  readonly shelf: ProductShelf;
  readonly connection: Connection;
  readonly clock = new ShowClock(() => performance.now());
  readonly purchase: Purchase;
  readonly captions = new CaptionTrack();
  /** Products that the viewer wants to hear about. */
  readonly wished = new Set<string>();
  cart: ShoppingCart | null = null;
  show: Show | null = null;
  state: ShowState | null = null;
  you: You | null = null;
  #language: string;
  /** Show clock of the last presented frame. */
  currentShowMs = 0;
  readonly #due = new DueEvents();
  readonly #emitter = new Emitter<SessionEvents>();
  readonly #ended = new AbortController();

  constructor(options: SessionOptions) {
    this.showId = options.showId;
    // made in a circle: the API sends the account's token, the account makes guests through the API
    this.api = new Api({ server: options.server, token: () => this.account.token });
    this.account = new Account({
      api: this.api,
      storage: options.storage,
      key: `vitrine:viewer:${this.api.server}`,
    });
    this.#language = options.language;
    this.shelf = new ProductShelf(this.api, options.language);
    this.purchase = new Purchase({
      api: this.api,
      showId: options.showId,
      clock: systemClock,
      newKey: newIdempotencyKey,
    });
    this.connection = new Connection({
      url: this.api.liveUrl,
      showId: options.showId,
      token: this.account.token,
      language: options.language,
    });
  }

  on<K extends keyof SessionEvents>(type: K, handler: Handler<SessionEvents[K]>): void {
    this.#emitter.on(type, handler, this.#ended.signal);
  }

  /** Aborted when the session is closed. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get currency(): string {
    return this.show?.currency ?? "USD";
  }

  start(): void {
    const { signal } = this.#ended;
    const connection = this.connection;
    connection.on("welcome", (welcome) => this.#welcomed(welcome), signal);
    connection.on("event", (event) => this.#happened(event), signal);
    connection.on("translations", ({ language, lines }) => this.#translated(language, lines), signal);
    connection.on("growing", (line) => this.captions.add(line, this.currentShowMs), signal);
    connection.on("counters", (counters) => this.#counted(counters), signal);
    connection.on("ack", ({ clock }) => clock && this.clock.correct(clock), signal);
    connection.on("closing", ({ retry_after_s }) => this.#emitter.emit("closing", retry_after_s), signal);
    connection.on("refused", (error) => this.#refused(error), signal);
    this.account.onChanged((token) => connection.identify(token), signal);
    connection.connect();
    void this.#loadShow();
  }

  /** Ends everything this session started. May be called twice. */
  close(): void {
    this.#ended.abort();
    this.purchase.cancel();
    this.shelf.close();
    this.connection.close();
  }

  /** Reads in another language from now on: chat, products and the title follow. */
  speak(language: string): void {
    if (language === this.#language) return;
    this.#language = language;
    if (this.state !== null) this.state = { ...this.state, chat: withoutTranslations(this.state.chat) };
    this.connection.speak(language);
    void this.shelf.speak(language).catch(() => {});
    void this.api
      .show(this.showId, this.#ended.signal, language)
      .then((show) => {
        if (language !== this.#language) return;
        this.show = show;
        this.#emitter.emit("show", show);
      })
      .catch(() => {}); // the title stays in the language it was in
  }

  /** What the show is called, in the host's words and in the reader's language. */
  get title(): Show["title"] {
    const made = this.show?.translation;
    const written = this.state?.title ?? this.show?.title ?? {};
    const text = made?.texts.title;
    return made && text !== undefined ? { ...written, [made.language]: text } : written;
  }

  /** Applies what is due at this frame; the element's frame callback (or its timer) calls it. */
  present(moment: Moment): void {
    this.currentShowMs = moment.showMs;
    for (const event of this.#due.take(moment.showMs)) this.#apply(event, moment);
    this.#emitter.emit("captions", moment.showMs);
  }

  /** Products the show is about: the open cards first, then the rundown. */
  get productIds(): string[] {
    const pinned = (this.state?.pins ?? []).map((pin) => pin.product_id).reverse();
    return [...new Set([...pinned, ...(this.state?.rundown ?? this.show?.rundown ?? [])])];
  }

  isSoldOut(productId: string): boolean {
    const product = this.shelf.get(productId);
    if (this.state?.sold_out.includes(productId)) return true;
    return product?.variants.every((variant) => variant.left <= 0) ?? false;
  }

  /** Becomes a guest with a name; the things in the cart come along. */
  async takeName(name: string, language: string): Promise<void> {
    const lines = this.cart?.cart.lines ?? [];
    await this.account.rename(name, language);
    if (lines.length > 0) await this.cart?.carryOver(lines).catch(() => {});
  }

  async #loadShow(): Promise<void> {
    for (let pauseMs = 500; !this.#ended.signal.aborted; pauseMs = Math.min(8000, pauseMs * 2)) {
      try {
        const show = await this.api.show(this.showId, this.#ended.signal, this.#language);
        this.show = show;
        this.cart = new ShoppingCart(this.api, show.show_id, show.currency);
        this.#emitter.emit("show", show);
        if (this.account.token !== null)
          void this.cart.load().catch((error) => this.account.dropIfRefused(error));
        void this.#wantProducts();
        return;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        const code = (error as Partial<VitrineError>).code;
        // the live channel tells the viewer; here there is nothing more to ask for
        if (code === "not_found" || code === "unknown_show") return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  async #wantProducts(): Promise<void> {
    try {
      await this.shelf.want(this.productIds);
    } catch {
      // asked again with the next state or when the list is opened
    }
  }

  #welcomed(welcome: Welcome): void {
    this.clock.correct(welcome.clock);
    const isReturn = this.you !== null;
    this.you = welcome.you;
    if (welcome.state === null) return;
    // a whole new state: what still waited is part of it
    this.#due.clear();
    this.captions.clear();
    const before = this.state;
    this.state = welcome.state;
    if (this.currentShowMs === 0) this.currentShowMs = welcome.clock.show_ms;
    void this.#wantProducts();
    if (isReturn) void this.shelf.refresh().catch(() => {});
    this.#emitter.emit("state", welcome.state);
    this.#tellPins(before, welcome.state, { showMs: welcome.clock.show_ms, rtpTimestamp: null });
  }

  #translated(language: string, lines: readonly TranslatedLine[]): void {
    if (this.state === null || language !== primaryOf(this.#language)) return;
    this.state = { ...this.state, chat: withTranslations(this.state.chat, lines) };
    this.#emitter.emit("state", this.state);
  }

  #counted(counters: Counters): void {
    this.clock.correct(counters.clock);
    if (this.state !== null) {
      this.state = { ...this.state, likes: counters.likes, viewers: counters.viewers };
    }
    this.#emitter.emit("counters", counters);
  }

  #happened(event: ShowEvent): void {
    // said in the language that was read before
    if (event.type === "chat_translated" && event.language !== primaryOf(this.#language)) return;
    // known before its card is due
    if (event.type === "pins") void this.shelf.want(event.pins.map((pin) => pin.product_id)).catch(() => {});
    // their cues have their own times
    if (event.type === "caption") this.captions.add(event, this.currentShowMs);
    else if (event.type === "caption_cut") this.captions.cut(event);
    else if (waitsForFrame(event)) this.#due.add(event);
    else this.#apply(event, { showMs: this.currentShowMs, rtpTimestamp: null });
  }

  #apply(event: ShowEvent, moment: Moment): void {
    const before = this.state;
    if (before === null) return;
    const wereOut = [...this.wished].filter((id) => this.isSoldOut(id));
    this.shelf.apply(event);
    this.state = afterEvent(before, event, this.you?.id ?? "");
    if (this.state !== before) this.#emitter.emit("state", this.state);
    this.#tellPins(before, this.state, moment);
    if (event.type === "try_on" && moment.showMs - event.at_ms < INVITED_MS) {
      this.#shown(event.product_id, () => this.#emitter.emit("invited", event));
    }
    if (event.type === "offer" && moment.showMs - event.at_ms < INVITED_MS) {
      this.#shown(event.product_id, () => this.#emitter.emit("offered", event));
    }
    for (const id of wereOut) {
      if (this.isSoldOut(id)) continue;
      this.wished.delete(id);
      this.#emitter.emit("back_in_stock", id);
    }
  }

  #tellPins(before: ShowState | null, after: ShowState, moment: Moment): void {
    const known = new Set(before?.pins.map((pin) => `${pin.product_id} ${pin.at_ms}`));
    for (const pin of after.pins) {
      if (!known.has(`${pin.product_id} ${pin.at_ms}`)) this.#emitter.emit("pinned", { pin, moment });
    }
  }

  /** Its product may not have been on any card yet. */
  #shown(productId: string, tell: () => void): void {
    void this.shelf
      .want([productId])
      .then(tell)
      .catch(() => {});
  }

  #refused(error: VitrineError): void {
    // an old token: go on watching as nobody
    if (this.account.dropIfRefused(error)) return;
    this.#emitter.emit("refused", error);
  }
}
