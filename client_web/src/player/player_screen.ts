/** The player's composition root: one show on screen, from the first byte to the last. */

import { wornCategory } from "../ar/model.ts";
import { askDubs, DubChoice, rememberedVoice, rememberVoice } from "../media/dubs.ts";
import { systemClock } from "../protocol/clock.ts";
import { codeOf } from "../protocol/errors.ts";
import {
  currentLanguage,
  directionOf,
  errorText,
  Formats,
  type Language,
  loadTexts,
  nearestLanguage,
  rememberLanguage,
  textIn,
  textsIn,
} from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { rememberChoices } from "./caption_choices.ts";
import { Chrome, type ChromeSurfaces } from "./chrome.ts";
import { PLAYER_TEXTS, type PlayerContext } from "./context.ts";
import { HostView } from "./host3d/host_view.ts";
import { listenForKeys } from "./keyboard.ts";
import { MirrorView } from "./mirror_view.ts";
import type { Notices } from "./notices.ts";
import { tellBackInStock, tellPinned } from "./product_news.ts";
import { ShowSession } from "./show_session.ts";
import { Stage } from "./stage.ts";
import { sessionStorageOrNull, tokenOfAddress } from "./visit.ts";
import { VoiceOffer } from "./voice_offer.ts";

/** From this width on there is room for three columns. */
const WIDE_PX = 960;
/** Whoever begins to present has said by then what they can be heard in. */
const DUBS_AFTER_MS = 500;
const DUBS_SPREAD_MS = 2000;

export class PlayerScreen {
  readonly session: ShowSession;
  readonly stage: Stage;
  readonly voices: DubChoice;
  readonly host3d: HostView;
  readonly #voiceOffer = new VoiceOffer();
  readonly #host: HTMLElement;
  readonly #ended = new AbortController();
  readonly #player = h("div", { class: "player v-dark" });
  #language: Language;
  /** Whose texts are on their way. */
  #wished: Language;
  #chrome: Chrome;
  #isWide = false;
  #refused: Notices["refused"] = null;
  #closingUntilMs = 0;
  #lastStatus: string | undefined;
  #lastPresenter: string | null | undefined;
  #posterUrl: string | null = null;
  #mirror: MirrorView | null = null;

