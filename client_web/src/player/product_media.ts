/** The upper part of a product's sheet: its pictures or its 3D model, and the way into the mirror. */

import { type ProductModel, wornCategory } from "../ar/model.ts";
import type { Product } from "../protocol/messages.ts";
import { tryOnTexts } from "../texts/try_on.ts";
import { fill, h } from "../ui/dom.ts";
import type { Gallery } from "../ui/gallery.ts";
import { icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";
import { ModelView } from "./model_view.ts";

type Shown = "pictures" | "3d";

export interface ProductMediaOptions {
  product: Product;
  title: string;
  gallery: Gallery;
  /** The thing to buy that is chosen now. */
  variantId: () => string | null;
  choose: (variantId: string) => void;
}

export class ProductMedia {
  readonly element = h("div", { class: "media" });
  readonly #context: PlayerContext;
  readonly #options: ProductMediaOptions;
  readonly #place = h("div", { class: "media__place" });
  readonly #below = h("div", { class: "media__below" });
  #model: ProductModel | null = null;
  #view: ModelView | null = null;
  #tabs: HTMLButtonElement[] = [];

  constructor(context: PlayerContext, options: ProductMediaOptions) {
    this.#context = context;
    this.#options = options;
    this.update(options.product);
  }

  /** Draws anew when the model was published, changed or withdrawn. */
  update(product: Product): void {
    const isSame = this.#model?.published_at === product.model?.published_at;
    if (isSame && this.element.childElementCount > 0) return;
    this.#model = product.model ?? null;
    this.#view?.close();
    this.#view = null;
    fill(this.#place, this.#options.gallery);
    fill(this.element, this.#place, this.#ways(product.product_id), this.#below);
    this.#below.replaceChildren();
  }

  /** Shows the pictures or the model; without a model nothing happens. */
  show(what: Shown): void {
    const model = this.#model;
    if (model === null || model.glb_url === null) return;
    if (what === "pictures") {
      this.#view?.close();
      this.#view = null;
      fill(this.#place, this.#options.gallery);
      this.#below.replaceChildren();
    } else if (this.#view === null) {
      const { title, variantId, choose } = this.#options;
      const sold = this.#options.product.variants;
      this.#view = new ModelView(this.#context, { title, model, sold, variantId: variantId(), choose });
      fill(this.#place, this.#view.element);
      fill(this.#below, this.#view.details);
      void this.#view.open();
    }
    for (const tab of this.#tabs) tab.setAttribute("aria-pressed", String(tab.dataset.shown === what));
  }

  /** Another thing to buy was chosen. */
  choose(variantId: string | null): void {
    this.#view?.choose(variantId);
  }

  close(): void {
    this.#view?.close();
    this.#view = null;
  }

  #ways(productId: string): HTMLElement | null {
    const model = this.#model;
    const words = tryOnTexts(this.#context.language);
    const hasModel = (model?.glb_url ?? null) !== null;
    const isWorn = wornCategory(model) !== null;
    this.#tabs = [];
    if (!hasModel && !isWorn) return null;
    if (hasModel) {
      this.#tabs = (["pictures", "3d"] as const).map((shown) =>
        h(
          "button",
          {
            type: "button",
            class: "media__tab",
            data: { shown },
            attrs: { "aria-pressed": String(shown === "pictures") },
            onclick: () => this.show(shown),
          },
          shown === "3d" ? icon("cube", 18) : null,
          shown === "3d" ? words.in3d : words.pictures,
        ),
      );
    }
    return h(
      "div",
      { class: "media__ways" },
      hasModel ? h("div", { class: "media__tabs", attrs: { role: "group" } }, ...this.#tabs) : null,
      isWorn
        ? h(
            "button",
            {
              type: "button",
              class: "v-button media__try",
              onclick: () => this.#context.openMirror(productId, this.#options.variantId()),
            },
            icon("mirror", 20),
            words.tryOn,
          )
        : null,
    );
  }
}
