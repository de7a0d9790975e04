/** What can be tried on of a product: its shades, or the looks of its model. */

import type { Mirror } from "../ar/mirror/mirror.ts";
import type { Look } from "../ar/mirror/scene.ts";
import { type Lipstick, type ProductModel, type WornCategory, wornCategory } from "../ar/model.ts";
import type { Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import type { PlayerContext } from "./context.ts";

export interface MirrorLook {
  name: string;
  /** A colour to show on its chip. */
  swatch: string | null;
  /** A picture to show on its chip. */
  pictureUrl: string | null;
  variantId: string | null;
  /** Puts it on; loads what it needs. */
  make: (mirror: Mirror) => Promise<Look>;
}

/** All looks of a product that the mirror can show; none when there is nothing to try on. */
export function looksOf(product: Product, context: PlayerContext): MirrorLook[] {
  const model = product.model;
  const category = wornCategory(model);
  if (model === null || category === null) return [];
  if (category === "lipstick") return model.lipstick === null ? [] : shades(model.lipstick, product, context);
  return variants(model, category, product, context);
}

function shades(lipstick: Lipstick, product: Product, context: PlayerContext): MirrorLook[] {
  return lipstick.shades.map(({ name, shade, variant_id }) => ({
    name: nameOf(product, variant_id, name, context),
    swatch: shade,
    pictureUrl: null,
    variantId: variant_id,
    make: async () => ({ kind: "lips", shade, finish: lipstick.finish }),
  }));
}

function variants(
  model: ProductModel,
  category: WornCategory,
  product: Product,
  context: PlayerContext,
): MirrorLook[] {
  const url = context.session.api.address(model.try_on_url ?? model.glb_url);
  if (url === null) return [];
  const make =
    (variant: string | null) =>
    async (mirror: Mirror): Promise<Look> => ({
      kind: "model",
      model: await mirror.model(url, model, category),
      category,
      variant,
    });
  if (model.variants.length === 0) {
    const name = textIn(product.title, context.language);
    return [
      {
        name,
        swatch: null,
        pictureUrl: pictureOf(product, null, context),
        variantId: null,
        make: make(null),
      },
    ];
  }
  return model.variants.map((look) => {
    const sold = product.variants.find((each) => each.variant_id === look.variant_id);
    return {
      name: nameOf(product, look.variant_id, look.name, context),
      swatch: sold?.swatch ?? null,
      pictureUrl: pictureOf(product, look.variant_id, context),
      variantId: look.variant_id,
      make: make(look.name),
    };
  });
}

/** The name that the shop gives to the thing to buy, else the model's own. */
function nameOf(
  product: Product,
  variantId: string | null,
  own: string,
  { language }: PlayerContext,
): string {
  const sold = product.variants.find((each) => each.variant_id === variantId);
  return sold === undefined ? own : textIn(sold.label, language) || own;
}

function pictureOf(product: Product, variantId: string | null, { session }: PlayerContext): string | null {
  const sold = product.variants.find((each) => each.variant_id === variantId);
  return session.api.address(product.pictures[sold?.picture_index ?? 0]?.url);
}
