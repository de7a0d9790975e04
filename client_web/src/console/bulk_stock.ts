/** One stock change for many variants, a few at a time; what fails does not stop the others. */

import type { Product } from "../protocol/messages.ts";

/** More at once would only wait in the server's writer. */
const AT_ONCE = 4;

export interface BulkResult {
  /** Variant ids that were changed, in order. */
  done: string[];
  failed: string[];
  /** The products as they are after the last change of each. */
  products: Product[];
}

export async function bulkStock(
  variantIds: readonly string[],
  change: (variantId: string) => Promise<Product>,
): Promise<BulkResult> {
  const waiting = [...variantIds];
  const done = new Set<string>();
  const failed: string[] = [];
  const products = new Map<string, Product>();
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const product = await change(id);
        done.add(id);
        products.set(product.product_id, product);
      } catch {
        failed.push(id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done: variantIds.filter((id) => done.has(id)), failed, products: [...products.values()] };
}
