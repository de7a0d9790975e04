/** The texts of the console. A key that a language lacks fails the type check. */

import { type ConsoleTexts, consoleEn } from "./console.en.ts";
import { consoleEs } from "./console.es.ts";
import { consoleZhCN } from "./console.zh-CN.ts";
import type { Language } from "./language.ts";

const ALL: Record<Language, ConsoleTexts> = { en: consoleEn, es: consoleEs, "zh-CN": consoleZhCN };

export function consoleTexts(language: Language): ConsoleTexts {
  return ALL[language];
}

export type { ConsoleTexts };
