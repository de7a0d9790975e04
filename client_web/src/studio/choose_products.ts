/** Putting products into the rundown from the phone: search, tap to add, tap again to take out. */

import type { Product } from "../protocol/messages.ts";
import { h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { KeyedList } from "../ui/keyed_list.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { lowestPrice } from "./rundown_items.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export interface ChooseProductsOptions {
  words: Words;
  catalogue: readonly Product[];
  rundown: readonly string[];
  currency: string;
  /** Called on each change with the whole new rundown. */
  changed: (rundown: string[]) => void;
  signal: AbortSignal;
}

export function openChooseProducts(options: ChooseProductsOptions): void {
  const { words, catalogue } = options;
  const { texts, formats, own } = words;
  let rundown = [...options.rundown];
  const ul = h("ul", { class: "choose-list" });
  const none = h("p", { class: "v-muted", attrs: { role: "status" } });
  const search = h("input", {
    type: "search",
    placeholder: texts.searchProducts,
    attrs: { "aria-label": texts.searchProducts },
  });
  const toggle = (id: string): void => {
    rundown = rundown.includes(id) ? rundown.filter((other) => other !== id) : [...rundown, id];
    options.changed([...rundown]);
    show();
  };
  const list = new KeyedList<Product>({
    parent: ul,
    keyOf: (product) => product.product_id,
    make: (product) => {
      const price = lowestPrice(product, options.currency);
      return h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "choose-row", onclick: () => toggle(product.product_id) },
          thumb(product),
          h(
            "span",
            { class: "choose-text" },
            h("span", { class: "v-clip" }, own(product.title)),
            h(
              "span",
              { class: "v-muted v-small v-number" },
              price ? formats.money(price.amount_minor, price.currency) : "",
            ),
          ),
          h("span", { class: "choose-mark" }, icon("check", 20)),
        ),
      );
    },
    update: (element, product) => {
      const isIn = rundown.includes(product.product_id);
      const button = element.firstElementChild;
      const title = own(product.title);
      button?.setAttribute("aria-pressed", String(isIn));
      button?.setAttribute("aria-label", isIn ? texts.removeFromRundown(title) : texts.addToRundown(title));
    },
  });
  const show = (): void => {
    const wanted = search.value.toLocaleLowerCase().trim();
    const found = catalogue.filter((product) =>
      Object.values(product.title).some((title) => title.toLocaleLowerCase().includes(wanted)),
    );
    list.show(found);
    none.hidden = found.length > 0;
    setText(none, found.length === 0 ? texts.noMatch : "");
  };
  search.addEventListener("input", show);
  show();
  const sheet = openSheet({
    title: texts.chooseProducts,
    closeLabel: texts.close,
    class: "tall",
    content: [
      h("div", { class: "v-field" }, search),
      none,
      ul,
      h(
        "div",
        { class: "sheet-sticky" },
        h(
          "button",
          {
            class: "v-button v-button--primary v-button--large v-button--wide",
            type: "button",
            onclick: () => sheet.close(),
          },
          texts.done,
        ),
      ),
    ],
    signal: options.signal,
  });
}
