/** Price and stock of one product while the show runs: pin it, mark it sold out, see what is left of each variant. */

import { wornCategory } from "../ar/model.ts";
import { textsIn } from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { priceElement } from "../ui/price.ts";
import type { RundownItem } from "./rundown_items.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export interface ProductSheetOptions {
  words: Words;
  productId: string;
  /** The product as it stands now; asked again on every update. */
  item: () => RundownItem | undefined;
  currency: string;
  togglePin: (productId: string) => void;
  markSoldOut: (productId: string, soldOut: boolean) => void;
  /** Asks every viewer to try the product on. */
  inviteToTryOn: (productId: string) => void;
  /** What viewers get with it now, in a few words; null without an offer. */
  offerText: () => string | null;
  editOffer: (productId: string) => void;
  closed: () => void;
  signal: AbortSignal;
}

/** Opens the sheet; returns what brings it up to date. */
export function openProductSheet(options: ProductSheetOptions): { update: () => void } {
  const { words, productId } = options;
  const { texts, own } = words;
  const body = h("div", { class: "product-sheet" });
  const pin = h("button", { class: "v-button v-button--primary v-button--large", type: "button" });
  const soldOut = h("button", { class: "v-button v-button--line v-button--large", type: "button" });
  const invite = h("button", { class: "v-button v-button--line v-button--large", type: "button" });
  invite.textContent = texts.everyoneTry;
  invite.addEventListener("click", () => options.inviteToTryOn(productId));
  const offerMore = h("span", { class: "more" });
  const offer = h(
    "button",
    {
      class: "products-line",
      type: "button",
      onclick: () => options.editOffer(productId),
      attrs: { "aria-haspopup": "dialog" },
    },
    h(
      "div",
      { class: "thumbs" },
      texts.offer,
      offerMore,
      h("span", { class: "spring" }),
      icon("forward", 20),
    ),
  );
  const hint = h("p", { class: "v-muted v-small" }, texts.soldOutHint);
  pin.addEventListener("click", () => options.togglePin(productId));
  soldOut.addEventListener("click", () => {
    options.markSoldOut(productId, !options.item()?.isMarkedSoldOut);
  });
  const update = (): void => {
    const item = options.item();
    if (!item) return;
    fill(body, ...summary(item, words, options.currency));
    pin.textContent = item.isPinned ? texts.unpinNow : texts.pinNow;
    pin.classList.toggle("v-button--primary", !item.isPinned);
    soldOut.textContent = item.isMarkedSoldOut ? texts.markAvailable : texts.markSoldOut;
    hint.hidden = !item.isMarkedSoldOut;
    setText(offerMore, options.offerText() ?? texts.offerNone);
    invite.hidden = wornCategory(item.product?.model ?? null) === null;
  };
  update();
  const title = options.item()?.product?.title;
  openSheet({
    title: title ? own(title) : "",
    closeLabel: texts.close,
    content: [body, offer, hint, invite, h("div", { class: "sheet-actions" }, soldOut, pin)],
    closed: options.closed,
    signal: options.signal,
  });
  return { update };
}

function summary(item: RundownItem, words: Words, currency: string): Node[] {
  const { texts, formats, own } = words;
  const { product } = item;
  if (!product) return [];
  const shop = textsIn(words.language);
  const head = h(
    "div",
    { class: "product-head" },
    thumb(product),
    h(
      "div",
      {},
      item.price
        ? priceElement({
            price: item.price,
            formats,
            texts: shop,
            isFrom: product.variants.length > 1,
            isLong: true,
          })
        : null,
      h(
        "p",
        { class: item.isLow ? "v-stock v-stock--few" : "v-stock" },
        item.isSoldOut ? texts.soldOut : texts.left(item.left),
      ),
      own(product.summary) ? h("p", { class: "v-muted v-small" }, own(product.summary)) : null,
    ),
  );
  const rows = product.variants.map((variant) => {
    const price = variant.prices.find((each) => each.currency === currency) ?? variant.prices[0];
    return h(
      "li",
      {},
      h("span", { class: "swatch", css: { "--swatch": variant.swatch ?? "transparent" } }),
      h("span", { class: "variant-name" }, own(variant.label)),
      h(
        "span",
        { class: "v-number v-muted" },
        price ? formats.money(price.amount_minor, price.currency) : "",
      ),
      h(
        "span",
        { class: "v-number v-strong" },
        variant.left === 0 ? texts.soldOut : texts.left(variant.left),
      ),
    );
  });
  return [head, h("ul", { class: "variant-stock" }, ...rows)];
}
