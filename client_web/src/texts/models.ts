/** The texts of 3D models in the console. A key that a language lacks fails the type check. */

import type { Language } from "./language.ts";
import { type ModelTexts, modelsEn } from "./models.en.ts";
import { modelsEs } from "./models.es.ts";
import { modelsZhCN } from "./models.zh-CN.ts";

const ALL: Record<Language, ModelTexts> = { en: modelsEn, es: modelsEs, "zh-CN": modelsZhCN };

export function modelTexts(language: Language): ModelTexts {
  return ALL[language];
}

export type { ModelTexts };
