/** The texts of one part of the pages in every language: English comes with the page, the others once somebody reads them. */

import type { Language } from "./language.ts";

export interface TextPart<T> {
  /** The texts of a language that was loaded; until then the English ones. */
  (language: Language): T;
  /** Fetches a language, once. */
  load(language: Language): Promise<void>;
}

/** How each language's file is fetched. A language that lacks one, or a key of it, fails the type check. */
export type Packs<Pack> = Record<Exclude<Language, "en">, () => Promise<Pack>>;

export function textPart<T, Pack>(english: T, packs: Packs<Pack>, pick: (pack: Pack) => T): TextPart<T> {
  const known = new Map<Language, T>([["en", english]]);
  return Object.assign((language: Language): T => known.get(language) ?? english, {
    load: async (language: Language): Promise<void> => {
      if (language === "en" || known.has(language)) return;
      known.set(language, pick(await packs[language]()));
    },
  });
}

/** Has these parts at hand in a language. The language to draw in: English when the other cannot be fetched. */
export async function loadTexts(language: Language, parts: readonly TextPart<unknown>[]): Promise<Language> {
  const fetched = await Promise.allSettled(parts.map((part) => part.load(language)));
  return fetched.every(({ status }) => status === "fulfilled") ? language : "en";
}
