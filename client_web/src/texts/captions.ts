/** The texts of the captions. */

import { type CaptionTexts, texts as english } from "./en/captions.ts";
import { FOR_VIEWERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const captionTexts = textPart<CaptionTexts, { captions: CaptionTexts }>(
  english,
  FOR_VIEWERS,
  (pack) => pack.captions,
);

export type { CaptionTexts };
