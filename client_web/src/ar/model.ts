/** A product's model as the server describes it, read for what can be done with it here. */

import type { ModelAnchor, ModelVariant, ProductModel } from "../protocol/messages.ts";

export type {
  Lipstick,
  LipstickFinish,
  ModelAnchor,
  ModelVariant,
  ProductModel,
} from "../protocol/messages.ts";

export const WORN = ["glasses", "hat", "earring", "necklace", "lipstick"] as const;

/** What the mirror can put on a face. */
export type WornCategory = (typeof WORN)[number];

/** The category when this model can be tried on in the mirror, else null. */
export function wornCategory(model: ProductModel | null): WornCategory | null {
  if (model === null) return null;
  const category = WORN.find((each) => each === model.category);
  if (category === undefined) return null;
  if (category === "lipstick") return (model.lipstick?.shades.length ?? 0) > 0 ? category : null;
  return (model.try_on_url ?? model.glb_url) === null ? null : category;
}

/** The look that belongs to a thing to buy: the one that names it, else the first. */
export function lookOf<T extends { variant_id: string | null }>(
  looks: readonly T[],
  variantId: string | null,
): T | null {
  return looks.find((look) => look.variant_id !== null && look.variant_id === variantId) ?? looks[0] ?? null;
}

/** The file for Quick Look: this look's own, else the default one. */
export function usdzOf(model: ProductModel, look: ModelVariant | null): string | null {
  return look?.usdz_url ?? model.usdz_url;
}

export function anchorOf(model: ProductModel, name: string): ModelAnchor | null {
  return model.anchors.find((anchor) => anchor.name === name) ?? null;
}
