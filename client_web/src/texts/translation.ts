/** The texts of translation: what readers are told of it, and the shop's own words. */

import { texts as english, type TranslationTexts } from "./en/translation.ts";
import { FOR_VIEWERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const translationTexts = textPart<TranslationTexts, { translation: TranslationTexts }>(
  english,
  FOR_VIEWERS,
  (pack) => pack.translation,
);

export type { TranslationTexts };
