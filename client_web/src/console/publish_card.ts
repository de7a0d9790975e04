/** Publishing a model: with which product, which look is which variant, which picture stands there while it loads. */

import type { Model, Product } from "../protocol/messages.ts";
import { fill, h, setAttribute } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { choice } from "./model_pieces.ts";
import { fileOf } from "./model_states.ts";
import type { Workplace } from "./workplace.ts";

export interface PublishCardOptions {
  work: Workplace;
  model: Model;
  products: readonly Product[];
  /** What the viewer shows now. */
  snapshot: () => Promise<Blob | null>;
}

export class PublishCard {
  readonly element = h("section", { class: "v-card form-card publish-card" });
  readonly #options: PublishCardOptions;
  readonly #product: HTMLSelectElement;
  readonly #looks = h("div", { class: "look-map" });
  readonly #posterPlace = h("div", { class: "poster-choice" });
  readonly #actions = h("div", { class: "publish-actions" });
  #shownBy: Set<string>;
  #poster: string | null = null;
  #variants = new Map<string, HTMLSelectElement>();

  constructor(options: PublishCardOptions) {
    this.#options = options;
    const { work, model, products } = options;
    const { models, own } = work.words;
    this.#shownBy = new Set(model.product_ids);
    const wanted = model.product_ids[0] ?? "";
    this.#product = choice(
      [
        { value: "", label: models.chooseProduct },
        ...products.map((product) => ({ value: product.product_id, label: own(product.title) })),
      ],
      wanted,
    );
    this.#product.addEventListener("change", () => this.#drawChoices());
    const published = products.find((product) => product.product_id === wanted)?.model?.poster_url ?? null;
    this.#poster = published?.startsWith("/pictures/") ? published : null;
    fill(
      this.element,
      h("h2", {}, models.publish),
      field(models.forProduct, this.#product).element,
      this.#looks,
      h("div", { class: "v-field" }, h("span", { class: "label" }, models.poster), this.#posterPlace),
      this.#actions,
    );
    this.#drawChoices();
    this.#drawPoster();
    void this.#intended();
  }

  /** The product that was named at the upload, when nothing is published yet. */
  async #intended(): Promise<void> {
    const { work, model } = this.#options;
    if (this.#product.value !== "") return;
    try {
      const job = await work.api.modelJob(model.job_id);
      if (this.#product.value !== "" || job.product_id === null) return;
      this.#product.value = job.product_id;
      this.#drawChoices();
    } catch {
      // A suggestion only.
    }
  }

  get #chosen(): Product | undefined {
    return this.#options.products.find((product) => product.product_id === this.#product.value);
  }

  #drawChoices(): void {
    const { work, model } = this.#options;
    const { models, own } = work.words;
    const product = this.#chosen;
    this.#variants = new Map();
    if (product !== undefined && model.variants.length > 1) {
      const known = new Map(product.model?.variants.map((look) => [look.slug, look.variant_id]));
      for (const look of model.variants) {
        const alike = product.variants.find((variant) => isAlike(look.name, Object.values(variant.label)));
        const select = choice(
          [
            { value: "", label: models.noVariant },
            ...product.variants.map((variant) => ({ value: variant.variant_id, label: own(variant.label) })),
          ],
          known.get(look.slug) ?? alike?.variant_id ?? "",
        );
        this.#variants.set(look.slug, select);
      }
      fill(
        this.#looks,
        h("span", { class: "label" }, models.looksToBuy),
        ...model.variants.map((look) => {
          const select = this.#variants.get(look.slug);
          return select ? field(look.name, select).element : null;
        }),
      );
    } else fill(this.#looks);
    this.#drawActions();
  }

  #drawPoster(): void {
    const { work, model } = this.#options;
    const { models } = work.words;
    const url = this.#poster ?? fileOf(model, "poster.webp")?.url;
    const take = h(
      "button",
      { class: "v-button v-button--line v-button--small", type: "button" },
      models.takePoster,
    );
    take.addEventListener("click", () => void this.#take(take));
    fill(
      this.#posterPlace,
      url ? h("img", { class: "poster-small", src: url, alt: "" }) : null,
      h(
        "div",
        {},
        h("span", { class: "v-small v-muted" }, this.#poster === null ? models.posterOurs : models.posterOwn),
        take,
      ),
    );
  }

  async #take(button: HTMLButtonElement): Promise<void> {
    const { work, snapshot } = this.#options;
    setAttribute(button, "disabled", true);
    try {
      const blob = await snapshot();
      if (blob === null) return;
      this.#poster = (await work.api.addPicture(blob, "poster.webp")).url;
      this.#drawPoster();
      work.notify({ text: work.words.models.posterTaken, kind: "good" });
    } catch (error) {
      work.failed(error);
    } finally {
      setAttribute(button, "disabled", null);
    }
  }

  #drawActions(): void {
    const { models } = this.#options.work.words;
    const product = this.#chosen;
    const isShown = product !== undefined && this.#shownBy.has(product.product_id);
    const publish = h(
      "button",
      { class: "v-button v-button--primary", type: "button", disabled: product === undefined },
      isShown ? models.publishAgain : models.publishNow,
    );
    publish.addEventListener("click", () => void this.#publish(publish));
    const away = h("button", { class: "v-button v-button--plain", type: "button" }, models.unpublish);
    away.addEventListener("click", () => void this.#unpublish());
    fill(this.#actions, publish, isShown ? away : null);
  }

  async #publish(button: HTMLButtonElement): Promise<void> {
    const { work, model } = this.#options;
    const product = this.#chosen;
    if (product === undefined) return;
    setAttribute(button, "disabled", true);
    const variants = [...this.#variants].filter(([, select]) => select.value !== "");
    try {
      await work.api.publishModel(product.product_id, {
        model_id: model.model_id,
        variant_ids: Object.fromEntries(variants.map(([slug, select]) => [slug, select.value])),
        poster_url: this.#poster,
      });
      this.#shownBy = new Set([...this.#shownBy, product.product_id]);
      const { models, own } = work.words;
      work.notify({ text: models.published(own(product.title)), kind: "good" });
    } catch (error) {
      work.failed(error);
    }
    this.#drawActions();
  }

  /** Taken away at once; undo publishes it again as it was. */
  async #unpublish(): Promise<void> {
    const { work } = this.#options;
    const { models, own } = work.words;
    const product = this.#chosen;
    if (product === undefined) return;
    try {
      await work.api.unpublishModel(product.product_id);
      this.#shownBy.delete(product.product_id);
      this.#drawActions();
      const back = h("button", {});
      const action = { label: work.words.texts.undo, act: () => void this.#publish(back) };
      work.notify({ text: models.unpublished(own(product.title)), action });
    } catch (error) {
      work.failed(error);
    }
  }
}

/** "Street" is the variant "Street", whatever its case. */
function isAlike(name: string, labels: readonly string[]): boolean {
  const plain = name.trim().toLowerCase();
  return labels.some((label) => label.trim().toLowerCase() === plain);
}
