/** The language of the studio in one hand: texts, formats, and picking among a show's own languages. */

import { Formats } from "../texts/formats.ts";
import { interpretTexts } from "../texts/interpret.ts";
import { type Language, textIn } from "../texts/language.ts";
import { listeningTexts } from "../texts/listening.ts";
import { type StudioTexts, studioTexts } from "../texts/studio.ts";
import { translationTexts } from "../texts/translation.ts";
import { textsIn } from "../texts/viewer.ts";

/** What the studio's pages say: the viewers' words too, for prices, chat and what went wrong. */
export const STUDIO_TEXTS = [studioTexts, interpretTexts, listeningTexts, textsIn, translationTexts];

export interface Words {
  language: Language;
  texts: StudioTexts;
  formats: Formats;
  /** A product's or show's own text in this language, or the nearest there is. */
  own: (texts: Readonly<Record<string, string>>) => string;
}

export function wordsIn(language: Language): Words {
  return {
    language,
    texts: studioTexts(language),
    formats: new Formats(language),
    own: (texts) => textIn(texts, language),
  };
}
