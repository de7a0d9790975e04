/** A quantity with one button for fewer and one for more; tells by a `change` event. */

import { define, h, setText } from "./dom.ts";
import { icon } from "./icons.ts";

export interface StepperView {
  quantity: number;
  most: number;
  label: string;
  fewer: string;
  more: string;
}

export class Stepper extends HTMLElement {
  #quantity = 1;
  #most = 99;
  readonly #fewer = h(
    "button",
    { type: "button", class: "v-button", onclick: () => this.#to(this.#quantity - 1) },
    icon("minus", 20),
  );
  readonly #more = h(
    "button",
    { type: "button", class: "v-button", onclick: () => this.#to(this.#quantity + 1) },
    icon("plus", 20),
  );
  readonly #count = h("output", { class: "v-stepper__count" });

  set view(view: StepperView) {
    this.#most = view.most;
    this.setAttribute("aria-label", view.label);
    this.#fewer.ariaLabel = view.fewer;
    this.#more.ariaLabel = view.more;
    this.#show(Math.min(view.quantity, Math.max(1, view.most)));
  }

  get quantity(): number {
    return this.#quantity;
  }

  connectedCallback(): void {
    if (this.childElementCount > 0) return;
    this.classList.add("v-stepper");
    this.setAttribute("role", "group");
    this.append(this.#fewer, this.#count, this.#more);
  }

  #show(quantity: number): void {
    this.#quantity = quantity;
    setText(this.#count, String(quantity));
    this.#fewer.disabled = quantity <= 1;
    this.#more.disabled = quantity >= Math.min(99, this.#most);
  }

  #to(quantity: number): void {
    this.#show(Math.min(99, Math.max(1, quantity)));
    this.dispatchEvent(new Event("change"));
  }
}

define("vitrine-stepper", Stepper);
