/** The texts of 3D, rooms and the mirror. */

import { texts as english, type TryOnTexts } from "./en/try_on.ts";
import { FOR_VIEWERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const tryOnTexts = textPart<TryOnTexts, { tryOn: TryOnTexts }>(
  english,
  FOR_VIEWERS,
  (pack) => pack.tryOn,
);

export type { TryOnTexts };
