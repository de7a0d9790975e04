/** The products of a show as this client knows them, kept true by the stock and product events. */

import { Emitter, type Handler } from "../protocol/emitter.ts";
import type { Product, ShowEvent } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

/** The server takes so many ids at once. */
const AT_ONCE = 50;

export class ProductShelf {
  readonly #api: Pick<Api, "products">;
  readonly #products = new Map<string, Product>();
  readonly #emitter = new Emitter<{ changed: string }>();
  readonly #asked = new Set<string>();

  constructor(api: Pick<Api, "products">) {
    this.#api = api;
  }

  get(id: string): Product | null {
    return this.#products.get(id) ?? null;
  }

  /** Those of the ids that are known, in their order. */
  list(ids: readonly string[]): Product[] {
    return ids.map((id) => this.#products.get(id)).filter((product) => product !== undefined);
  }

  /** Told the id of a product that came or changed. */
  onChanged(handler: Handler<string>, signal?: AbortSignal): void {
    this.#emitter.on("changed", handler, signal);
  }

  /** Fetches what is not known yet. A failure leaves it unknown, to be asked for again. */
  async want(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#products.has(id) && !this.#asked.has(id));
    await this.#fetch(missing);
  }

  /** Applies what an event says about products; others are ignored. */
  apply(event: ShowEvent): void {
    if (event.type === "stock") {
      const product = this.#products.get(event.product_id);
      if (product === undefined) return;
      const left = new Map(event.variants.map((variant) => [variant.variant_id, variant.left]));
      this.#keep({
        ...product,
        variants: product.variants.map((variant) => ({
          ...variant,
          left: left.get(variant.variant_id) ?? variant.left,
        })),
      });
    } else if (event.type === "product" && this.#products.has(event.product_id)) {
      void this.#fetch([event.product_id]).catch(() => {});
    }
  }

  /** Asks again for everything known: after a break, stock events were perhaps folded away. */
  async refresh(): Promise<void> {
    await this.#fetch([...this.#products.keys()]);
  }

  async #fetch(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      for (const id of some) this.#asked.add(id);
      try {
        for (const product of await this.#api.products(some)) this.#keep(product);
      } finally {
        for (const id of some) this.#asked.delete(id);
      }
    }
  }

  #keep(product: Product): void {
    this.#products.set(product.product_id, product);
    this.#emitter.emit("changed", product.product_id);
  }
}
