/** One variant's stock in the list: its name, how many are left, one more, one less, or a number typed. */

import type { Variant } from "../protocol/messages.ts";
import { h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { plainDigits } from "./money_input.ts";
import { swatch } from "./pieces.ts";
import { LOW_STOCK } from "./product_search.ts";
import type { Words } from "./workplace.ts";

export interface StockLineOptions {
  words: Words;
  title: string;
  variant: Variant;
  /** The only variant of its product: its name says nothing. */
  isOnly: boolean;
  canEdit: boolean;
  change: (by: number) => void;
}

const MOST = 1_000_000;

export function stockLine(options: StockLineOptions): HTMLElement {
  const { words, title, variant } = options;
  const { texts, formats } = words;
  const name = words.own(variant.label);
  let shown = variant.left;
  const state = h("span", { class: "stock-state v-small" });
  const mark = (): void => {
    const tone = shown === 0 ? "out" : shown < LOW_STOCK ? "low" : "fine";
    line.dataset.tone = tone;
    setText(state, tone === "out" ? texts.stockOut : tone === "low" ? texts.stockLow : "");
  };
  const label = h(
    "span",
    { class: "stock-name v-small" },
    options.isOnly ? null : swatch(variant.swatch),
    options.isOnly ? "" : name,
  );
  if (!options.canEdit) {
    const line = h(
      "div",
      { class: "stock-line" },
      label,
      h("span", { class: "v-number" }, formats.number(shown)),
    );
    return line;
  }
  const input = h("input", {
    type: "text",
    inputMode: "numeric",
    value: String(shown),
    data: { focus: `${variant.variant_id}=` },
    attrs: { "aria-label": texts.stockOf(title, name) },
  });
  const to = (wanted: number): void => {
    const next = Math.min(MOST, Math.max(0, wanted));
    if (next !== shown) options.change(next - shown);
    shown = next;
    input.value = String(shown);
    mark();
  };
  input.addEventListener("change", () => {
    const typed = plainDigits(input.value);
    if (/^\d{1,7}$/.test(typed)) to(Number(typed));
    else input.value = String(shown);
  });
  input.addEventListener("focus", () => input.select());
  const step = (by: number, drawing: "minus" | "plus", what: string): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        onclick: () => to(shown + by),
        data: { focus: `${variant.variant_id}${drawing}` },
        attrs: { "aria-label": what },
      },
      icon(drawing, 18),
    );
  const line = h(
    "div",
    { class: "stock-line" },
    label,
    state,
    h(
      "div",
      { class: "stock-stepper" },
      step(-1, "minus", texts.stockMinus(`${title}, ${name}`)),
      input,
      step(1, "plus", texts.stockPlus(`${title}, ${name}`)),
    ),
  );
  mark();
  return line;
}
