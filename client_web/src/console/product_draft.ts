/** A product while it is being written: typed text becomes a `ProductInput` only when nothing is missing. */

import type { Picture, Price, Product, ProductInput, VariantInput } from "../protocol/messages.ts";
import { amountText, likelyFirst, parseAmount, plainDigits } from "./money_input.ts";

/** Language tag → text. */
export type Texts = Record<string, string>;

export interface VariantDraft {
  /** Names the row while editing; new variants have no id yet. */
  key: string;
  variantId: string | null;
  sku: string;
  label: Texts;
  swatch: string | null;
  pictureIndex: number;
  /** Currency → what stands in the input. */
  amounts: Record<string, string>;
  /** Prices as they were, to keep the 30-day low of those that did not change. */
  prices: Price[];
  /** Starting stock of a new variant, as typed. */
  stock: string;
}

export interface FactDraft {
  key: string;
  label: Texts;
  value: Texts;
}

export interface ProductDraft {
  productId: string | null;
  slug: string;
  category: string;
  title: Texts;
  summary: Texts;
  delivery: Texts;
  returns: Texts;
  provenance: Texts;
  pictures: Picture[];
  facts: FactDraft[];
  currencies: string[];
  variants: VariantDraft[];
}

/** What is missing or wrong, by field: `title`, `slug`, `variants`, `variant.KEY.sku`, `variant.KEY.amount.USD` … */
export type DraftProblem = "missing" | "not_an_amount" | "not_a_count" | "twice" | "bad_slug" | "too_long";
export type DraftProblems = Map<string, DraftProblem>;

const SLUG_CHARS = 80;
const MAX_STOCK = 1_000_000;

let lastKey = 0;
function newKey(): string {
  lastKey += 1;
  return `new${lastKey}`;
}

export function emptyVariant(): VariantDraft {
  return {
    key: newKey(),
    variantId: null,
    sku: "",
    label: {},
    swatch: null,
    pictureIndex: 0,
    amounts: {},
    prices: [],
    stock: "0",
  };
}

export function emptyDraft(currency: string): ProductDraft {
  return {
    productId: null,
    slug: "",
    category: "",
    title: {},
    summary: {},
    delivery: {},
    returns: {},
    provenance: {},
    pictures: [],
    facts: [],
    currencies: [currency],
    variants: [emptyVariant()],
  };
}

/** A draft of what is there already; changing it leaves the product alone. */
export function draftOf(product: Product, language = "en"): ProductDraft {
  const currencies = product.variants.flatMap((variant) => variant.prices.map((price) => price.currency));
  return {
    productId: product.product_id,
    slug: product.slug,
    category: product.category,
    title: { ...product.title },
    summary: { ...product.summary },
    delivery: { ...product.delivery },
    returns: { ...product.returns },
    provenance: { ...product.provenance },
    pictures: product.pictures.map((picture) => ({ ...picture, alt: { ...picture.alt } })),
    facts: product.facts.map((fact) => ({
      key: fact.key,
      label: { ...fact.label },
      value: { ...fact.value },
    })),
    currencies: likelyFirst(currencies, language),
    variants: product.variants.map((variant) => ({
      key: variant.variant_id,
      variantId: variant.variant_id,
      sku: variant.sku,
      label: { ...variant.label },
      swatch: variant.swatch,
      pictureIndex: variant.picture_index,
      amounts: Object.fromEntries(
        variant.prices.map((price) => [price.currency, amountText(price.amount_minor, price.currency)]),
      ),
      prices: variant.prices.map((price) => ({ ...price })),
      stock: String(variant.left),
    })),
  };
}

/** The address of a product made from its title: "Dawn lamp №3" → "dawn-lamp-3"; empty when no letter is Latin. */
export function slugFrom(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, SLUG_CHARS);
}

/** The key of a fact made from its label; facts need one that is plain ASCII. */
export function factKey(label: string, place: number): string {
  return slugFrom(label).replaceAll("-", "_").slice(0, 40) || `fact_${place + 1}`;
}

