/** The texts of the console. */

import { type ConsoleTexts, texts as english } from "./en/console.ts";
import { FOR_CONSOLE } from "./packs.ts";
import { textPart } from "./part.ts";

export const consoleTexts = textPart<ConsoleTexts, { texts: ConsoleTexts }>(
  english,
  FOR_CONSOLE,
  (pack) => pack.texts,
);

export type { ConsoleTexts };
