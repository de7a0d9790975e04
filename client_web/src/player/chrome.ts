/** Everything in front of the picture and beside it, drawn in one language; drawn anew when the language changes. */

import { directionOf } from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { Sheet } from "../ui/sheet.ts";
import { Toasts } from "../ui/toasts.ts";
import { Captions } from "./captions.ts";
import { ChatPanel, chatHead } from "./chat_panel.ts";
import type { PlayerContext } from "./context.ts";
import { HeldModel } from "./held_model.ts";
import { InviteCard } from "./invite_card.ts";
import { Notices } from "./notices.ts";
import { OfferCard } from "./offer_card.ts";
import { PinnedCards } from "./pinned_cards.ts";
import { ProductList } from "./product_list.ts";
import { Rail } from "./rail.ts";
import { liveRegion, SheetViews } from "./sheet_views.ts";
import type { Stage } from "./stage.ts";
import { keepAboveCards } from "./toast_place.ts";
import { TopBar } from "./top_bar.ts";

/** What the context needs of the chrome that is being made with it. */
export interface ChromeSurfaces {
  sheet: Sheet;
  toasts: Toasts;
  announce: (text: string) => void;
  views: () => SheetViews;
}

export interface ChromeOptions {
  /** The element that all goes into. */
  player: HTMLElement;
  stage: Stage;
  canClose: boolean;
  shareUrl: () => string;
  context: (surfaces: ChromeSurfaces) => PlayerContext;
  /** The sheet went up or down. */
  sheetMoved: () => void;
}

export class Chrome {
  readonly context: PlayerContext;
  readonly sheet = new Sheet();
  readonly views: SheetViews;
  readonly rail: Rail;
  readonly notices: Notices;
  readonly invite: InviteCard;
  readonly offer: OfferCard;
  readonly held: HeldModel;
  readonly captions: Captions;
  readonly #player: HTMLElement;
  readonly #stage: Stage;
  readonly #abort = new AbortController();
  readonly #top: TopBar;
  readonly #chat: ChatPanel;
  readonly #head: ReturnType<typeof chatHead>;
  readonly #pins: PinnedCards;
  readonly #list: ProductList;
  readonly #cart: ReturnType<typeof cartButton>;
  readonly #bar: HTMLElement;
  readonly #lower = h("div", { class: "lower" });
  readonly #side: HTMLElement;
  readonly #frame: HTMLElement;
  #isWide = false;

