/** The products of a show as this client knows them, kept true by the stock and product events. */

import { Emitter, type Handler } from "../protocol/emitter.ts";
import type { Product, ShowEvent } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";
import { inReadersWords } from "./translated_product.ts";

/** The server takes so many ids at once. */
const AT_ONCE = 50;
/** Translations that are being made are asked for again after so long, each time twice as long. */
const TRANSLATED_MS = 3000;
const MOST_ASKED = 4;

export class ProductShelf {
  readonly #api: Pick<Api, "products">;
  readonly #products = new Map<string, Product>();
  readonly #emitter = new Emitter<{ changed: string }>();
  readonly #originals = new Map<string, Product>();
  readonly #asked = new Set<string>();
  #language: string | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #asksLeft = MOST_ASKED;

  constructor(api: Pick<Api, "products">, language?: string) {
    this.#api = api;
    this.#language = language;
  }

  /** Reads in another language: everything known is fetched again in it. */
  async speak(language: string): Promise<void> {
    if (language === this.#language) return;
    this.#language = language;
    this.#asksLeft = MOST_ASKED;
    await this.refresh();
  }

  /** Asks for nothing any more. */
  close(): void {
    clearTimeout(this.#again);
    this.#asksLeft = 0;
  }

  /** A product in the reader's language: the seller's words, else translated ones. */
  get(id: string): Product | null {
    return this.#products.get(id) ?? null;
  }

  /** A product as the seller wrote it. */
  original(id: string): Product | null {
    return this.#originals.get(id) ?? null;
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
      const product = this.#originals.get(event.product_id);
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
    const language = this.#language;
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      for (const id of some) this.#asked.add(id);
      try {
        for (const product of await this.#api.products(some, language)) {
          if (language === this.#language) this.#keep(product);
        }
      } finally {
        for (const id of some) this.#asked.delete(id);
      }
    }
  }

  #askAgain(): void {
    if (this.#again !== undefined || this.#asksLeft <= 0) return;
    const wait = TRANSLATED_MS * 2 ** (MOST_ASKED - this.#asksLeft);
    this.#asksLeft -= 1;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      const waiting = [...this.#originals.values()].filter(
        ({ translation }) => translation?.is_complete === false,
      );
      void this.#fetch(waiting.map((product) => product.product_id)).catch(() => {});
    }, wait);
  }

  #keep(product: Product): void {
    this.#originals.set(product.product_id, product);
    this.#products.set(product.product_id, inReadersWords(product));
    if (product.translation?.is_complete === false) this.#askAgain();
    this.#emitter.emit("changed", product.product_id);
  }
}
