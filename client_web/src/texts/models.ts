/** The texts of 3D models in the console. */

import { texts as english, type ModelTexts } from "./en/models.ts";
import { FOR_MODELS } from "./packs.ts";
import { textPart } from "./part.ts";

export const modelTexts = textPart<ModelTexts, { texts: ModelTexts }>(
  english,
  FOR_MODELS,
  (pack) => pack.texts,
);

export type { ModelTexts };
