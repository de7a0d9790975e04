/** The player's composition root: one show on screen, from the first byte to the last. */

import { productPrice } from "../commerce/prices.ts";
import { codeOf } from "../protocol/errors.ts";
import {
  currentLanguage,
  directionOf,
  errorText,
  Formats,
  type Language,
  nearestLanguage,
  rememberLanguage,
  textIn,
  textsIn,
} from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { Sheet } from "../ui/sheet.ts";
import { Toasts } from "../ui/toasts.ts";
import { ChatPanel, chatHead } from "./chat_panel.ts";
import type { PlayerContext } from "./context.ts";
import { listenForKeys } from "./keyboard.ts";
import { Notices } from "./notices.ts";
import { PinnedCards } from "./pinned_cards.ts";
import { ProductList } from "./product_list.ts";
import { Rail } from "./rail.ts";
import { liveRegion, SheetViews } from "./sheet_views.ts";
import { ShowSession } from "./show_session.ts";
import { Stage } from "./stage.ts";
import { TopBar } from "./top_bar.ts";

/** From this width on there is room for three columns. */
const WIDE_PX = 960;

/** Everything that is drawn in one language. */
interface Parts {
  context: PlayerContext;
  top: TopBar;
  rail: Rail;
  chat: ChatPanel;
  head: ReturnType<typeof chatHead>;
  pins: PinnedCards;
  notices: Notices;
  list: ProductList;
  sheet: Sheet;
  views: SheetViews;
  badge: HTMLElement;
  cartButton: HTMLElement;
  cartSum: HTMLElement;
  lower: HTMLElement;
  bar: HTMLElement;
  side: HTMLElement;
  abort: AbortController;
}

export class PlayerScreen {
  readonly session: ShowSession;
  readonly stage: Stage;
  readonly #host: HTMLElement;
  readonly #ended = new AbortController();
  readonly #player = h("div", { class: "player v-dark" });
  #language: Language;
  #parts: Parts;
  #isWide = false;
  #refused: Notices["refused"] = null;
  #closingUntilMs = 0;
  #lastStatus: string | undefined;
  #posterUrl: string | null = null;

