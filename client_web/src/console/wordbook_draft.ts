/** A shop's own words while they are being written. Pure. */

import type { Wordbook, WordbookInput } from "../protocol/messages.ts";

/** As the server bounds them. */
export const MOST = { terms: 300, keep: 200, blocked: 500 } as const;
export const MOST_CHARS = 80;

export type WordList = "keep" | "blocked";

export interface TermDraft {
  term: string;
  /** Language (primary subtag) → word. */
  said: Record<string, string>;
}

export interface WordbookDraft {
  terms: TermDraft[];
  keep: string[];
  blocked: string[];
}

export type TermProblem = "term" | "said" | "double";

export function draftOf(book: Wordbook): WordbookDraft {
  return {
    terms: book.terms.map(({ term, said }) => ({ term, said: { ...said } })),
    keep: [...book.keep],
    blocked: [...book.blocked],
  };
}

/** What is sent: without empty rows and empty words. */
export function inputOf(draft: WordbookDraft): WordbookInput {
  return {
    terms: draft.terms
      .filter((each) => !isEmpty(each))
      .map(({ term, said }) => ({ term: term.trim(), said: filled(said) })),
    keep: draft.keep,
    blocked: draft.blocked,
  };
}

/** Place of a term → what is wrong with it. */
export function problemsOf(draft: WordbookDraft): Map<number, TermProblem> {
  const problems = new Map<number, TermProblem>();
  const seen = new Set<string>();
  draft.terms.forEach((each, place) => {
    if (isEmpty(each)) return;
    const term = each.term.trim();
    if (term === "") problems.set(place, "term");
    else if (seen.has(term)) problems.set(place, "double");
    else if (Object.keys(filled(each.said)).length === 0) problems.set(place, "said");
    seen.add(term);
  });
  return problems;
}

/** The words typed into one field, separated by commas or lines, that the list does not have yet. */
export function newWords(typed: string, list: readonly string[]): string[] {
  const words = typed
    .split(/[\n,，、]/)
    .map((word) => word.trim().slice(0, MOST_CHARS))
    .filter((word) => word !== "" && !list.includes(word));
  return [...new Set(words)];
}

function isEmpty({ term, said }: TermDraft): boolean {
  return term.trim() === "" && Object.keys(filled(said)).length === 0;
}

function filled(said: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(said)
      .map(([language, word]) => [language, word.trim()])
      .filter(([, word]) => word !== ""),
  );
}
