/** One order beside the list: goods, sums, where it goes, and its next step. */

import type { Order, OrderState } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { workIcon } from "../ui/work_icons.ts";
import { nextStep, ORDER_WAY, wayOut } from "./order_steps.ts";
import { picture, shortNumber } from "./pieces.ts";
import { canMoveOrders, type Words, type Workplace } from "./workplace.ts";

export interface OrderDetailOptions {
  work: Workplace;
  order: Order;
  move: (state: OrderState) => void;
  closed: () => void;
  signal: AbortSignal;
}

export function openOrder(options: OrderDetailOptions): { close: () => void } {
  const { work, order } = options;
  const { texts } = work.words;
  const next = nextStep(order.state);
  const out = wayOut(order.state);
  const act = (state: OrderState) => () => {
    sheet.close();
    options.move(state);
  };
  const actions = h(
    "div",
    { class: "sheet-actions" },
    out
      ? h(
          "button",
          { class: "v-button v-button--danger v-button--line", type: "button", onclick: act(out) },
          out === "cancelled" ? texts.moveCancelled : texts.moveRefunded,
        )
      : null,
    next
      ? h(
          "button",
          { class: "v-button v-button--primary", type: "button", onclick: act(next) },
          {
            paid: "",
            packed: texts.movePacked,
            shipped: texts.moveShipped,
            delivered: texts.moveDelivered,
            cancelled: "",
            refunded: "",
          }[next],
        )
      : null,
  );
  const sheet = openSheet({
    title: texts.orderNumber(shortNumber(order.order_id)),
    closeLabel: texts.close,
    class: "drawer",
    content: [
      way(order.state, work.words),
      goods(order, work.words),
      sums(order, work.words),
      address(order, work),
      ...(canMoveOrders(work.me) && (next || out) ? [actions] : []),
    ],
    closed: options.closed,
    signal: options.signal,
  });
  return sheet;
}

export function statePill(state: OrderState, words: Words): HTMLElement {
  return h("span", { class: "state-pill", data: { state } }, stateName(state, words));
}

export function stateName(state: OrderState, words: Words): string {
  const { texts } = words;
  return {
    paid: texts.statePaid,
    packed: texts.statePacked,
    shipped: texts.stateShipped,
    delivered: texts.stateDelivered,
    cancelled: texts.stateCancelled,
    refunded: texts.stateRefunded,
  }[state];
}

/** The four steps of an order that goes well, or the one word of one that did not. */
function way(state: OrderState, words: Words): HTMLElement {
  const at = ORDER_WAY.indexOf(state);
  if (at < 0) return h("p", {}, statePill(state, words));
  return h(
    "ol",
    { class: "way", attrs: { "aria-label": words.texts.state } },
    ...ORDER_WAY.map((step, place) =>
      h(
        "li",
        { class: place <= at ? "done" : "", attrs: { "aria-current": place === at ? "step" : null } },
        h("span", { class: "way-mark" }, place <= at ? icon("check", 14) : ""),
        h("span", { class: "v-small" }, stateName(step, words)),
      ),
    ),
  );
}

function goods(order: Order, words: Words): HTMLElement {
  const { formats, own } = words;
  return h(
    "ul",
    { class: "goods" },
    ...order.lines.map((line) =>
      h(
        "li",
        {},
        picture(line.picture_url),
        h(
          "span",
          { class: "row-text" },
          h("span", { class: "v-clip" }, own(line.title)),
          h(
            "span",
            { class: "v-muted v-small" },
            `${own(line.label)} · ${line.quantity} × ${formats.money(line.unit_minor, order.currency)}`,
          ),
        ),
        h("span", { class: "v-number v-strong" }, formats.money(line.total_minor, order.currency)),
      ),
    ),
  );
}

function sums(order: Order, words: Words): HTMLElement {
  const { texts, formats } = words;
  const money = (minor: number): string => formats.money(minor, order.currency);
  const row = (label: string, value: string, extra = ""): Node[] => [
    h("dt", { class: extra }, label),
    h("dd", { class: `v-number ${extra}` }, value),
  ];
  return h(
    "dl",
    { class: "sums" },
    ...row(texts.itemsTotal, money(order.totals.items_minor)),
    ...row(texts.deliveryTotal, money(order.totals.delivery_minor)),
    ...row(texts.taxIncluded, money(order.totals.tax_included_minor), "v-muted"),
    ...row(texts.total, money(order.totals.total_minor), "v-strong"),
  );
}

function address(order: Order, work: Workplace): HTMLElement {
  const { texts, formats } = work.words;
  const to = order.address;
  const facts = h(
    "p",
    { class: "v-muted v-small" },
    `${formats.dateTime(order.placed_at)} · ${texts.boughtAt(formats.duration(order.show_ms / 1000))}`,
  );
  if (!to)
    return h(
      "section",
      { class: "send-to" },
      h("h3", {}, texts.buyer),
      h("p", {}, order.buyer_name),
      h("p", { class: "v-muted v-small" }, texts.addressHidden),
      facts,
    );
  const lines = [to.name, to.street_address, `${to.postal_code} ${to.city}`, formats.country(to.country)];
  const copy = (): void => {
    navigator.clipboard.writeText(lines.join("\n")).then(
      () => work.notify({ text: texts.copied, kind: "good" }),
      (error: unknown) => work.failed(error),
    );
  };
  return h(
    "section",
    { class: "send-to" },
    h("h3", {}, texts.sendTo),
    h("address", {}, ...lines.map((line) => h("span", {}, line))),
    h("a", { class: "v-link v-small", href: `mailto:${encodeURIComponent(to.email)}` }, to.email),
    h(
      "button",
      { class: "v-button v-button--line v-button--small", type: "button", onclick: copy },
      workIcon("copy", 18),
      texts.copyAddress,
    ),
    facts,
  );
}
