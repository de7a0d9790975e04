/** The products of the show: now, then the rest; a column on a wide screen, a sheet on a phone. */

import { FEW, leftOf, productPrice } from "../commerce/prices.ts";
import { hasWords } from "../commerce/product_words.ts";
import type { Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { picture } from "../ui/picture.ts";
import { priceElement } from "../ui/price.ts";
import type { PlayerContext } from "./context.ts";
import { ProductSearch } from "./product_search.ts";

export class ProductList {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #search: ProductSearch;
  readonly #groups = h("div", { class: "products__groups" });
  readonly #found = h("p", { class: "v-hidden", attrs: { role: "status" } });
  #openProductId: string | null = null;
  #drawn = "";

  constructor(context: PlayerContext) {
    this.#context = context;
    this.#search = new ProductSearch(context, () => this.update(this.#openProductId));
    this.element = h("div", { class: "products" }, this.#search.element, this.#found, this.#groups);
  }

  /** All products again. */
  reset(): void {
    this.#search.reset();
  }

  update(openProductId: string | null): void {
    const { session, texts } = this.#context;
    this.#openProductId = openProductId;
    this.#search.offer(session.productIds.length);
    const { words } = this.#search;
    const pinned = [...(session.state?.pins ?? [])].reverse().map((pin) => pin.product_id);
    const rest = session.productIds.filter((id) => !pinned.includes(id));
    const drawn = JSON.stringify([
      openProductId,
      words,
      session.currency,
      [pinned, rest].map((ids) =>
        session.shelf.list(ids).map((product) => [product.product_id, product.updated_at, leftOf(product)]),
      ),
      session.state?.sold_out,
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    let shown = 0;
    const section = (title: string | null, ids: readonly string[]): HTMLElement | null => {
      const products = session.shelf.list(ids).filter((product) => hasWords(product, words));
      shown += products.length;
      if (products.length === 0) return null;
      return h(
        "section",
        { class: "products__group" },
        title === null ? null : h("h3", { class: "products__title" }, title),
        ...products.map((product) => this.#row(product, product.product_id === openProductId)),
      );
    };
    // one group alone needs no name of its own
    fill(this.#groups, section(texts.now, pinned), section(pinned.length > 0 ? texts.nextUp : null, rest));
    setText(this.#found, words === "" ? "" : texts.productsFound(shown));
    if (shown > 0) return;
    if (words === "") this.#bones();
    else this.#nothingFound(words);
  }

  #nothingFound(words: string): void {
    const { texts } = this.#context;
    fill(
      this.#groups,
      h(
        "div",
        { class: "products__none" },
        h("p", { class: "v-strong", dir: "auto" }, texts.noProductsFound(words)),
        h("p", { class: "v-muted v-small" }, texts.noProductsFoundMore),
        h(
          "button",
          { type: "button", class: "v-button v-button--small", onclick: () => this.#search.clear() },
          texts.clearSearch,
        ),
      ),
    );
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
    fill(this.#groups, ...[1, 2, 3, 4].map(bone));
  }
}
