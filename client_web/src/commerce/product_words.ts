/** Finding products by words, compared as the server does: without case and accents, in every language they have. */

import type { Product } from "../protocol/messages.ts";

/** `text` for comparing. Korean syllables are put together again after their accents are gone. */
export function foldedWords(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .normalize("NFC")
    .toLocaleLowerCase();
}

/** Whether `product` has every word of `typed` in its texts, brand, category or article numbers; with none it has. */
export function hasWords(product: Product, typed: string): boolean {
  const words = foldedWords(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const texts = [
    product.title,
    product.summary,
    ...product.facts.flatMap(({ label, value }) => [label, value]),
    ...product.variants.map((variant) => variant.label),
  ].flatMap((text) => Object.values(text));
  const skus = product.variants.map((variant) => variant.sku);
  const all = foldedWords([product.slug, product.category, product.brand_name, ...skus, ...texts].join("\n"));
  return words.every((word) => all.includes(word));
}
