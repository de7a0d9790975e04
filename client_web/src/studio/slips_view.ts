/** Orders rising as small slips of paper. They are told to screen readers by the page's status line, once each. */

import type { Product } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { KeyedList } from "../ui/keyed_list.ts";
import type { Slip } from "./slips.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export class SlipsView {
  readonly element = h("div", { class: "slips", attrs: { "data-testid": "order-slips" } });
  readonly #list: KeyedList<Slip>;

  constructor(words: Words, productOf: (id: string) => Product | undefined) {
    const { texts, formats, own } = words;
    this.#list = new KeyedList<Slip>({
      parent: this.element,
      keyOf: (slip) => slip.order.order_id,
      make: ({ order }) => {
        const product = productOf(order.product_ids[0] ?? "");
        const more = order.product_ids.length - 1;
        const what = (product ? own(product.title) : "") + (more > 0 ? ` +${more}` : "");
        return h(
          "div",
          { class: "slip" },
          thumb(product),
          h("span", { class: "what" }, texts.orderSlip(order.buyer_name, what)),
          h("span", { class: "amount" }, formats.money(order.total_minor, order.currency)),
        );
      },
      update: () => undefined,
    });
  }

  show(slips: readonly Slip[]): void {
    this.#list.show(slips);
  }
}
