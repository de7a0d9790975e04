/** The order on one card, after paying. */

import type { Order } from "../protocol/messages.ts";
import { type Texts, textIn } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import type { PlayerContext } from "./context.ts";

/** What a buyer quotes: the first letters of the id. */
export function orderTitle(texts: Texts, order: Order): string {
  return texts.orderNumber(
    order.order_id
      .replace(/^order_/, "")
      .slice(0, 8)
      .toUpperCase(),
  );
}

export function orderView(context: PlayerContext, order: Order): { body: HTMLElement; footer: HTMLElement } {
  const { session, texts, formats, language, closeSheet } = context;
  const { address, totals, currency } = order;
  const lines = order.lines.map((line) =>
    h(
      "li",
      { class: "line" },
      picture({
        url: session.api.address(line.picture_url),
        alt: "",
        sizePx: 64,
        class: "v-picture order__picture",
      }),
      h(
        "div",
        { class: "line__text" },
        h("p", { class: "v-clip v-strong" }, textIn(line.title, language)),
        h("p", { class: "v-muted v-small" }, `${textIn(line.label, language)} × ${line.quantity}`),
      ),
      h("p", { class: "line__price v-number" }, formats.money(line.total_minor, currency)),
    ),
  );
  const body = h(
    "div",
    { class: "order" },
    h(
      "div",
      { class: "order__head" },
      h("span", { class: "order__mark" }, icon("check", 28)),
      h("p", { class: "order__title", attrs: { role: "status" } }, texts.orderPlaced),
    ),
    h(
      "div",
      { class: "v-card order__card" },
      h("ul", { class: "lines" }, ...lines),
      h(
        "p",
        { class: "sum" },
        h("span", {}, texts.delivery),
        h(
          "span",
          { class: "v-number" },
          totals.delivery_minor === 0 ? texts.free : formats.money(totals.delivery_minor, currency),
        ),
      ),
      h(
        "p",
        { class: "sum sum--total" },
        h("span", {}, texts.total),
        h("span", { class: "v-number" }, formats.money(totals.total_minor, currency)),
      ),
      totals.tax_included_minor > 0
        ? h(
            "p",
            { class: "v-muted v-small" },
            texts.taxIncluded(formats.money(totals.tax_included_minor, currency)),
          )
        : null,
    ),
    address === null
      ? null
      : h(
          "div",
          { class: "order__address" },
          h("h4", {}, texts.orderTo),
          h(
            "p",
            { class: "v-muted", dir: "auto" },
            `${address.name}, ${address.street_address}, ${address.postal_code} ${address.city}, ${formats.country(address.country)}`,
          ),
        ),
  );
  const footer = h(
    "button",
    { type: "button", class: "v-button v-button--wide v-button--large", onclick: closeSheet },
    texts.keepWatching,
  );
  return { body, footer };
}
