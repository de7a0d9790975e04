/** The cards of the pinned products: one open, the others as small pictures beside it. */

import { FEW, leftOf, productPrice } from "../commerce/prices.ts";
import type { PinnedProduct, Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import { priceElement } from "../ui/price.ts";
import type { PlayerContext } from "./context.ts";
import type { HeldModel } from "./held_model.ts";

export class PinnedCards {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #held: HeldModel;
  #chosen: string | null = null;
  #newest: string | null = null;
  #drawn = "";

  constructor(context: PlayerContext, held: HeldModel) {
    this.#context = context;
    this.#held = held;
    this.element = h("section", { class: "pins", ariaLabel: context.texts.products });
  }

  /** Draws again when anything shown has changed. Called inside the frame callback for a new pin. */
  update(): void {
    const { session } = this.#context;
    const pins = session.state?.status === "ended" ? [] : (session.state?.pins ?? []);
    const newest = pins.at(-1);
    const newestKey = newest === undefined ? null : `${newest.product_id} ${newest.at_ms}`;
    const isNew = newestKey !== this.#newest;
    if (isNew) this.#chosen = null;
    const open = pins.find((pin) => pin.product_id === this.#chosen) ?? newest;
    const product = open === undefined ? null : session.shelf.get(open.product_id);
    const drawn = JSON.stringify([
      newestKey,
      open,
      product?.updated_at,
      product && leftOf(product),
      this.#flags(pins),
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#newest = newestKey;
    const others = pins.filter((pin) => pin !== open).reverse();
    fill(
      this.element,
      product === null || open === undefined ? null : this.#card(product, isNew),
      others.length === 0
        ? null
        : h("div", { class: "pins__others" }, ...others.map((pin) => this.#thumbnail(pin))),
    );
    this.element.hidden = this.element.childElementCount === 0;
  }

  #flags(pins: readonly PinnedProduct[]): unknown {
    const { session } = this.#context;
    return pins.map(({ product_id }) => [
      product_id,
      session.shelf.get(product_id) !== null,
      session.isSoldOut(product_id),
      session.wished.has(product_id),
    ]);
  }

  #card(product: Product, isNew: boolean): HTMLElement {
    const { session, texts, formats, language, openProduct } = this.#context;
    const id = product.product_id;
    const isSoldOut = session.isSoldOut(id);
    const title = textIn(product.title, language);
    const main = product.pictures[0];
    const price = productPrice(product, session.currency);
    const left = leftOf(product);
    const isWished = session.wished.has(id);
    const stock = isSoldOut ? texts.soldOut : left <= FEW ? texts.left(left) : null;
    const open = h(
      "button",
      {
        type: "button",
        class: "pin__open",
        onclick: () => openProduct(id),
        ariaLabel: `${texts.view}: ${title}`,
      },
      picture({
        url: session.api.address(main?.url),
        alt: "",
        sizePx: 72,
        class: "pin__picture",
        isEager: true,
      }),
    );
    if ((product.model?.glb_url ?? null) !== null) {
      // it can be dragged out of the card and turned
      open.append(h("span", { class: "pin__mark" }, icon("cube", 16)));
      this.#held.listen(open, id);
    }
    return h(
      "article",
      { class: "pin v-glass", data: { new: isNew, "sold-out": isSoldOut, product: id } },
      open,
      h(
        "div",
        { class: "pin__text" },
        h("h3", { class: "pin__title v-clip", onclick: () => openProduct(id) }, title),
        price === null ? null : priceElement({ ...price, formats, texts }),
        stock === null
          ? null
          : h("span", { class: `pin__stock v-number${isSoldOut ? "" : " pin__stock--few"}` }, stock),
      ),
      isSoldOut
        ? h(
            "button",
            {
              type: "button",
              class: "v-button v-button--small pin__act",
              attrs: { "aria-pressed": String(isWished) },
              onclick: () => this.#wish(id),
            },
            isWished ? icon("check", 18) : icon("bell", 18),
            isWished ? texts.tellMeOn : texts.tellMe,
          )
        : h(
            "button",
            {
              type: "button",
              class: "v-button v-button--primary pin__act",
              ariaLabel: `${texts.buy}: ${title}`,
              onclick: () => openProduct(id),
            },
            texts.buy,
          ),
    );
  }

  #thumbnail(pin: PinnedProduct): HTMLElement {
    const { session, texts, language } = this.#context;
    const product = session.shelf.get(pin.product_id);
    return h(
      "button",
      {
        type: "button",
        class: "pins__other v-glass",
        ariaLabel: `${texts.view}: ${product === null ? "" : textIn(product.title, language)}`,
        data: { "sold-out": session.isSoldOut(pin.product_id) },
        onclick: () => {
          this.#chosen = pin.product_id;
          this.update();
        },
      },
      picture({
        url: session.api.address(product?.pictures[0]?.url),
        alt: "",
        sizePx: 44,
        class: "pins__picture",
        isEager: true,
      }),
    );
  }

  #wish(productId: string): void {
    const { session, say, texts } = this.#context;
    if (session.wished.delete(productId)) {
      this.update();
      return;
    }
    session.wished.add(productId);
    say({ text: texts.tellMeMore, kind: "good" });
    this.update();
  }
}
