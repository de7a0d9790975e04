/** Orders: what is to be sent, what is on its way, what is done. A step can be taken back until it is carried out. */

import type { Order, OrderState } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { openOrder, stateName, statePill } from "./order_detail.ts";
import { findOrders, nextStep, type OrderFilter, orderGroup } from "./order_steps.ts";
import { pageHead } from "./page_head.ts";
import { bones, checkbox, emptyState, picture, searchField, segments, shortNumber } from "./pieces.ts";
import { hashOf } from "./routes.ts";
import { canMoveOrders, canPlanShows, type Workplace } from "./workplace.ts";

/** New orders are looked for this often while the page is open. */
const EVERY_MS = 15_000;

export class OrdersPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #signal: AbortSignal;
  readonly #toolbar = h("div", { class: "toolbar" });
  readonly #status = h("p", { class: "v-hidden", attrs: { role: "status" } });
  readonly #list = h("div", { class: "list" });
  readonly #bulk = h("div", { class: "bulk-place" });
  readonly #selected = new Set<string>();
  /** States that are not yet carried out, by order. */
  readonly #moving = new Map<string, OrderState>();
  #orders: Order[] = [];
  #filter: OrderFilter = "open";
  #words = "";
  #isDrawn = false;
  #detail: { close: () => void } | null = null;

  constructor(work: Workplace, orderId: string | null, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    fill(this.element, pageHead({ title: work.words.texts.orders }), bones(work.words));
    void this.#load().then(() => this.open(orderId));
    const again = setInterval(() => {
      if (document.visibilityState === "visible") void this.#load();
    }, EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(again), { once: true });
  }

  /** Opens the detail of an order, or closes the open one. */
  open(orderId: string | null): void {
    const order = this.#orders.find((each) => each.order_id === orderId);
    this.#detail?.close();
    this.#detail = null;
    if (!order || this.#signal.aborted) return;
    this.#detail = openOrder({
      work: this.#work,
      order: this.#asMoving(order),
      move: (state) => this.#move([order], state),
      closed: () => {
        if (!this.#signal.aborted) this.#work.go({ page: "orders", id: null });
      },
      signal: this.#signal,
    });
  }

  async #load(): Promise<void> {
    const { texts } = this.#work.words;
    try {
      this.#orders = await this.#work.api.orders();
      if (!this.#signal.aborted) this.#draw();
    } catch (error) {
      if (this.#isDrawn || this.#signal.aborted) return;
      this.#work.failed(error);
      const action = { label: texts.tryAgain, act: () => void this.#load() };
      fill(
        this.element,
        pageHead({ title: texts.orders }),
        emptyState({ drawing: "order", title: texts.loadFailedTitle, text: texts.loadFailed, action }),
      );
    }
  }

  #asMoving(order: Order): Order {
    return { ...order, state: this.#moving.get(order.order_id) ?? order.state };
  }

  #draw(): void {
    const { words, me, go } = this.#work;
    const { texts } = words;
    if (this.#orders.length === 0) {
      const canPlan = canPlanShows(me);
      const empty = {
        drawing: "order",
        title: texts.noOrdersTitle,
        text: canPlan ? texts.noOrders : texts.noOrdersBrand,
      } as const;
      const action = { label: texts.newShow, act: () => go({ page: "show", id: null }) };
      fill(
        this.element,
        pageHead({ title: texts.orders }),
        emptyState(canPlan ? { ...empty, action } : empty),
      );
      return;
    }
    if (!this.#isDrawn) {
      this.#isDrawn = true;
      const search = searchField(texts.searchOrders, texts.searchOrdersHint, (typed) => {
        this.#words = typed;
        this.#drawList();
      });
      fill(this.#toolbar, search, h("div", { class: "filter-place" }));
      fill(
        this.element,
        pageHead({ title: texts.orders }),
        this.#toolbar,
        this.#status,
        this.#list,
        this.#bulk,
      );
    }
    this.#drawList();
  }

  #drawList(): void {
    const { words, me } = this.#work;
    const { texts } = words;
    const orders = this.#orders.map((order) => this.#asMoving(order));
    this.#drawFilter(orders);
    const found = findOrders(orders, this.#filter, this.#words);
    setText(this.#status, texts.orderCount(found.length));
    if (found.length === 0) {
      const isSearch = this.#words !== "";
      const title = isSearch
        ? texts.noMatchTitle
        : this.#filter === "open"
          ? texts.nothingOpenTitle
          : texts.noMatchTitle;
      const text = isSearch ? texts.noMatch : this.#filter === "open" ? texts.nothingOpen : texts.noMatch;
      fill(this.#list, emptyState({ drawing: "order", title, text }));
    } else {
      const canMove = canMoveOrders(me);
      fill(
        this.#list,
        h(
          "div",
          { class: "row order-row row-head", attrs: { "aria-hidden": "true" } },
          h("span", {}),
          h("span", {}, texts.order),
          h("span", {}, texts.orderLines),
          h("span", { class: "end" }, texts.total),
          h("span", {}, texts.state),
          h("span", {}),
        ),
        h("ul", { class: "rows" }, ...found.map((order) => this.#row(order, canMove))),
      );
    }
    this.#drawBulk();
  }

  #drawFilter(orders: readonly Order[]): void {
    const { texts } = this.#work.words;
    const count = (group: string): number =>
      orders.filter((order) => orderGroup(order.state) === group).length;
    const place = this.#toolbar.querySelector(".filter-place");
    if (!place || place.contains(document.activeElement)) return;
    const choices = [
      { value: "open", label: texts.ordersOpen, count: count("open") },
      { value: "sent", label: texts.ordersSent, count: count("sent") },
      { value: "closed", label: texts.ordersClosed },
      { value: "all", label: texts.ordersAll },
    ] as const;
    const choose = (value: OrderFilter): void => {
      this.#filter = value;
      this.#drawList();
    };
    fill(place, segments("order-filter", texts.state, choices, this.#filter, choose));
  }

  #row(order: Order, canMove: boolean): HTMLElement {
    const { texts, formats, own } = this.#work.words;
    const number = shortNumber(order.order_id);
    const next = nextStep(order.state);
    const goods = order.lines
      .map((line) => `${line.quantity > 1 ? `${line.quantity} × ` : ""}${own(line.title)}`)
      .join(", ");
    return h(
      "li",
      { class: "row order-row", data: { order: order.order_id } },
      canMove && next !== null
        ? checkbox(texts.selectOrder(number), this.#selected.has(order.order_id), (isChecked) => {
            if (isChecked) this.#selected.add(order.order_id);
            else this.#selected.delete(order.order_id);
            this.#drawBulk();
          })
        : h("span", {}),
      h(
        "div",
        { class: "row-text" },
        h(
          "a",
          {
            class: "row-title",
            href: hashOf({ page: "orders", id: order.order_id }),
            attrs: { "aria-label": texts.openOrder(number) },
          },
          order.buyer_name,
        ),
        h("span", { class: "v-muted v-small v-number" }, `${number} · ${formats.dateTime(order.placed_at)}`),
      ),
      h(
        "div",
        { class: "row-goods" },
        h("span", { class: "pics" }, ...order.lines.slice(0, 2).map((line) => picture(line.picture_url))),
        h("span", { class: "v-clip v-small" }, goods),
      ),
      h(
        "span",
        { class: "end v-strong v-number row-total" },
        formats.money(order.totals.total_minor, order.currency),
      ),
      statePill(order.state, this.#work.words),
      canMove && next !== null
        ? h(
            "button",
            {
              class: "v-button v-button--line v-button--small row-step",
              type: "button",
              onclick: () => this.#move([order], next),
            },
            this.#moveLabel(next),
          )
        : h("span", {}),
    );
  }

  #moveLabel(state: OrderState): string {
    const { texts } = this.#work.words;
    const labels: Record<OrderState, string> = {
      paid: texts.statePaid,
      packed: texts.movePacked,
      shipped: texts.moveShipped,
      delivered: texts.moveDelivered,
      cancelled: texts.moveCancelled,
      refunded: texts.moveRefunded,
    };
    return labels[state];
  }

  /** Shown at once, carried out when the time to take it back is over: the server knows no way back. */
  #move(orders: readonly Order[], state: OrderState): void {
    const { waiting, words, notify } = this.#work;
    const { texts } = words;
    for (const order of orders) {
      this.#moving.set(order.order_id, state);
      waiting.add(order.order_id, () => this.#carryOut(order.order_id, state));
    }
    this.#selected.clear();
    this.#drawList();
    const name = stateName(state, words);
    const first = orders[0];
    const text =
      orders.length === 1 && first
        ? texts.moved(shortNumber(first.order_id), name)
        : texts.movedBulk(orders.length, name);
    const back = (): void => {
      for (const order of orders) if (waiting.undo(order.order_id)) this.#moving.delete(order.order_id);
      this.#drawList();
    };
    notify({ text, kind: "good", action: { label: texts.undo, act: back } });
  }

  async #carryOut(orderId: string, state: OrderState): Promise<void> {
    try {
      const moved = await this.#work.api.moveOrder(orderId, { state });
      this.#orders = this.#orders.map((order) => (order.order_id === orderId ? moved : order));
    } catch (error) {
      this.#work.failed(error);
    } finally {
      if (this.#moving.get(orderId) === state) this.#moving.delete(orderId);
      if (!this.#signal.aborted) this.#drawList();
    }
  }

  #drawBulk(): void {
    const { texts } = this.#work.words;
    const chosen = this.#orders
      .map((order) => this.#asMoving(order))
      .filter((order) => this.#selected.has(order.order_id));
    if (chosen.length === 0) {
      fill(this.#bulk);
      return;
    }
    const steps = [
      ...new Set(chosen.map((order) => nextStep(order.state)).filter((state) => state !== null)),
    ];
    fill(
      this.#bulk,
      h(
        "div",
        { class: "bulk" },
        h("strong", { class: "v-strong" }, texts.selected(chosen.length)),
        h("span", { class: "spring" }),
        ...steps.map((state, place) =>
          h(
            "button",
            {
              class: `v-button ${place === 0 ? "v-button--primary" : "v-button--line"}`,
              type: "button",
              onclick: () =>
                this.#move(
                  chosen.filter((order) => nextStep(order.state) === state),
                  state,
                ),
            },
            icon("check", 20),
            this.#moveLabel(state),
          ),
        ),
        h(
          "button",
          {
            class: "v-button v-button--plain",
            type: "button",
            onclick: () => {
              this.#selected.clear();
              this.#drawList();
            },
          },
          texts.clearSelection,
        ),
      ),
    );
  }
}
