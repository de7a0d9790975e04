/** The texts of the interpreter's page, and of the studio's sheet from which its links are given out. */

import { texts as english, type InterpretTexts } from "./en/interpret.ts";
import { FOR_INTERPRETERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const interpretTexts = textPart<InterpretTexts, { texts: InterpretTexts }>(
  english,
  FOR_INTERPRETERS,
  (pack) => pack.texts,
);

export type { InterpretTexts };