  constructor(host: HTMLElement, root: ShadowRoot, showId: string, server: string, language: Language) {
    this.#host = host;
    this.#language = language;
    this.#wished = language;
    const { signal } = this.#ended;
    this.session = new ShowSession({
      server,
      showId,
      language: this.#language,
      storage: sessionStorageOrNull(),
    });
    const token = host.hasAttribute("page") ? tokenOfAddress() : null;
    if (token !== null) this.session.account.adopt(token);
    const whepUrl = `${this.session.api.server}/whep/${encodeURIComponent(showId)}`;
    this.voices = new DubChoice({
      clock: systemClock,
      ask: () => askDubs(whepUrl, signal),
      changed: () => this.#update(),
      wish: rememberedVoice(),
      remember: rememberVoice,
    });
    signal.addEventListener("abort", () => this.voices.close());
    const { connection } = this.session;
    this.host3d = new HostView({
      url: `${this.session.api.server}/host/vitrine-host.vrm`,
      follow: (is_on) => void connection.send({ type: "performance.follow", is_on }).catch(() => {}),
      changed: () => this.#update(),
      signal,
    });
    connection.on("performed", (score) => this.host3d.told(score), signal);
    connection.on("welcome", () => this.host3d.welcomed(), signal);
    this.stage = new Stage({
      url: whepUrl,
      clock: this.session.clock,
      iceServers: this.session.api.iceServers,
      iceTransportPolicy: host.getAttribute("ice-transport-policy") === "relay" ? "relay" : "all",
      isLive: () => this.session.state?.status === "live",
      startMuted: host.hasAttribute("muted"),
      present: (moment) => {
        this.host3d.present(moment.showMs);
        this.session.present(moment);
      },
      opened: (peer) => this.voices.opened(peer),
      changed: () => this.#update(),
      signal,
    });
    root.replaceChildren(this.#player);
    this.#chrome = this.#draw();
    this.#listen(signal);
    const sizes = new ResizeObserver(() => this.#place());
    sizes.observe(host);
    signal.addEventListener("abort", () => sizes.disconnect());
    listenForKeys(
      host.hasAttribute("page") ? document : host,
      {
        sound: () => void this.stage.toggleSound(),
        like: () => this.#chrome.rail.like(),
        cart: () => this.#chrome.context.openCart(),
        close: () => this.#chrome.sheet.close(),
        product: (by) => this.#arrow(by),
      },
      signal,
    );
    this.session.start();
    this.stage.start();
  }

  close(): void {
    this.#mirror?.close();
    this.#chrome.close();
    this.#ended.abort();
    this.session.close();
    this.#player.remove();
  }

  /** Another language, or with null the reader's own. */
  async speak(language: string | null): Promise<void> {
    const wished = (language === null ? null : nearestLanguage(language)) ?? currentLanguage();
    this.#wished = wished;
    const next = await loadTexts(wished, PLAYER_TEXTS);
    if (this.#wished !== wished || this.#ended.signal.aborted || next === this.#language) return;
    this.#language = next;
    this.#mirror?.close();
    this.#chrome.close();
    this.#chrome = this.#draw();
    this.session.speak(next);
  }

  openProduct(productId: string, first: "pictures" | "3d" = "pictures"): void {
    this.#chrome.views.showProduct(productId, first);
    this.#update();
  }

  /** Opens the mirror; a product that is not known yet or cannot be worn is let pass. */
  openMirror(productId: string, variantId: string | null): void {
    const product = this.session.shelf.get(productId);
    if (product === null || wornCategory(product.model) === null) return;
    this.#mirror?.close();
    const { context } = this.#chrome;
    const view = new MirrorView(context, {
      product,
      variantId,
      root: this.#player,
      closed: () => {
        if (this.#mirror === view) this.#mirror = null;
      },
    });
    this.#mirror = view;
    context.tell("try-on-opened", { product_id: productId });
    void view.open();
  }

  #listen(signal: AbortSignal): void {
    const { session } = this;
    session.on("show", (show) => {
      this.#chrome.context.tell("show-loaded", {
        show_id: show.show_id,
        title: textIn(show.title, this.#language),
        host_name: show.host_name,
      });
      session.cart?.onChanged((cart) => {
        this.#chrome.views.cartChanged();
        this.#chrome.context.tell("cart-changed", { ...cart });
        this.#update();
      }, signal);
      this.#update();
    });
    session.on("state", () => this.#stateChanged());
    session.on("counters", () => this.#update());
    session.on("captions", (showMs) => this.#chrome.captions.present(showMs));
    session.on("closing", (retryAfterS) => {
      this.#closingUntilMs = performance.now() + retryAfterS * 1000;
      this.#update();
    });
    session.on("refused", (error) => {
      this.#refused = error;
      this.stage.stop();
      this.#update();
    });
    // the card is drawn by now: "state" comes first
    session.on("pinned", ({ pin, moment }) =>
      tellPinned(this.#chrome.context, pin.product_id, pin.at_ms, moment.rtpTimestamp),
    );
    session.on("back_in_stock", (productId) => tellBackInStock(this.#chrome.context, productId));
    session.on("invited", (event) => {
      this.#chrome.offer.hide();
      this.#chrome.invite.show(event.product_id, event.way);
    });
    session.on("offered", (event) => {
      this.#chrome.invite.hide();
      this.#chrome.offer.show(event);
    });
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
    this.#presenterMayHaveChanged();
    this.#update();
  }

  /** Who presents decides what it can be heard in; not everybody asks in the same instant. */
  #presenterMayHaveChanged(): void {
    const presenter = this.session.state?.status === "live" ? this.session.state.presenter : null;
    if (presenter === this.#lastPresenter) return;
    const isFirst = this.#lastPresenter === undefined;
    this.#lastPresenter = presenter;
    if (isFirst || presenter === null) return;
    setTimeout(() => void this.voices.refresh(), DUBS_AFTER_MS + Math.random() * DUBS_SPREAD_MS);
  }

  #context({ sheet, toasts, announce, views }: ChromeSurfaces): PlayerContext {
    const { session } = this;
    const language = this.#language;
    const texts = textsIn(language);
    return {
      session,
      voices: this.voices,
      host3d: this.host3d,
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
      openProduct: (id, first) => this.openProduct(id, first),
      openMirror: (id, variantId) => this.openMirror(id, variantId),
      picture: () => (this.stage.hasPicture ? this.stage.video.srcObject : null),
      pickUp: (id, from) => this.#chrome.held.pickUp(id, from),
      openProducts: () => views().showProducts(),
      openCart: () => views().showCart(),
      openCheckout: () => views().showCheckout(),
      openCaptions: () => this.#openCaptions(),
      reread: () => this.#update(),
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

  #openCaptions(): void {
    const { captions, views } = this.#chrome;
    views.showCaptions(captions.choices, (choices) => {
      rememberChoices(choices);
      this.#chrome.captions.choose(choices);
      this.#chrome.placeCaptions();
    });
  }

  #chooseLanguage(language: Language): void {
    rememberLanguage(language);
    this.#chrome.sheet.close();
    void this.speak(language);
  }

  #draw(): Chrome {
    const isPage = this.#host.hasAttribute("page");
    if (isPage) {
      // the whole page is ours: scroll bars and whatever lies around the player follow
      document.documentElement.lang = this.#language;
      document.documentElement.dir = directionOf(this.#language);
    }
    const chrome = new Chrome({
      player: this.#player,
      stage: this.stage,
      canClose: isPage || this.#host.hasAttribute("closable"),
      shareUrl: () => this.#shareUrl(),
      context: (surfaces) => this.#context(surfaces),
      sheetMoved: () => this.#sheetMoved(),
    });
    this.#chrome = chrome;
    chrome.arrange(this.#isWide);
    this.#update();
    return chrome;
  }

  #shareUrl(): string {
    const url = this.#host.getAttribute("share-url");
    return url ?? `${this.session.api.server}/watch/${encodeURIComponent(this.session.showId)}`;
  }

  #sheetMoved(): void {
    this.#player.toggleAttribute("data-sheet", this.#chrome.sheet.isOpen);
    this.#update();
  }

  #place(): void {
    const isWide = this.#host.clientWidth >= WIDE_PX;
    if (isWide === this.#isWide) return;
    this.#isWide = isWide;
    this.#chrome.arrange(isWide);
    this.#update();
  }

  #update(): void {
    // the first call comes while the stage is being made
    if (this.#chrome === undefined) return;
    const { session } = this;
    this.#chrome.notices.refused = this.#refused;
    this.#chrome.notices.closingUntilMs = this.#closingUntilMs;
    this.#chrome.update();
    this.#updatePicture();
    this.host3d.update(session.state?.status === "live" && session.state.presenter === "ai");
    this.#voiceOffer.update(this.#chrome.context, this.stage);
    this.#player.toggleAttribute("data-refused", this.#refused !== null);
    this.#player.dataset.presenter = session.state?.presenter ?? "human";
    this.#player.dataset.status = session.state?.status ?? session.show?.status ?? "unknown";
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
      // an address made by URL holds no quotes
      this.#player.style.setProperty("--poster", `url("${poster}")`);
    }
  }

  /** Arrow keys point along the row: the next product of a right-to-left one is at the left. */
  #arrow(by: 1 | -1): void {
    const isMirrored = directionOf(this.#language) === "rtl";
    this.#step(isMirrored ? (by === 1 ? -1 : 1) : by);
  }

  #step(by: 1 | -1): void {
    const ids = this.session.shelf.list(this.session.productIds).map((product) => product.product_id);
    if (ids.length === 0) return;
    const at = ids.indexOf(this.#chrome.views.openProductId ?? "");
    const next = at === -1 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    const id = ids[next];
    if (id !== undefined) this.openProduct(id);
  }
}
