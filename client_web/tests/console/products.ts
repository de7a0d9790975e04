/** Products for tests. */

import type { Product } from "../../src/protocol/messages.ts";

export function product(
  id: string,
  title: Record<string, string>,
  category: string,
  left: number[],
): Product {
  return {
    product_id: id,
    brand_id: "brand_1",
    brand_name: "Lumen",
    slug: id.replace("_", "-"),
    category,
    title,
    summary: {},
    pictures: [],
    facts: [{ key: "weight", label: { en: "Weight" }, value: { en: "180 g" } }],
    variants: left.map((count, place) => ({
      variant_id: `variant_${id}_${place}`,
      sku: `SKU-${id}-${place}`,
      label: { en: `Colour ${place}` },
      swatch: "#D8C3A5",
      picture_index: 0,
      prices: [
        { currency: "USD", amount_minor: 8900, lowest_30d_minor: 9900 },
        { currency: "JPY", amount_minor: 12000, lowest_30d_minor: null },
      ],
      left: count,
    })),
    delivery: {},
    returns: {},
    provenance: {},
    has_3d: false,
    model: null,
    translation: null,
    updated_at: "2026-11-01T12:00:00Z",
  };
}
