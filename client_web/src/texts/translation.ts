/** The texts about translation. A key that a language lacks fails the type check. */

import type { Language } from "./language.ts";
import { type TranslationTexts, translationEn } from "./translation.en.ts";
import { translationEs } from "./translation.es.ts";
import { translationZhCN } from "./translation.zh-CN.ts";

const ALL: Record<Language, TranslationTexts> = {
  en: translationEn,
  es: translationEs,
  "zh-CN": translationZhCN,
};

export function translationTexts(language: Language): TranslationTexts {
  return ALL[language];
}

/** The name of a language (a tag) in the reader's own; the tag itself where there is none. */
export function languageName(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export type { TranslationTexts };
