/** The texts of the studio. */

import { texts as english, type StudioTexts } from "./en/studio.ts";
import { FOR_STUDIO } from "./packs.ts";
import { textPart } from "./part.ts";

export const studioTexts = textPart<StudioTexts, { texts: StudioTexts }>(
  english,
  FOR_STUDIO,
  (pack) => pack.texts,
);

export type { StudioTexts };
