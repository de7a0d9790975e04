/** A product as a reader of another language gets it: what the seller did not write stands beside the originals. */

import type { Product } from "../protocol/messages.ts";

type Texts = Product["title"];

/** The product with its automatic translations as one more language of its texts. */
export function inReadersWords(product: Product): Product {
  const made = product.translation;
  if (!made || Object.keys(made.texts).length === 0) return product;
  const add = (texts: Texts, place: string): Texts => {
    const text = made.texts[place];
    return text === undefined ? texts : { ...texts, [made.language]: text };
  };
  return {
    ...product,
    title: add(product.title, "title"),
    summary: add(product.summary, "summary"),
    delivery: add(product.delivery, "delivery"),
    returns: add(product.returns, "returns"),
    provenance: add(product.provenance, "provenance"),
    facts: product.facts.map((fact, place) => ({
      ...fact,
      label: add(fact.label, `facts.${place}.label`),
      value: add(fact.value, `facts.${place}.value`),
    })),
    variants: product.variants.map((variant) => ({
      ...variant,
      label: add(variant.label, `variants.${variant.variant_id}.label`),
    })),
    pictures: product.pictures.map((picture, place) => ({
      ...picture,
      alt: add(picture.alt, `pictures.${place}.alt`),
    })),
  };
}

/** Whether anything of it was translated automatically. */
export function isTranslated(product: Product): boolean {
  return Object.keys(product.translation?.texts ?? {}).length > 0;
}
