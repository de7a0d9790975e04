/** Everything that pages need to speak: their common texts, languages, formats. */

import type { Texts } from "./en/viewer.ts";

/** The sentence for an error's stable code. */
export function errorText(texts: Texts, code: string | null): string {
  return (code === null ? undefined : texts.errors[code]) ?? texts.errorOther;
}

export * from "./formats.ts";
export * from "./language.ts";
export { loadTexts } from "./part.ts";
export { type Texts, textsIn } from "./viewer.ts";