  constructor(host: HTMLElement, root: ShadowRoot, showId: string, server: string) {
    this.#host = host;
    this.#language = currentLanguage(host.getAttribute("language"));
    const { signal } = this.#ended;
    this.session = new ShowSession({
      server,
      showId,
      language: this.#language,
      storage: sessionStorageOrNull(),
    });
    this.#adoptToken();
    this.stage = new Stage({
      url: `${this.session.api.server}/whep/${encodeURIComponent(showId)}`,
      clock: this.session.clock,
      iceServers: this.session.api.iceServers,
      iceTransportPolicy: host.getAttribute("ice-transport-policy") === "relay" ? "relay" : "all",
      isLive: () => this.session.state?.status === "live",
      startMuted: host.hasAttribute("muted"),
      present: (moment) => this.session.present(moment),
      changed: () => this.#update(),
      signal,
    });
    root.replaceChildren(this.#player);
    this.#parts = this.#draw();
    this.#listen(signal);
    const sizes = new ResizeObserver(() => this.#place());
    sizes.observe(host);
    signal.addEventListener("abort", () => sizes.disconnect());
    listenForKeys(
      host.hasAttribute("page") ? document : host,
      {
        sound: () => void this.stage.toggleSound(),
        like: () => this.#parts.rail.like(),
        cart: () => this.#parts.context.openCart(),
        close: () => this.#parts.sheet.close(),
        product: (by) => this.#step(by),
      },
      signal,
    );
    this.session.start();
    this.stage.start();
  }

  close(): void {
    this.#parts.abort.abort();
    this.#ended.abort();
    this.session.close();
    this.#player.remove();
  }

  /** Another language, or with null the reader's own. */
  speak(language: string | null): void {
    const next = (language === null ? null : nearestLanguage(language)) ?? currentLanguage();
    if (next === this.#language) return;
    this.#language = next;
    this.#parts.abort.abort();
    this.#parts = this.#draw();
    this.session.connection.identify(this.session.account.token, next);
  }

  openProduct(productId: string): void {
    this.#parts.views.showProduct(productId);
    this.#update();
  }

  #listen(signal: AbortSignal): void {
    const { session } = this;
    session.on("show", (show) => {
      this.#parts.context.tell("show-loaded", {
        show_id: show.show_id,
        title: textIn(show.title, this.#language),
        host_name: show.host_name,
      });
      session.cart?.onChanged((cart) => {
        this.#parts.views.cartChanged();
        this.#parts.context.tell("cart-changed", { ...cart });
        this.#update();
      }, signal);
      this.#update();
    });
    session.on("state", () => this.#stateChanged());
    session.on("counters", () => this.#update());
    session.on("closing", (retryAfterS) => {
      this.#closingUntilMs = performance.now() + retryAfterS * 1000;
      this.#update();
    });
    session.on("refused", (error) => {
      this.#refused = error;
      this.stage.stop();
      this.#update();
    });
    session.on("pinned", ({ pin, moment }) => this.#pinned(pin.product_id, pin.at_ms, moment.rtpTimestamp));
    session.on("back_in_stock", (productId) => this.#backInStock(productId));
    session.shelf.onChanged(() => this.#update(), signal);
    session.connection.on(
      "state",
      (state) => {
        if (state === "open") this.#closingUntilMs = 0;
        this.#update();
      },
      signal,
    );
    window.addEventListener("online", () => session.connection.retryNow(), { signal });
    window.addEventListener("offline", () => this.#update(), { signal });
    document.addEventListener("visibilitychange", () => session.connection.retryNow(), { signal });
    // guests leave the goods behind when they leave the page: the hold ends by itself
  }

  #stateChanged(): void {
    const status = this.session.state?.status;
    if (status === "ended" || status === "scheduled") this.stage.stop();
    else if (status !== undefined) this.stage.start();
    if (status === "live" && this.#lastStatus === "away") this.stage.expectPicture();
    this.#lastStatus = status;
    this.#update();
  }

  #pinned(productId: string, atMs: number, rtpTimestamp: number | null): void {
    // the card is drawn by now: "state" comes first
    this.#parts.context.tell("pin-shown", {
      product_id: productId,
      at_ms: atMs,
      rtp_timestamp: rtpTimestamp,
    });
    const product = this.session.shelf.get(productId);
    if (product === null) return;
    const { texts, formats, announce, language } = this.#parts.context;
    const price = productPrice(product, this.session.currency)?.price;
    announce(
      texts.newPin(
        textIn(product.title, language),
        price ? formats.money(price.amount_minor, price.currency) : "",
      ),
    );
  }

  #backInStock(productId: string): void {
    const product = this.session.shelf.get(productId);
    const { texts, language, say, openProduct } = this.#parts.context;
    if (product === null) return;
    const action = { label: texts.view, act: () => openProduct(productId) };
    say({ text: texts.backInStock(textIn(product.title, language)), kind: "good", action });
  }

  #adoptToken(): void {
    if (!this.#host.hasAttribute("page")) return;
    const fragment = new URLSearchParams(location.hash.slice(1));
    const token = fragment.get("token");
    if (token === null) return;
    this.session.account.adopt(token);
    fragment.delete("token");
    const rest = fragment.toString();
    history.replaceState(
      history.state,
      "",
      location.pathname + location.search + (rest === "" ? "" : `#${rest}`),
    );
  }

  #context(
    sheet: Sheet,
    toasts: Toasts,
    announce: (text: string) => void,
    views: () => SheetViews,
  ): PlayerContext {
    const { session } = this;
    const language = this.#language;
    const texts = textsIn(language);
    return {
      session,
      texts,
      language,
      formats: new Formats(language),
      say: (toast) => toasts.show(toast),
      announce,
      sayError: (error) => {
        session.account.dropIfRefused(error);
        toasts.show({ text: errorText(texts, codeOf(error)), kind: "bad" });
      },
      ensureViewer: () => session.account.ensure(texts.guestName, language),
      tell: (type, detail) =>
        this.#host.dispatchEvent(
          new CustomEvent(`vitrine:${type}`, { detail, bubbles: true, composed: true, cancelable: true }),
        ),
      openProduct: (id) => this.openProduct(id),
      openProducts: () => views().showProducts(),
      openCart: () => views().showCart(),
      openCheckout: () => views().showCheckout(),
      openLanguages: () => views().showLanguages((chosen) => this.#chooseLanguage(chosen)),
      askName: (then) => views().showName(then),
      closeSheet: () => sheet.close(),
      leave: () => {
        const goesOn = this.#host.dispatchEvent(
          new CustomEvent("vitrine:close", { bubbles: true, composed: true, cancelable: true }),
        );
        if (goesOn && this.#host.hasAttribute("page")) location.href = `${session.api.server}/`;
      },
    };
  }

  #chooseLanguage(language: Language): void {
    rememberLanguage(language);
    this.#parts.sheet.close();
    this.speak(language);
  }

  #draw(): Parts {
    const abort = new AbortController();
    const sheet = new Sheet();
    const toasts = new Toasts();
    const region = liveRegion();
    let views: SheetViews | null = null;
    const context = this.#context(sheet, toasts, region.announce, () => views as SheetViews);
    views = new SheetViews(context, sheet, this.#player, abort.signal);
    const { texts } = context;
    sheet.words = { close: texts.close, back: texts.back };
    const top = new TopBar(context, this.#host.hasAttribute("closable") || this.#host.hasAttribute("page"));
    const rail = new Rail(context, this.stage, () => this.#shareUrl());
    const chat = new ChatPanel(context, abort.signal);
    const head = chatHead(context);
    const pins = new PinnedCards(context);
    const notices = new Notices(context, this.stage);
    const list = new ProductList(context);
    const badge = h("span", { class: "badge v-number", hidden: true });
    const cartSum = h("span", { class: "v-number" });
    const cartButton = h(
      "button",
      { type: "button", class: "bar__cart v-glass", onclick: context.openCart },
      icon("cart"),
      badge,
      h("span", { class: "bar__word" }, texts.cart),
      cartSum,
    );
    const productsButton = h(
      "button",
      {
        type: "button",
        class: "bar__products v-glass",
        ariaLabel: texts.products,
        title: texts.products,
        onclick: context.openProducts,
      },
      icon("bag"),
    );
    const bar = h("footer", { class: "bar" }, productsButton);
    const lower = h("div", { class: "lower" });
    const side = h("aside", { class: "panel side", ariaLabel: texts.chat });
    const frame = h(
      "div",
      { class: "stage" },
      this.stage.backdrop,
      this.stage.video,
      h("div", { class: "shade", attrs: { "aria-hidden": "true" } }),
      notices.progress,
      notices.screen,
      top.element,
      notices.element,
      rail.element,
      lower,
    );
    const shelf = h(
      "aside",
      { class: "panel shelf", ariaLabel: texts.products },
      h("header", { class: "panel__head" }, h("h2", {}, texts.products)),
      list.element,
    );
    this.#player.lang = this.#language;
    this.#player.dir = directionOf(this.#language);
    fill(this.#player, shelf, h("div", { class: "middle" }, frame), side, sheet, toasts, region.element);
    const parts: Parts = {
      context,
      top,
      rail,
      chat,
      head,
      pins,
      notices,
      list,
      sheet,
      views,
      badge,
      cartButton,
      cartSum,
      lower,
      bar,
      side,
      abort,
    };
    sheet.behind = [frame, shelf, side];
    sheet.addEventListener("sheet-open", () => this.#sheetMoved(), { signal: abort.signal });
    sheet.addEventListener("sheet-close", () => this.#sheetMoved(), { signal: abort.signal });
    this.#parts = parts;
    this.#arrange();
    this.#update();
    return parts;
  }

  #shareUrl(): string {
    const url = this.#host.getAttribute("share-url");
    return url ?? `${this.session.api.server}/watch/${encodeURIComponent(this.session.showId)}`;
  }

  #sheetMoved(): void {
    this.#player.toggleAttribute("data-sheet", this.#parts.sheet.isOpen);
    this.#update();
  }

  /** Chat, composer and cart have their places: in front of the picture, or in the side column. */
  #arrange(): void {
    const { lower, bar, side, chat, head, pins, cartButton, sheet } = this.#parts;
    this.#player.toggleAttribute("data-wide", this.#isWide);
    sheet.isModal = !this.#isWide;
    if (this.#isWide) {
      fill(side, head.element, chat.lines, h("div", { class: "side__foot" }, chat.composer, cartButton));
      fill(lower, pins.element);
      bar.remove();
    } else {
      bar.append(chat.composer, cartButton);
      fill(lower, chat.lines, pins.element, bar);
      side.replaceChildren();
    }
    chat.toEnd();
  }

  #place(): void {
    const isWide = this.#host.clientWidth >= WIDE_PX;
    if (isWide === this.#isWide) return;
    this.#isWide = isWide;
    this.#arrange();
  }

  #update(): void {
    // the first call comes while the stage is being made
    if (this.#parts === undefined) return;
    const { top, rail, chat, head, pins, notices, list, views } = this.#parts;
    const { session, stage } = this;
    notices.refused = this.#refused;
    notices.closingUntilMs = this.#closingUntilMs;
    pins.update();
    notices.update(stage);
    top.update(stage);
    rail.update(stage);
    chat.update();
    head.update();
    if (this.#isWide) list.update(views.openProductId);
    views.update();
    this.#updateCart();
    this.#updatePicture();
    this.#player.toggleAttribute("data-refused", this.#refused !== null);
    this.#player.dataset.status = session.state?.status ?? session.show?.status ?? "unknown";
  }

  #updateCart(): void {
    const { badge, cartButton, cartSum, context } = this.#parts;
    const { cart } = this.session;
    const count = cart?.count ?? 0;
    setText(badge, count > 99 ? "99+" : String(count));
    badge.hidden = count === 0;
    cartButton.ariaLabel = context.texts.cartWith(count);
    setText(
      cartSum,
      cart !== null && count > 0 ? context.formats.money(cart.cart.items_minor, cart.cart.currency) : "",
    );
  }

  #updatePicture(): void {
    const { video } = this.stage;
    const { session } = this;
    const isShowing = this.stage.hasPicture;
    this.#player.toggleAttribute("data-picture", isShowing);
    if (isShowing) {
      this.#player.style.setProperty("--shape", String(video.videoWidth / Math.max(1, video.videoHeight)));
      this.#player.dataset.shape = video.videoWidth > video.videoHeight ? "landscape" : "portrait";
    }
    const poster = session.api.address(session.show?.poster_url);
    if (poster !== null && poster !== this.#posterUrl) {
      this.#posterUrl = poster;
      video.poster = poster;
      this.#player.style.setProperty("--poster", `url("${encodeURI(decodeURI(poster))}")`);
    }
  }

  #step(by: 1 | -1): void {
    const ids = this.session.shelf.list(this.session.productIds).map((product) => product.product_id);
    if (ids.length === 0) return;
    const at = ids.indexOf(this.#parts.views.openProductId ?? "");
    const next = at === -1 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    const id = ids[next];
    if (id !== undefined) this.openProduct(id);
  }
}

function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
