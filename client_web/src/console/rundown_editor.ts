/** The rundown: products in the order in which they will be shown, moved by drag, by buttons, or by the arrow keys. */

import type { Product } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { iconButton, productPicture, searchField } from "./pieces.ts";
import { findProducts } from "./product_search.ts";
import { moved, placeAt } from "./reorder.ts";
import type { Workplace } from "./workplace.ts";

export interface RundownEditorOptions {
  work: Workplace;
  catalogue: readonly Product[];
  rundown: readonly string[];
  changed: (rundown: string[]) => void;
}

export class RundownEditor {
  readonly element: HTMLElement;
  readonly #options: RundownEditorOptions;
  readonly #products: Map<string, Product>;
  readonly #ol = h("ol", { class: "rundown-list" });
  readonly #catalogue = h("ul", { class: "catalogue-list" });
  readonly #said = h("p", { class: "v-hidden", attrs: { role: "status" } });
  #rundown: string[];
  #words = "";

  constructor(options: RundownEditorOptions) {
    this.#options = options;
    this.#rundown = [...options.rundown];
    this.#products = new Map(options.catalogue.map((product) => [product.product_id, product]));
    const { texts } = options.work.words;
    const search = searchField(texts.searchProducts, texts.searchProducts, (typed) => {
      this.#words = typed;
      this.#drawCatalogue();
    });
    this.element = h(
      "div",
      { class: "rundown-editor" },
      h(
        "section",
        { class: "v-card form-card" },
        h("h2", {}, texts.rundown),
        h("p", { class: "v-muted v-small" }, texts.rundownHint),
        this.#ol,
        this.#said,
      ),
      h("section", { class: "v-card form-card" }, h("h2", {}, texts.catalogue), search, this.#catalogue),
    );
    this.#draw();
  }

  #draw(): void {
    const { texts } = this.#options.work.words;
    if (this.#rundown.length === 0)
      fill(this.#ol, h("li", { class: "rundown-empty v-muted" }, texts.rundownEmpty));
    else fill(this.#ol, ...this.#rundown.map((id, place) => this.#row(id, place)));
    this.#drawCatalogue();
  }

  #title(id: string): string {
    const product = this.#products.get(id);
    return product ? this.#options.work.words.own(product.title) : id;
  }

  #row(id: string, place: number): HTMLElement {
    const { texts } = this.#options.work.words;
    const title = this.#title(id);
    const grip = h(
      "button",
      {
        class: "grip",
        type: "button",
        title: texts.drag(title),
        attrs: { "aria-label": texts.drag(title) },
        onkeydown: (event) => {
          if (event.key === "ArrowUp") this.#moveFocused(event, id, place - 1);
          if (event.key === "ArrowDown") this.#moveFocused(event, id, place + 1);
        },
      },
      icon("grip", 20),
    );
    const up = iconButton(workIcon("up", 20), texts.moveUp(title), () => this.#move(place, place - 1));
    const down = iconButton(workIcon("down", 20), texts.moveDown(title), () => this.#move(place, place + 1));
    up.disabled = place === 0;
    down.disabled = place === this.#rundown.length - 1;
    const row = h(
      "li",
      { class: "rundown-row", data: { id } },
      grip,
      h(
        "span",
        { class: "rundown-number v-number v-muted", attrs: { "aria-hidden": "true" } },
        String(place + 1),
      ),
      productPicture(this.#products.get(id)),
      h("span", { class: "v-clip" }, title),
      h(
        "span",
        { class: "rundown-buttons" },
        up,
        down,
        iconButton("close", texts.removeFromRundown(title), () => this.#remove(place)),
      ),
    );
    this.#listenForDrag(grip, row, id);
    return row;
  }

  #moveFocused(event: KeyboardEvent, id: string, to: number): void {
    event.preventDefault();
    this.#move(this.#rundown.indexOf(id), to);
    this.#ol.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] .grip`)?.focus();
  }

  #listenForDrag(grip: HTMLElement, row: HTMLElement, id: string): void {
    grip.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      const from = this.#rundown.indexOf(id);
      const startY = event.clientY;
      const others = [...this.#ol.children].filter((child) => child !== row);
      // The middles as they are before anything moves: rows that make way do not count twice.
      const middles = others.map((child) => {
        const box = child.getBoundingClientRect();
        return box.top + box.height / 2;
      });
      const step = row.getBoundingClientRect().height + 8;
      let to = from;
      row.classList.add("dragged");
      const drag = new AbortController();
      grip.addEventListener(
        "pointermove",
        (move) => {
          row.style.setProperty("transform", `translateY(${move.clientY - startY}px)`);
          to = placeAt(move.clientY, middles);
          others.forEach((other, place) => {
            const shift = place >= to && place < from ? step : place < to && place >= from ? -step : 0;
            (other as HTMLElement).style.setProperty(
              "transform",
              shift === 0 ? "" : `translateY(${shift}px)`,
            );
          });
        },
        { signal: drag.signal },
      );
      const end = (): void => {
        drag.abort();
        this.#move(from, to);
      };
      grip.addEventListener("pointerup", end, { signal: drag.signal });
      grip.addEventListener(
        "pointercancel",
        () => {
          drag.abort();
          this.#draw();
        },
        { signal: drag.signal },
      );
    });
  }

  #move(from: number, to: number): void {
    const place = Math.max(0, Math.min(to, this.#rundown.length - 1));
    const id = this.#rundown[from];
    if (id === undefined) return;
    if (place === from) {
      this.#draw();
      return;
    }
    this.#set(moved(this.#rundown, from, place));
    setText(this.#said, this.#options.work.words.texts.movedTo(this.#title(id), place + 1));
  }

  #remove(place: number): void {
    const { work } = this.#options;
    const { texts } = work.words;
    const before = [...this.#rundown];
    const id = before[place] ?? "";
    this.#set(before.filter((_, other) => other !== place));
    work.notify({
      text: texts.removedFromRundown(this.#title(id)),
      action: { label: texts.undo, act: () => this.#set(before) },
    });
  }

  #set(rundown: string[]): void {
    this.#rundown = rundown;
    this.#draw();
    this.#options.changed([...rundown]);
  }

  #drawCatalogue(): void {
    const { work, catalogue } = this.#options;
    const { texts, own } = work.words;
    const isIn = (product: Product): boolean => this.#rundown.includes(product.product_id);
    // What can still be added comes first.
    const found = findProducts(catalogue, { words: this.#words, category: "", stock: "all" }).sort(
      (a, b) => Number(isIn(a)) - Number(isIn(b)),
    );
    fill(
      this.#catalogue,
      ...found.map((product) => {
        const title = own(product.title);
        return h(
          "li",
          { class: "catalogue-row" },
          productPicture(product),
          h("span", { class: "v-clip" }, title),
          isIn(product)
            ? h("span", { class: "v-small v-muted in-rundown" }, icon("check", 18), texts.inRundown)
            : h(
                "button",
                {
                  class: "v-button v-button--line v-button--small",
                  type: "button",
                  attrs: { "aria-label": texts.addToRundown(title) },
                  onclick: () => this.#set([...this.#rundown, product.product_id]),
                },
                icon("plus", 18),
                texts.add,
              ),
        );
      }),
      found.length === 0 ? h("li", { class: "v-muted" }, texts.noMatch) : null,
    );
  }
}
