/** What a reader of one language gets of a line: the words to show, and what has to be said about them. Pure. */

import type { ChatLine, TranslatedLine } from "./messages.ts";

/** BCP 47 for a language that is not known, or a text that has none. */
const UNKNOWN = "und";

export interface ShownLine {
  text: string;
  /** The tag of `text`; null when it is not known. */
  language: string | null;
  /** The words as they were written, when `text` is a translation. */
  original: string | null;
  /** The tag of a language that is not the reader's, when the line is shown in it. */
  foreign: string | null;
}

/** `zh-CN` → `zh`: translation knows no regions. */
export function primaryOf(tag: string): string {
  return tag.trim().toLowerCase().split(/[-_]/, 1)[0] ?? "";
}

/** How a line stands on the screen of somebody who reads `reader`, or wants everything `asWritten`. */
export function shownLine(line: ChatLine, reader: string, asWritten: boolean): ShownLine {
  const written = !line.language || line.language === UNKNOWN ? null : line.language;
  const { translation } = line;
  if (translation && translation.trust !== "original" && !asWritten) {
    return { text: translation.text, language: primaryOf(reader), original: line.text, foreign: null };
  }
  const foreign = written !== null && written !== primaryOf(reader) ? written : null;
  return { text: line.text, language: written, original: null, foreign };
}

/** Lines with the translations that came; the same array when none of them is there. */
export function withTranslations(chat: ChatLine[], translations: readonly TranslatedLine[]): ChatLine[] {
  const known = new Map(translations.map((each) => [each.message_id, each]));
  if (!chat.some((line) => known.has(line.message_id))) return chat;
  return chat.map((line) => {
    const translation = known.get(line.message_id);
    return translation === undefined ? line : { ...line, translation };
  });
}

/** Lines as they were written: of a reader who changes the language. */
export function withoutTranslations(chat: ChatLine[]): ChatLine[] {
  return chat.map((line) => (line.translation ? { ...line, translation: null } : line));
}
