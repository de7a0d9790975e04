/** The cart in the sheet. */

import type { CartLine } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import { Stepper } from "../ui/stepper.ts";
import type { PlayerContext } from "./context.ts";

export class CartView {
  readonly body = h("div", { class: "cart" });
  readonly footer = h("div", { class: "cart__footer" });
  readonly #context: PlayerContext;

  constructor(context: PlayerContext) {
    this.#context = context;
    this.update();
  }

  update(): void {
    const { session, texts, formats, openProducts, openCheckout } = this.#context;
    const cart = session.cart?.cart;
    if (cart === undefined || cart.lines.length === 0) {
      fill(
        this.body,
        h(
          "div",
          { class: "v-empty" },
          icon("bag", 40),
          h("p", { class: "v-empty__title" }, texts.cartEmpty),
          h("p", {}, texts.cartEmptyMore),
          h("button", { type: "button", class: "v-button", onclick: openProducts }, texts.seeProducts),
        ),
      );
      this.footer.replaceChildren();
      return;
    }
    fill(
      this.body,
      h("ul", { class: "lines" }, ...cart.lines.map((line) => this.#line(line, cart.currency))),
    );
    fill(
      this.footer,
      h(
        "p",
        { class: "sum" },
        h("span", {}, texts.items),
        h("span", { class: "v-number v-strong" }, formats.money(cart.items_minor, cart.currency)),
      ),
      h("p", { class: "v-muted v-small" }, texts.deliveryNext),
      h(
        "button",
        {
          type: "button",
          class: "v-button v-button--primary v-button--wide v-button--large",
          onclick: openCheckout,
        },
        texts.checkout,
      ),
    );
  }

  get isEmpty(): boolean {
    return (this.#context.session.cart?.cart.lines.length ?? 0) === 0;
  }

  #line(line: CartLine, currency: string): HTMLElement {
    const { session, texts, formats, language, openProduct } = this.#context;
    const title = textIn(session.shelf.get(line.product_id)?.title ?? line.title, language);
    const stepper = new Stepper();
    stepper.view = {
      quantity: line.quantity,
      // what is left does not count what is in this cart: nothing is held before the checkout
      most: Math.max(line.quantity, line.left),
      label: `${texts.quantity}: ${title}`,
      fewer: texts.fewer,
      more: texts.more,
    };
    stepper.addEventListener("change", () => void this.#set(line, stepper.quantity));
    return h(
      "li",
      { class: "line" },
      h(
        "button",
        {
          type: "button",
          class: "line__picture",
          ariaLabel: title,
          onclick: () => openProduct(line.product_id),
        },
        picture({ url: session.api.address(line.picture_url), alt: "", sizePx: 80 }),
      ),
      h(
        "div",
        { class: "line__text" },
        h("p", { class: "v-clip v-strong" }, title),
        h("p", { class: "v-muted v-small" }, textIn(line.label, language)),
        line.left < line.quantity
          ? h("p", { class: "v-stock v-stock--few" }, texts.left(Math.max(0, line.left)))
          : null,
        h(
          "div",
          { class: "line__row" },
          stepper,
          h(
            "button",
            {
              type: "button",
              class: "v-button v-button--plain v-button--round",
              ariaLabel: `${texts.remove}: ${title}`,
              title: texts.remove,
              onclick: () => void this.#remove(line),
            },
            icon("trash", 20),
          ),
        ),
      ),
      h("p", { class: "line__price v-number v-strong" }, formats.money(line.total_minor, currency)),
    );
  }

  async #set(line: CartLine, quantity: number): Promise<void> {
    try {
      await this.#context.session.cart?.setQuantity(line.variant_id, quantity);
    } catch (error) {
      this.#context.sayError(error);
      this.update();
    }
  }

  async #remove(line: CartLine): Promise<void> {
    const { session, texts, say, sayError } = this.#context;
    try {
      await session.cart?.remove(line.variant_id);
      const back = (): void => {
        session.cart?.setQuantity(line.variant_id, line.quantity).catch(sayError);
      };
      say({ text: texts.removed, action: { label: texts.undo, act: back } });
    } catch (error) {
      sayError(error);
    }
  }
}
