/** The texts of 3D, rooms and the mirror. A key that a language lacks fails the type check. */

import { type ArTexts, arEn } from "./ar.en.ts";
import { arEs } from "./ar.es.ts";
import { arZhCN } from "./ar.zh-CN.ts";
import type { Language } from "./language.ts";

const ALL: Record<Language, ArTexts> = { en: arEn, es: arEs, "zh-CN": arZhCN };

export function arTexts(language: Language): ArTexts {
  return ALL[language];
}

export type { ArTexts };
