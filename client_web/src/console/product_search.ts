/** Finding products in the list: words, category, stock. */

import { hasWords } from "../commerce/product_words.ts";
import type { Product } from "../protocol/messages.ts";

export type StockFilter = "all" | "low" | "out";

/** Below this many left a product deserves a look before the next show. */
export const LOW_STOCK = 10;

export interface ProductQuery {
  words: string;
  category: string;
  stock: StockFilter;
}

export function totalLeft(product: Product): number {
  return product.variants.reduce((sum, variant) => sum + variant.left, 0);
}

/** Whether any variant is nearly gone: a full one beside it does not help who wants this colour. */
export function isLow(product: Product): boolean {
  return product.variants.some((variant) => variant.left < LOW_STOCK);
}

export function categories(products: readonly Product[]): string[] {
  return [...new Set(products.map((product) => product.category).filter(Boolean))].sort();
}

/**
 * Products that match every word (see `hasWords`), the category and the stock filter.
 *
 * `translated` are ids that the server found by texts it has translated: those are not in the products.
 */
export function findProducts(
  products: readonly Product[],
  query: ProductQuery,
  translated: ReadonlySet<string> = new Set(),
): Product[] {
  return products.filter((product) => {
    if (query.category !== "" && product.category !== query.category) return false;
    if (query.stock === "out" && !product.variants.some((variant) => variant.left === 0)) return false;
    if (query.stock === "low" && !isLow(product)) return false;
    if (translated.has(product.product_id)) return true;
    return hasWords(product, query.words);
  });
}
