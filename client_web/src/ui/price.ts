/** A price as it must be shown: the amount, and when it is reduced the lowest of the last 30 days. */

import type { Price } from "../protocol/messages.ts";
import type { Formats, Texts } from "../texts/index.ts";
import { define, h } from "./dom.ts";

export interface PriceView {
  price: Price;
  formats: Formats;
  texts: Texts;
  /** "from": the product has dearer variants too. */
  isFrom?: boolean;
  /** The long wording of the 30-day price, where there is room. */
  isLong?: boolean;
}

export class PriceElement extends HTMLElement {
  set view(view: PriceView) {
    const { price, formats, texts } = view;
    const lowest = price.lowest_30d_minor;
    const amount = formats.money(price.amount_minor, price.currency);
    this.className = lowest === null ? "v-price" : "v-price v-price--reduced";
    this.replaceChildren(h("span", { class: "v-price__now" }, view.isFrom ? texts.from(amount) : amount));
    if (lowest === null) return;
    const before = formats.money(lowest, price.currency);
    this.append(
      h(
        "span",
        { class: "v-price__before" },
        view.isLong ? texts.lowest30d(before) : texts.lowest30dShort(before),
      ),
    );
  }
}

define("vitrine-price", PriceElement);

export function priceElement(view: PriceView): PriceElement {
  const element = new PriceElement();
  element.view = view;
  return element;
}
