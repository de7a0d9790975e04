/** The texts of the studio. A key that a language lacks fails the type check. */

import type { Language } from "./language.ts";
import { type StudioTexts, studioEn } from "./studio.en.ts";
import { studioEs } from "./studio.es.ts";
import { studioZhCN } from "./studio.zh-CN.ts";

const ALL: Record<Language, StudioTexts> = { en: studioEn, es: studioEs, "zh-CN": studioZhCN };

export function studioTexts(language: Language): StudioTexts {
  return ALL[language];
}

export type { StudioTexts };
