/** What a product costs and how much of it there is, in the currency of a show. Pure. */

import type { Price, Product, Variant } from "../protocol/messages.ts";

/** From this many on, a number would say nothing: the product is simply in stock. */
export const FEW = 10;

export function priceOf(variant: Variant, currency: string): Price | null {
  return variant.prices.find((price) => price.currency === currency) ?? null;
}

export interface ProductPrice {
  price: Price;
  /** Other variants cost more. */
  isFrom: boolean;
}

/** The lowest price among the variants that can be bought, else among all; null when not sold in this currency. */
export function productPrice(product: Product, currency: string): ProductPrice | null {
  const buyable = product.variants.filter((variant) => variant.left > 0);
  const prices = (buyable.length > 0 ? buyable : product.variants)
    .map((variant) => priceOf(variant, currency))
    .filter((price) => price !== null);
  const lowest = prices.reduce<Price | null>(
    (least, price) => (least === null || price.amount_minor < least.amount_minor ? price : least),
    null,
  );
  if (lowest === null) return null;
  return { price: lowest, isFrom: prices.some((price) => price.amount_minor > lowest.amount_minor) };
}

export function leftOf(product: Product): number {
  return product.variants.reduce((sum, variant) => sum + variant.left, 0);
}

/** The variant to offer first: the cheapest that can be bought, which is the one whose price the card names. */
export function firstVariant(product: Product, currency: string): Variant | null {
  const cost = (variant: Variant): number =>
    priceOf(variant, currency)?.amount_minor ?? Number.POSITIVE_INFINITY;
  const cheapest = (variants: readonly Variant[]): Variant | null =>
    variants.reduce<Variant | null>(
      (best, each) => (best === null || cost(each) < cost(best) ? each : best),
      null,
    );
  return cheapest(product.variants.filter((variant) => variant.left > 0)) ?? cheapest(product.variants);
}