/** Puts other pictures in: each variant keeps showing its own picture, or the main one when that is gone. */
export function withPictures(draft: ProductDraft, pictures: Picture[]): void {
  const shown = draft.variants.map((variant) => draft.pictures[variant.pictureIndex]?.url);
  draft.pictures = pictures;
  draft.variants.forEach((variant, place) => {
    variant.pictureIndex = Math.max(
      0,
      pictures.findIndex((picture) => picture.url === shown[place]),
    );
  });
}

/** Everything that keeps the draft from being saved. */
export function problemsOf(draft: ProductDraft): DraftProblems {
  const problems: DraftProblems = new Map();
  if (isEmpty(draft.title)) problems.set("title", "missing");
  if (!/^[a-z0-9-]+$/.test(draft.slug)) problems.set("slug", draft.slug === "" ? "missing" : "bad_slug");
  for (const field of ["title", "summary", "delivery", "returns", "provenance"] as const) {
    if (Object.values(draft[field]).some((text) => text.length > 2000)) problems.set(field, "too_long");
  }
  if (draft.variants.length === 0) problems.set("variants", "missing");
  const skus = new Set<string>();
  for (const variant of draft.variants) {
    const at = `variant.${variant.key}`;
    const sku = variant.sku.trim();
    if (sku === "") problems.set(`${at}.sku`, "missing");
    else if (skus.has(sku)) problems.set(`${at}.sku`, "twice");
    skus.add(sku);
    if (draft.variants.length > 1 && isEmpty(variant.label)) problems.set(`${at}.label`, "missing");
    for (const currency of draft.currencies) {
      const typed = variant.amounts[currency] ?? "";
      const isFirst = currency === draft.currencies[0];
      if (typed.trim() === "") {
        if (isFirst) problems.set(`${at}.amount.${currency}`, "missing");
      } else if (parseAmount(typed, currency) === null)
        problems.set(`${at}.amount.${currency}`, "not_an_amount");
    }
    if (variant.variantId === null && !isCount(variant.stock)) problems.set(`${at}.stock`, "not_a_count");
  }
  draft.facts.forEach((fact, place) => {
    if (isEmpty(fact.label) !== isEmpty(fact.value)) problems.set(`fact.${place}`, "missing");
  });
  return problems;
}

/** What is sent to the server; call only when `problemsOf` is empty. */
export function inputOf(draft: ProductDraft): ProductInput {
  const facts = draft.facts.filter((fact) => !isEmpty(fact.label));
  return {
    slug: draft.slug,
    category: draft.category.trim(),
    title: written(draft.title),
    summary: written(draft.summary),
    pictures: draft.pictures.map((picture) => ({ ...picture, alt: written(picture.alt) })),
    facts: facts.map((fact, place) => ({
      key: fact.key || factKey(Object.values(written(fact.label))[0] ?? "", place),
      label: written(fact.label),
      value: written(fact.value),
    })),
    variants: draft.variants.map((variant) => variantInput(variant, draft)),
    delivery: written(draft.delivery),
    returns: written(draft.returns),
    provenance: written(draft.provenance),
  };
}

function variantInput(variant: VariantDraft, draft: ProductDraft): VariantInput {
  const label = written(variant.label);
  return {
    variant_id: variant.variantId,
    sku: variant.sku.trim(),
    // The only variant of a product needs no name of its own.
    label: isEmpty(label) ? written(draft.title) : label,
    swatch: variant.swatch,
    picture_index: Math.min(variant.pictureIndex, Math.max(0, draft.pictures.length - 1)),
    prices: draft.currencies.flatMap((currency) => {
      const amount = parseAmount(variant.amounts[currency] ?? "", currency);
      if (amount === null) return [];
      const before = variant.prices.find((price) => price.currency === currency);
      const low = before?.lowest_30d_minor ?? null;
      return [
        { currency, amount_minor: amount, lowest_30d_minor: before?.amount_minor === amount ? low : null },
      ];
    }),
    stock: variant.variantId === null ? Number(plainDigits(variant.stock)) : 0,
  };
}

function isEmpty(texts: Texts): boolean {
  return Object.values(texts).every((text) => text.trim() === "");
}

function written(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([language, text]) =>
      text.trim() === "" ? [] : [[language, text.trim()]],
    ),
  );
}

function isCount(typed: string): boolean {
  const plain = plainDigits(typed);
  return /^\d{1,7}$/.test(plain) && Number(plain) <= MAX_STOCK;
}
