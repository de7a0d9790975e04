/** The products of the show: now, then the rest; a column on a wide screen, a sheet on a phone. */

import { FEW, leftOf, productPrice } from "../commerce/prices.ts";
import type { Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { fill, h } from "../ui/dom.ts";
import { picture } from "../ui/picture.ts";
import { priceElement } from "../ui/price.ts";
import type { PlayerContext } from "./context.ts";

export class ProductList {
  readonly element = h("div", { class: "products" });
  readonly #context: PlayerContext;
  #drawn = "";

  constructor(context: PlayerContext) {
    this.#context = context;
  }

  update(openProductId: string | null): void {
    const { session, texts } = this.#context;
    const pinned = [...(session.state?.pins ?? [])].reverse().map((pin) => pin.product_id);
    const rest = session.productIds.filter((id) => !pinned.includes(id));
    const drawn = JSON.stringify([
      openProductId,
      session.currency,
      [pinned, rest].map((ids) =>
        session.shelf.list(ids).map((product) => [product.product_id, product.updated_at, leftOf(product)]),
      ),
      session.state?.sold_out,
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const section = (title: string | null, ids: readonly string[]): HTMLElement | null => {
      const products = session.shelf.list(ids);
      if (products.length === 0) return null;
      return h(
        "section",
        { class: "products__group" },
        title === null ? null : h("h3", { class: "products__title" }, title),
        ...products.map((product) => this.#row(product, product.product_id === openProductId)),
      );
    };
    // one group alone needs no name of its own
    fill(this.element, section(texts.now, pinned), section(pinned.length > 0 ? texts.nextUp : null, rest));
    if (this.element.childElementCount === 0) this.#bones();
  }

  #row(product: Product, isOpen: boolean): HTMLElement {
    const { session, texts, formats, language, openProduct } = this.#context;
    const id = product.product_id;
    const isSoldOut = session.isSoldOut(id);
    const price = productPrice(product, session.currency);
    const left = leftOf(product);
    return h(
      "button",
      {
        type: "button",
        class: "product-row",
        data: { "sold-out": isSoldOut },
        attrs: { "aria-current": isOpen ? "true" : null },
        onclick: () => openProduct(id),
      },
      picture({ url: session.api.address(product.pictures[0]?.url), alt: "", sizePx: 64 }),
      h(
        "span",
        { class: "product-row__text" },
        h("span", { class: "v-clip v-strong" }, textIn(product.title, language)),
        price === null
          ? h("span", { class: "v-muted v-small" }, texts.notSoldIn(session.currency))
          : priceElement({ ...price, formats, texts }),
        isSoldOut
          ? h("span", { class: "v-stock v-stock--none" }, texts.soldOut)
          : left <= FEW
            ? h("span", { class: "v-stock v-stock--few" }, texts.left(left))
            : null,
      ),
    );
  }

  #bones(): void {
    const bone = (): HTMLElement =>
      h(
        "div",
        { class: "product-row" },
        h("span", { class: "v-bone product-row__bone" }),
        h("span", { class: "product-row__text" }, h("span", { class: "v-bone product-row__line" })),
      );
    fill(this.element, ...[1, 2, 3, 4].map(bone));
  }
}
