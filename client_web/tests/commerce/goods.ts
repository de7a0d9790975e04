/** Products for tests. */

import type { Checkout, Price, Product, Variant } from "../../src/protocol/messages.ts";

export const price = (amount: number, currency = "EUR", lowest: number | null = null): Price => ({
  currency,
  amount_minor: amount,
  lowest_30d_minor: lowest,
});

export const variant = (id: string, left: number, prices: Price[] = [price(1000)]): Variant => ({
  variant_id: id,
  sku: id,
  label: { en: id },
  swatch: null,
  picture_index: 0,
  prices,
  left,
});

export const product = (id: string, variants: Variant[]): Product => ({
  product_id: id,
  brand_id: "brand",
  brand_name: "Brand",
  slug: id,
  category: "",
  title: { en: id },
  summary: {},
  pictures: [],
  facts: [],
  variants,
  delivery: {},
  returns: {},
  provenance: {},
  has_3d: false,
  model: null,
  translation: null,
  updated_at: "",
});

export const checkout = (changes: Partial<Checkout> = {}): Checkout => ({
  checkout_id: "checkout_1",
  show_id: "show_1",
  state: "open",
  expires_at: "",
  seconds_left: 120,
  currency: "EUR",
  lines: [],
  delivery_options: [],
  totals: { items_minor: 1000, delivery_minor: 0, tax_included_minor: 0, total_minor: 1000 },
  order_id: null,
  ...changes,
});