  constructor(options: ChromeOptions) {
    const { player, stage } = options;
    this.#player = player;
    this.#stage = stage;
    const toasts = new Toasts();
    const region = liveRegion();
    this.context = options.context({
      sheet: this.sheet,
      toasts,
      announce: region.announce,
      views: () => this.views,
    });
    const { context } = this;
    const { texts, language } = context;
    const { signal } = this.#abort;
    this.views = new SheetViews(context, this.sheet, player, signal);
    this.sheet.words = { close: texts.close, back: texts.back };
    this.#top = new TopBar(context, options.canClose, () => this.notices.explainPicture(this.#stage));
    this.rail = new Rail(context, stage, options.shareUrl);
    this.#chat = new ChatPanel(context, signal);
    this.#head = chatHead(context);
    this.held = new HeldModel(context, player, signal);
    this.#pins = new PinnedCards(context, this.held);
    this.invite = new InviteCard(context, signal);
    this.offer = new OfferCard(context, signal);
    this.notices = new Notices(context, stage);
    this.captions = new Captions(context, stage);
    this.#list = new ProductList(context);
    this.#frame = h("div", { class: "stage" });
    this.#cart = cartButton(context);
    this.#bar = h("footer", { class: "bar" }, productsButton(context));
    this.#side = h("aside", { class: "panel side", ariaLabel: texts.chat });
    const frame = this.#frame;
    fill(
      frame,
      stage.backdrop,
      stage.video,
      this.context.host3d.element,
      h("div", { class: "shade", attrs: { "aria-hidden": "true" } }),
      this.notices.progress,
      this.notices.screen,
      this.#top.element,
      this.notices.element,
      this.rail.element,
      this.#lower,
    );
    const shelf = h(
      "aside",
      { class: "panel shelf", ariaLabel: texts.products },
      h("header", { class: "panel__head" }, h("h2", {}, texts.products)),
      this.#list.element,
    );
    player.lang = language;
    player.dir = directionOf(language);
    fill(player, shelf, h("div", { class: "middle" }, frame), this.#side, this.sheet, toasts, region.element);
    this.views.resume();
    this.sheet.behind = [frame, shelf, this.#side];
    keepAboveCards(
      player,
      this.#lower,
      [this.captions.element, this.offer.element, this.invite.element, this.#pins.element],
      signal,
    );
    for (const type of ["sheet-open", "sheet-close"] as const) {
      this.sheet.addEventListener(type, () => options.sheetMoved(), { signal });
    }
  }

  /** Ends its listeners; the next one takes its place on the page. */
  close(): void {
    this.#abort.abort();
  }

  /** Chat, composer and cart have their places: in front of the picture, or in the side column. */
  arrange(isWide: boolean): void {
    this.#isWide = isWide;
    this.#player.toggleAttribute("data-wide", isWide);
    this.sheet.isModal = !isWide;
    const { lines, composer } = this.#chat;
    const cart = this.#cart.element;
    if (isWide) {
      fill(this.#side, this.#head.element, lines, h("div", { class: "side__foot" }, composer, cart));
      fill(this.#lower, this.offer.element, this.invite.element, this.#pins.element);
      this.#bar.remove();
    } else {
      this.#bar.append(composer, cart);
      fill(this.#lower, lines, this.offer.element, this.invite.element, this.#pins.element, this.#bar);
      this.#side.replaceChildren();
    }
    this.placeCaptions();
    this.#chat.toEnd();
  }

  /** At the foot above the cards, or under the top bar: never over a card or the host's face. */
  placeCaptions(): void {
    const { element } = this.captions;
    const isTop = this.captions.isTop(this.#isWide);
    element.classList.toggle("captions--top", isTop);
    if (isTop) this.#frame.append(element);
    else this.#lower.insertBefore(element, this.offer.element);
  }

  update(): void {
    // the cards first: this runs inside the frame callback that a new card belongs to
    this.#pins.update();
    this.offer.update();
    this.notices.update(this.#stage);
    this.#top.update(this.#stage);
    this.rail.update(this.#stage);
    this.#chat.update();
    this.#head.update();
    if (this.#isWide) this.#list.update(this.views.openProductId);
    this.views.update();
    this.#cart.update();
  }
}

function productsButton({ texts, openProducts }: PlayerContext): HTMLElement {
  const { products } = texts;
  return h(
    "button",
    {
      type: "button",
      class: "bar__products v-glass",
      ariaLabel: products,
      title: products,
      onclick: openProducts,
    },
    icon("bag"),
  );
}

function cartButton(context: PlayerContext): { element: HTMLElement; update: () => void } {
  const { session, texts, formats, openCart } = context;
  const badge = h("span", { class: "badge v-number", hidden: true });
  const sum = h("span", { class: "v-number" });
  const element = h(
    "button",
    { type: "button", class: "bar__cart v-glass", onclick: openCart },
    icon("cart"),
    badge,
    h("span", { class: "bar__word" }, texts.cart),
    sum,
  );
  return {
    element,
    update: () => {
      const { cart } = session;
      const count = cart?.count ?? 0;
      setText(badge, count > 99 ? "99+" : String(count));
      badge.hidden = count === 0;
      element.ariaLabel = texts.cartWith(count);
      const isShown = cart !== null && count > 0;
      setText(sum, isShown ? formats.money(cart.cart.items_minor, cart.cart.currency) : "");
    },
  };
}
