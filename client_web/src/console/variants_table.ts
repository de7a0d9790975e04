/** Variants and their prices as one table: a row for each thing that can be bought, a column for each currency. */

import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { amountText } from "./money_input.ts";
import { iconButton, picture } from "./pieces.ts";
import {
  type DraftProblem,
  type DraftProblems,
  emptyVariant,
  type ProductDraft,
  type VariantDraft,
} from "./product_draft.ts";
import type { Workplace } from "./workplace.ts";

/** Offered in the order in which shops ask for them. */
const CURRENCIES = [
  "USD",
  "EUR",
  "GBP",
  "CNY",
  "JPY",
  "CAD",
  "AUD",
  "CHF",
  "MXN",
  "BRL",
  "INR",
  "KRW",
  "SGD",
];
const NEW_SWATCH = "#c9c4ba";

export interface VariantsTableOptions {
  work: Workplace;
  draft: ProductDraft;
  language: () => string;
  /** The draft was changed by typing. */
  changed: () => void;
  signal: AbortSignal;
}

export class VariantsTable {
  readonly element = h("div", { class: "variants" });
  readonly #options: VariantsTableOptions;
  #problems: DraftProblems = new Map();

  constructor(options: VariantsTableOptions) {
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
    const columns = h(
      "div",
      { class: "variant-row variant-head", attrs: { "aria-hidden": "true" }, css: this.#columns() },
      h("span", {}, texts.swatch),
      h("span", {}),
      h("span", {}, texts.variantName),
      h("span", {}, texts.sku),
      ...draft.currencies.map((currency) => h("span", {}, currency)),
      h("span", {}, texts.stock),
      h("span", {}),
    );
    const rest = CURRENCIES.filter((currency) => !draft.currencies.includes(currency));
    const addCurrency = h(
      "select",
      { attrs: { "aria-label": texts.addCurrency } },
      h("option", { value: "" }, texts.addCurrency),
      ...rest.map((currency) => h("option", { value: currency }, currency)),
    );
    addCurrency.addEventListener("change", () => {
      draft.currencies.push(addCurrency.value);
      this.#redraw();
    });
    fill(
      this.element,
      columns,
      ...draft.variants.map((variant) => this.#row(variant)),
      h(
        "div",
        { class: "variant-actions" },
        h(
          "button",
          { class: "v-button v-button--line v-button--small", type: "button", onclick: () => this.#add() },
          icon("plus", 18),
          texts.addVariant,
        ),
        h("div", { class: "v-field" }, addCurrency),
        ...draft.currencies.slice(1).map((currency) =>
          h(
            "button",
            {
              class: "v-button v-button--plain v-button--small",
              type: "button",
              onclick: () => this.#removeCurrency(currency),
            },
            icon("close", 16),
            texts.removeCurrency(currency),
          ),
        ),
      ),
    );
  }

  #columns(): Record<string, string> {
    return { "--currencies": String(this.#options.draft.currencies.length) };
  }

  #row(variant: VariantDraft): HTMLElement {
    const { draft, work, language } = this.#options;
    const { texts, formats } = work.words;
    const name = variant.label[language()] ?? "";
    const color = h("input", {
      type: "color",
      value: variant.swatch ?? NEW_SWATCH,
      class: variant.swatch ? "" : "unset",
      attrs: { "aria-label": `${texts.swatch} ${name}`.trim() },
    });
    color.addEventListener("input", () => {
      variant.swatch = color.value;
      color.classList.remove("unset");
      this.#options.changed();
    });
    const prices = draft.currencies.map((currency) => {
      const price = variant.prices.find((each) => each.currency === currency);
      const low =
        price?.lowest_30d_minor && amountText(price.amount_minor, currency) === variant.amounts[currency]
          ? texts.low30d(formats.money(price.lowest_30d_minor, currency))
          : null;
      return this.#cell(
        texts.priceIn(currency),
        `variant.${variant.key}.amount.${currency}`,
        variant.amounts[currency] ?? "",
        {
          note: low,
          isNumber: true,
          prefix: currency,
          write: (typed) => {
            variant.amounts[currency] = typed;
          },
        },
      );
    });
    const stock =
      variant.variantId === null
        ? this.#cell(texts.startStock, `variant.${variant.key}.stock`, variant.stock, {
            isNumber: true,
            prefix: texts.stock,
            write: (typed) => {
              variant.stock = typed;
            },
          })
        : h("span", { class: "v-number stock-now" }, variant.stock);
    return h(
      "div",
      {
        class: "variant-row",
        css: this.#columns(),
        attrs: { role: "group", "aria-label": name || texts.addVariant },
      },
      color,
      this.#picture(variant, name),
      this.#cell(texts.variantName, `variant.${variant.key}.label`, name, {
        placeholder: texts.variantExample,
        prefix: texts.variantName,
        write: (typed) => {
          variant.label[language()] = typed;
        },
      }),
      this.#cell(texts.sku, `variant.${variant.key}.sku`, variant.sku, {
        prefix: texts.sku,
        write: (typed) => {
          variant.sku = typed;
        },
      }),
      ...prices,
      stock,
      draft.variants.length > 1
        ? iconButton("trash", texts.removeVariant(name || variant.sku), () => this.#remove(variant))
        : h("span", {}),
    );
  }

  /** The picture that is shown when this variant is chosen; each press takes the next one. */
  #picture(variant: VariantDraft, name: string): HTMLElement {
    const { draft, work } = this.#options;
    const { pictures } = draft;
    const shown = picture(pictures[variant.pictureIndex]?.url);
    if (pictures.length < 2) return h("span", { class: "variant-picture" }, shown);
    const next = (): void => {
      variant.pictureIndex = (variant.pictureIndex + 1) % pictures.length;
      this.#redraw();
      this.element.querySelector<HTMLElement>(`[data-key="${CSS.escape(variant.key)}"]`)?.focus();
    };
    const label = work.words.texts.variantPicture(
      name || variant.sku,
      variant.pictureIndex + 1,
      pictures.length,
    );
    return h(
      "button",
      {
        class: "variant-picture",
        type: "button",
        title: label,
        onclick: next,
        data: { key: variant.key },
        attrs: { "aria-label": label },
      },
      shown,
    );
  }

  #cell(
    label: string,
    place: string,
    value: string,
    options: {
      write: (typed: string) => void;
      placeholder?: string;
      note?: string | null;
      isNumber?: boolean;
      /** Said before the field where the head of the table is not seen (on a phone). */
      prefix: string;
    },
  ): HTMLElement {
    const problem = this.#problems.get(place);
    const input = h("input", {
      type: "text",
      value,
      placeholder: options.placeholder ?? "",
      autocomplete: "off",
      inputMode: options.isNumber ? "decimal" : "text",
      attrs: { "aria-label": label, "aria-invalid": problem ? "true" : null },
    });
    const cell = h(
      "div",
      {
        class: `v-field cell ${options.isNumber ? "number" : ""} ${problem ? "v-field--wrong" : ""}`,
        data: { field: place },
      },
      h("span", { class: "cell-label v-tiny v-muted", attrs: { "aria-hidden": "true" } }, options.prefix),
      input,
      problem ? h("span", { class: "v-field__error" }, this.#sentence(problem, place)) : null,
      options.note ? h("span", { class: "v-field__hint" }, options.note) : null,
    );
    input.addEventListener("input", () => {
      options.write(input.value);
      if (problem) cell.classList.remove("v-field--wrong");
      this.#options.changed();
    });
    return cell;
  }

  #sentence(problem: DraftProblem, place: string): string {
    const { texts } = this.#options.work.words;
    if (problem === "twice") return texts.problemSkuTwice;
    if (problem === "not_an_amount")
      return texts.problemAmount(amountText(4900, place.split(".").at(-1) ?? "USD"));
    if (problem === "not_a_count") return texts.notACount;
    return texts.problemMissing;
  }

  #add(): void {
    const { draft } = this.#options;
    const last = draft.variants.at(-1);
    // A new colour mostly costs what its neighbour costs.
    draft.variants.push({ ...emptyVariant(), amounts: { ...last?.amounts } });
    this.#redraw();
    this.element
      .querySelectorAll<HTMLInputElement>(".variant-row:not(.variant-head)")
      .item(draft.variants.length - 1)
      ?.querySelector<HTMLInputElement>("input[type=text]")
      ?.focus();
  }

  #remove(variant: VariantDraft): void {
    const { draft, work } = this.#options;
    const place = draft.variants.indexOf(variant);
    draft.variants.splice(place, 1);
    this.#redraw();
    const back = (): void => {
      draft.variants.splice(place, 0, variant);
      this.#redraw();
    };
    work.notify({
      text: work.words.texts.variantRemoved,
      action: { label: work.words.texts.undo, act: back },
    });
  }

  #removeCurrency(currency: string): void {
    const { draft, work } = this.#options;
    const place = draft.currencies.indexOf(currency);
    draft.currencies.splice(place, 1);
    this.#redraw();
    const back = (): void => {
      draft.currencies.splice(place, 0, currency);
      this.#redraw();
    };
    work.notify({
      text: work.words.texts.currencyRemoved(currency),
      action: { label: work.words.texts.undo, act: back },
    });
  }

  #redraw(): void {
    this.draw();
    this.#options.changed();
  }
}
