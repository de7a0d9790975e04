/** The texts of the choice of voice. A key that a language lacks fails the type check. */

import type { Language } from "./language.ts";
import { type VoiceTexts, voicesEn } from "./voices.en.ts";
import { voicesEs } from "./voices.es.ts";
import { voicesZhCN } from "./voices.zh-CN.ts";

const ALL: Record<Language, VoiceTexts> = { en: voicesEn, es: voicesEs, "zh-CN": voicesZhCN };

export function voiceTexts(language: Language): VoiceTexts {
  return ALL[language];
}

/** A language's name as readers of `reader` write it inside a sentence. */
export function languageName(language: string, reader: Language): string {
  try {
    return new Intl.DisplayNames([reader], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** A language's own name, as people look for it. */
export function ownName(language: string): string {
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language;
  }
}

export type { VoiceTexts };
