/** The rundown under the thumb: tap a card to pin or unpin it, hold it (or use its button) for price and stock. */

import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { KeyedList } from "../ui/keyed_list.ts";
import { listenForHold } from "./hold.ts";
import type { RundownItem } from "./rundown_items.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export interface RundownActs {
  togglePin: (productId: string) => void;
  details: (productId: string) => void;
  chooseProducts: () => void;
}

interface Card {
  item: RundownItem;
  button: HTMLButtonElement;
  details: HTMLButtonElement;
  picture: HTMLElement;
  pictureUrl: string | null;
  badge: HTMLElement;
  name: HTMLElement;
  price: HTMLElement;
  left: HTMLElement;
}

export class RundownView {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #acts: RundownActs;
  readonly #cards = new WeakMap<HTMLElement, Card>();
  readonly #list: KeyedList<RundownItem>;
  readonly #ul = h("ul", {});
  readonly #empty: HTMLElement;
  readonly #add: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #signal: AbortSignal;
  #hasPinned = false;

  constructor(words: Words, acts: RundownActs, signal: AbortSignal) {
    const { texts } = words;
    this.#words = words;
    this.#acts = acts;
    this.#signal = signal;
    this.#list = new KeyedList({
      parent: this.#ul,
      keyOf: (item) => item.productId,
      make: (item) => this.#make(item),
      update: (element, item) => this.#update(element, item),
    });
    const choose = (): void => acts.chooseProducts();
    this.#add = h(
      "button",
      { class: "v-button v-button--plain v-button--small", type: "button", onclick: choose },
      icon("plus", 18),
      texts.add,
    );
    this.#add.setAttribute("aria-label", texts.addProducts);
    this.#hint = h("p", { class: "hint" }, texts.tapToPin);
    const tile = h(
      "li",
      { class: "add-tile" },
      h(
        "button",
        { type: "button", onclick: choose, attrs: { "aria-label": texts.addProducts } },
        icon("plus", 22),
        texts.add,
      ),
    );
    this.#ul.append(tile);
    this.#empty = h("p", { class: "empty" }, texts.noProducts);
    this.element = h(
      "section",
      { class: "rundown v-glass", attrs: { "aria-label": texts.rundown, "data-testid": "rundown" } },
      h("div", { class: "rundown-head" }, h("h2", {}, texts.products), this.#hint, this.#add),
      this.#empty,
      this.#ul,
    );
  }

  update(items: readonly RundownItem[]): void {
    this.#empty.hidden = items.length > 0;
    // Learnt with the first pin; then the room goes to the goods.
    this.#hasPinned ||= items.some((item) => item.isPinned);
    this.#hint.hidden = this.#hasPinned || items.length === 0;
    this.#list.show(items);
  }

  #make(item: RundownItem): HTMLElement {
    const card: Card = {
      item,
      button: h("button", { class: "card", type: "button" }),
      details: h(
        "button",
        {
          class: "details",
          type: "button",
          onclick: () => this.#acts.details(card.item.productId),
          attrs: { "aria-haspopup": "dialog" },
        },
        h("span", {}, icon("more", 18)),
      ),
      picture: h("span", { class: "picture" }),
      pictureUrl: null,
      badge: h("span", { class: "badge" }),
      name: h("span", { class: "name" }),
      price: h("span", { class: "v-strong v-number" }),
      left: h("span", { class: "left" }),
    };
    card.picture.append(thumb(undefined));
    card.button.append(
      card.picture,
      card.badge,
      card.name,
      h("span", { class: "price" }, card.price, card.left),
    );
    listenForHold(
      card.button,
      {
        tap: () => this.#acts.togglePin(card.item.productId),
        hold: () => this.#acts.details(card.item.productId),
      },
      this.#signal,
    );
    const element = h("li", { data: { product: item.productId } }, card.button, card.details);
    this.#cards.set(element, card);
    return element;
  }

  #update(element: HTMLElement, item: RundownItem): void {
    const card = this.#cards.get(element);
    if (!card) return;
    const { texts, formats, own } = this.#words;
    const title = item.product ? own(item.product.title) : "…";
    card.item = item;
    const url = item.product?.pictures[0]?.url ?? null;
    if (url !== card.pictureUrl) {
      card.pictureUrl = url;
      fill(card.picture, thumb(item.product));
    }
    setAttribute(card.button, "aria-pressed", item.isPinned ? "true" : "false");
    setAttribute(card.button, "aria-label", item.isPinned ? texts.unpin(title) : texts.pin(title));
    setAttribute(card.button, "data-sold-out", item.isSoldOut);
    setAttribute(card.details, "aria-label", texts.detailsOf(title));
    card.badge.hidden = !item.isPinned && !item.isSoldOut;
    setText(card.badge, item.isSoldOut ? texts.soldOut : texts.pinned);
    setText(card.name, title);
    setText(card.price, item.price ? formats.money(item.price.amount_minor, item.price.currency) : "");
    card.left.classList.toggle("low", item.isLow);
    setText(card.left, item.product && !item.isSoldOut ? texts.left(item.left) : "");
  }
}
