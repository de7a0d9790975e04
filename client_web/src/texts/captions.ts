/** The texts of the captions. A key that a language lacks fails the type check. */

import { type CaptionTexts, captionsEn } from "./captions.en.ts";
import { captionsEs } from "./captions.es.ts";
import { captionsZhCN } from "./captions.zh-CN.ts";
import type { Language } from "./language.ts";

const ALL: Record<Language, CaptionTexts> = { en: captionsEn, es: captionsEs, "zh-CN": captionsZhCN };

export function captionTexts(language: Language): CaptionTexts {
  return ALL[language];
}

export type { CaptionTexts };
