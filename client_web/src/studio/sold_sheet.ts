/** The orders of this show so far, behind the sum in the upper edge. */

import type { Product } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import type { OrderSlips } from "./slips.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export function openSoldSheet(
  place: { words: Words; signal: AbortSignal },
  slips: OrderSlips,
  productOf: (id: string) => Product | undefined,
): void {
  const { texts, formats, own } = place.words;
  const rows = slips.recent.map((order) => {
    const product = productOf(order.product_ids[0] ?? "");
    return h(
      "li",
      {},
      thumb(product),
      h(
        "span",
        { class: "choose-text" },
        h("span", { class: "v-clip" }, product ? own(product.title) : order.order_id),
        h(
          "span",
          { class: "v-muted v-small" },
          `${order.buyer_name} · ${formats.duration(order.at_ms / 1000)}`,
        ),
      ),
      h("span", { class: "v-strong v-number" }, formats.money(order.total_minor, order.currency)),
    );
  });
  openSheet({
    title: texts.soldSoFar,
    closeLabel: texts.close,
    content: [h("ul", { class: "sold-list" }, ...rows)],
    signal: place.signal,
  });
}

/** The sums as one line: "$267.00", or several currencies with a plus. */
export function soldText(slips: OrderSlips, words: Words): string {
  return [...slips.sums()]
    .map(([currency, sum]) => words.formats.money(sum.totalMinor, currency))
    .join(" + ");
}
