/** Facts of a product: short lines of what and how much. */

import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { iconButton } from "./pieces.ts";
import type { DraftProblems, FactDraft, ProductDraft } from "./product_draft.ts";
import type { Workplace } from "./workplace.ts";

export interface FactsFieldOptions {
  work: Workplace;
  draft: ProductDraft;
  language: () => string;
  changed: () => void;
}

export class FactsField {
  readonly element = h("div", { class: "facts" });
  readonly #options: FactsFieldOptions;
  #problems: DraftProblems = new Map();

  constructor(options: FactsFieldOptions) {
    this.#options = options;
    this.draw();
  }

  showProblems(problems: DraftProblems): void {
    this.#problems = problems;
    this.draw();
  }

  draw(): void {
    const { draft, work } = this.#options;
    const { texts } = work.words;
    const add = (): void => {
      draft.facts.push({ key: "", label: {}, value: {} });
      this.draw();
      this.element
        .querySelectorAll<HTMLInputElement>(".fact-row input")
        .item(draft.facts.length * 2 - 2)
        ?.focus();
    };
    fill(
      this.element,
      ...draft.facts.map((fact, place) => this.#row(fact, place)),
      h(
        "div",
        {},
        h(
          "button",
          { class: "v-button v-button--line v-button--small", type: "button", onclick: add },
          icon("plus", 18),
          texts.addFact,
        ),
      ),
    );
  }

  #row(fact: FactDraft, place: number): HTMLElement {
    const { draft, work, language, changed } = this.#options;
    const { texts } = work.words;
    const input = (texts_: Record<string, string>, label: string, placeholder: string): HTMLElement => {
      const field = h("input", {
        type: "text",
        value: texts_[language()] ?? "",
        placeholder,
        maxLength: 200,
        attrs: { "aria-label": `${label} ${place + 1}` },
      });
      field.addEventListener("input", () => {
        texts_[language()] = field.value;
        changed();
      });
      return h("div", { class: "v-field" }, field);
    };
    const isWrong = this.#problems.has(`fact.${place}`);
    const remove = (): void => {
      draft.facts.splice(place, 1);
      this.draw();
      changed();
      const back = (): void => {
        draft.facts.splice(place, 0, fact);
        this.draw();
        changed();
      };
      work.notify({ text: texts.factRemoved, action: { label: texts.undo, act: back } });
    };
    return h(
      "div",
      { class: `fact-row ${isWrong ? "v-field--wrong" : ""}` },
      input(fact.label, texts.factLabel, texts.factLabelExample),
      input(fact.value, texts.factValue, texts.factValueExample),
      iconButton("trash", texts.removeFact(fact.label[language()] || String(place + 1)), remove),
      isWrong ? h("span", { class: "v-field__error" }, texts.problemMissing) : null,
    );
  }
}
