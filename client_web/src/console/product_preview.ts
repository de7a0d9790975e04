/** The product as viewers will see it: the card over the video, and the sheet's first lines. */

import { textIn } from "../texts/language.ts";
import { h } from "../ui/dom.ts";
import { parseAmount } from "./money_input.ts";
import { picture, swatch } from "./pieces.ts";
import type { ProductDraft } from "./product_draft.ts";
import type { Words } from "./workplace.ts";

export function productPreview(draft: ProductDraft, language: string, words: Words): HTMLElement {
  const { texts, formats } = words;
  const currency = draft.currencies[0] ?? "USD";
  const amounts = draft.variants
    .map((variant) => parseAmount(variant.amounts[currency] ?? "", currency))
    .filter((amount) => amount !== null);
  const lowest = amounts.length > 0 ? Math.min(...amounts) : null;
  const isFrom = amounts.some((amount) => amount !== lowest);
  const price = lowest === null ? "" : formats.money(lowest, currency);
  const summary = textIn(draft.summary, language);
  const facts = draft.facts.filter((fact) => textIn(fact.label, language) !== "").slice(0, 3);
  return h(
    "div",
    { class: "preview" },
    h(
      "div",
      { class: "preview-video" },
      h(
        "div",
        { class: "preview-card v-glass" },
        picture(draft.pictures[0]?.url),
        h(
          "div",
          { class: "preview-text" },
          h("span", { class: "v-clip v-strong" }, textIn(draft.title, language) || texts.titleExample),
          h("span", { class: "v-number" }, isFrom ? texts.fromPrice(price) : price),
        ),
        h("span", { class: "preview-buy" }, texts.previewBuy),
      ),
    ),
    h(
      "div",
      { class: "preview-more" },
      draft.variants.length > 1
        ? h(
            "div",
            { class: "preview-swatches" },
            ...draft.variants.map((variant) => swatch(variant.swatch) ?? ""),
          )
        : null,
      summary ? h("p", { class: "v-small" }, summary) : null,
      ...facts.map((fact) =>
        h(
          "p",
          { class: "v-small preview-fact" },
          h("span", { class: "v-muted" }, textIn(fact.label, language)),
          h("span", {}, textIn(fact.value, language)),
        ),
      ),
    ),
  );
}
