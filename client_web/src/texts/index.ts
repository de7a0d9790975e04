/** The texts of the player and the pages around it. A key that a language lacks fails the type check. */

import { en, type Texts } from "./en.ts";
import { es } from "./es.ts";
import type { Language } from "./language.ts";
import { zhCN } from "./zh-CN.ts";

const ALL: Record<Language, Texts> = { en, es, "zh-CN": zhCN };

export function textsIn(language: Language): Texts {
  return ALL[language];
}

/** The sentence for an error's stable code. */
export function errorText(texts: Texts, code: string | null): string {
  return (code === null ? undefined : texts.errors[code]) ?? texts.errorOther;
}

export type { Texts } from "./en.ts";
export * from "./formats.ts";
export * from "./language.ts";
