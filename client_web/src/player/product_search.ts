/** The field above the show's products: it narrows the list as somebody types. */

import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";

/** From so many products on, finding one takes a field. */
export const WORTH_SEARCHING = 6;
/** The server takes as much. */
const MAX_SEARCH_CHARS = 100;

export class ProductSearch {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #clear: HTMLButtonElement;
  readonly #changed: () => void;

  constructor({ texts }: PlayerContext, changed: () => void) {
    this.#changed = changed;
    this.#input = h("input", {
      type: "search",
      name: "vitrine-products",
      placeholder: texts.findProducts,
      ariaLabel: texts.findProducts,
      autocomplete: "off",
      enterKeyHint: "search",
      maxLength: MAX_SEARCH_CHARS,
      oninput: () => this.#typed(),
    });
    // the words are found already: "search" on a phone's keyboard only takes the keyboard away
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.#input.blur();
    });
    this.#clear = h(
      "button",
      {
        type: "button",
        class: "products__clear",
        ariaLabel: texts.clearSearch,
        title: texts.clearSearch,
        hidden: true,
        onclick: () => this.clear(),
      },
      icon("close", 18),
    );
    this.element = h(
      "div",
      { class: "products__search v-field", hidden: true, attrs: { role: "search" } },
      icon("search", 20),
      this.#input,
      this.#clear,
    );
  }

  get words(): string {
    return this.element.hidden ? "" : this.#input.value.trim();
  }

  /** The field stays while somebody has typed into it. */
  offer(products: number): void {
    this.element.hidden = products < WORTH_SEARCHING && this.#input.value === "";
  }

  /** All products again, and the next words can be typed. */
  clear(): void {
    this.reset();
    this.#input.focus();
    this.#changed();
  }

  reset(): void {
    this.#input.value = "";
    this.#clear.hidden = true;
  }

  #typed(): void {
    this.#clear.hidden = this.#input.value === "";
    this.#changed();
  }
}
