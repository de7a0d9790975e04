/** The rundown as the carousel shows it: each product with what matters while talking. */

import type { Price, Product, ShowState } from "../protocol/messages.ts";

/** From here on the count left is said in amber. */
const FEW = 10;

export interface RundownItem {
  productId: string;
  /** Undefined while it is being fetched. */
  product: Product | undefined;
  isPinned: boolean;
  isMarkedSoldOut: boolean;
  /** Sold out by the host's mark or because nothing is left. */
  isSoldOut: boolean;
  left: number;
  isLow: boolean;
  /** Lowest price in the show's currency. */
  price: Price | null;
}

/** The rundown in its order; what is pinned without standing in it comes first, so that it can be unpinned. */
export function rundownItems(
  state: ShowState,
  currency: string,
  productOf: (id: string) => Product | undefined,
): RundownItem[] {
  const pinned = state.pins.map((pin) => pin.product_id);
  const extra = pinned.filter((id) => !state.rundown.includes(id));
  return [...extra, ...state.rundown].map((productId) => {
    const product = productOf(productId);
    const left = product?.variants.reduce((sum, variant) => sum + variant.left, 0) ?? 0;
    const isMarkedSoldOut = state.sold_out.includes(productId);
    return {
      productId,
      product,
      isPinned: pinned.includes(productId),
      isMarkedSoldOut,
      isSoldOut: isMarkedSoldOut || (product !== undefined && left === 0),
      left,
      isLow: product !== undefined && left > 0 && left < FEW,
      price: product ? lowestPrice(product, currency) : null,
    };
  });
}

/** The lowest price of any variant in this currency, else in the first currency there is. */
export function lowestPrice(product: Product, currency: string): Price | null {
  const prices = product.variants.flatMap((variant) => variant.prices);
  const wanted = prices.filter((price) => price.currency === currency);
  const among = wanted.length > 0 ? wanted : prices.filter((price) => price.currency === prices[0]?.currency);
  return among.reduce<Price | null>(
    (lowest, price) => (lowest === null || price.amount_minor < lowest.amount_minor ? price : lowest),
    null,
  );
}
