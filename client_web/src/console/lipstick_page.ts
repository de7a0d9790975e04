/** Lipstick: a finish and a colour for each variant. No model is needed to try it on. */

import type { LipstickFinish, Product } from "../protocol/messages.ts";
import { fill, h, setAttribute } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { choice } from "./model_pieces.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState, picture, segments } from "./pieces.ts";
import type { Workplace } from "./workplace.ts";

const FINISHES: readonly LipstickFinish[] = ["matte", "satin", "gloss"];
const ROSE = "#a8434f";

export class LipstickPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #signal: AbortSignal;
  readonly #form = h("div", { class: "lipstick-form" });
  #products: Product[] = [];

  constructor(work: Workplace, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    fill(this.element, this.#head(), bones(work.words, 3));
    void this.#load();
  }

  #head(): HTMLElement {
    const { texts, models } = this.#work.words;
    const back = { label: texts.back, act: () => this.#work.go({ page: "models" }) };
    return pageHead({ title: models.lipstickTitle, back });
  }

  async #load(): Promise<void> {
    const { api, brandId, words } = this.#work;
    try {
      this.#products = await api.productsOfBrand(brandId ?? undefined);
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#work.failed(error);
      const action = { label: words.texts.tryAgain, act: () => void this.#load() };
      const { loadFailedTitle: title, loadFailed: text } = words.texts;
      fill(this.element, this.#head(), emptyState({ drawing: "cube", title, text, action }));
      return;
    }
    if (this.#signal.aborted) return;
    const { models, own } = words;
    const isLipstick = (product: Product): boolean =>
      product.model?.category === "lipstick" ||
      /lip|labial|口红/i.test(`${product.category} ${product.slug}`);
    const sorted = [...this.#products].sort((a, b) => Number(isLipstick(b)) - Number(isLipstick(a)));
    const select = choice(
      sorted.map((product) => ({ value: product.product_id, label: own(product.title) })),
      sorted[0]?.product_id,
    );
    select.addEventListener("change", () => this.#draw(select.value));
    fill(
      this.element,
      this.#head(),
      h(
        "section",
        { class: "v-card form-card narrow" },
        h("p", { class: "v-muted" }, models.lipstickNote),
        field(models.forProduct, select).element,
        this.#form,
      ),
    );
    this.#draw(select.value);
  }

  #draw(productId: string): void {
    const { models, own } = this.#work.words;
    const product = this.#products.find((each) => each.product_id === productId);
    if (product === undefined) {
      fill(this.#form);
      return;
    }
    const known = product.model?.lipstick ?? null;
    let finish: LipstickFinish = known?.finish ?? "satin";
    const shades = product.variants.map((variant) => {
      const shade = known?.shades.find((each) => each.variant_id === variant.variant_id)?.shade;
      const name = own(variant.label);
      const input = h("input", {
        type: "color",
        value: shade ?? variant.swatch ?? ROSE,
        attrs: { "aria-label": models.shade(name) },
      });
      const seen = product.pictures[Math.min(variant.picture_index, product.pictures.length - 1)]?.url;
      return { variant, name, input, seen };
    });
    const publish = h("button", { class: "v-button v-button--primary", type: "button" }, models.publishNow);
    publish.addEventListener("click", () => {
      const body = shades.map(({ variant, name, input }) => ({
        name,
        shade: input.value,
        variant_id: variant.variant_id,
      }));
      void this.#publish(product, finish, body, publish);
    });
    fill(
      this.#form,
      h(
        "div",
        { class: "v-field" },
        h("span", { class: "label" }, models.finish),
        segments(
          "finish",
          models.finish,
          FINISHES.map((value) => ({ value, label: models.finishes[value] })),
          finish,
          (value) => {
            finish = value;
          },
        ),
      ),
      h(
        "ul",
        { class: "shades" },
        ...shades.map(({ name, input, seen }) =>
          h("li", {}, picture(seen), h("span", { class: "v-strong v-clip" }, name), input),
        ),
      ),
      h("div", { class: "publish-actions" }, publish),
    );
  }

  async #publish(
    product: Product,
    finish: LipstickFinish,
    shades: { name: string; shade: string; variant_id: string }[],
    button: HTMLButtonElement,
  ): Promise<void> {
    const { api, words } = this.#work;
    setAttribute(button, "disabled", true);
    try {
      await api.publishModel(product.product_id, { lipstick: { finish, shades } });
      this.#work.notify({ text: words.models.shadesPublished(words.own(product.title)), kind: "good" });
    } catch (error) {
      this.#work.failed(error);
    } finally {
      setAttribute(button, "disabled", null);
    }
  }
}
