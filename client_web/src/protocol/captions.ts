/**
 * Captions on the show clock: what is to be read at a moment, in the reader's language. No DOM.
 *
 * The words of whoever speaks come as they begin, translations a moment later. A reader whose translation is not there
 * yet gets a little patience and then the original; a cue that is on the screen stays in its language to its end.
 */

import type { CaptionCue, CaptionCut, CaptionSaid, Trust } from "./messages.ts";

/** How long the original waits for its translation. */
export const PATIENCE_MS = 450;
/** Utterances that are kept: the newest are on the screen, older ones are over. */
const MOST = 30;

export interface CaptionShown {
  utteranceId: string;
  /** Of the text, a primary subtag. */
  language: string;
  text: string;
  /** So much of the text was spoken already. */
  spoken: number;
  /** The reader's language is another one, and this is not translated. */
  isOriginal: boolean;
  trust: Trust;
  /** Show clock at which it began. */
  startMs: number;
}

interface Utterance {
  spoken: CaptionSaid | null;
  translations: Map<string, CaptionSaid>;
  untilMs: number;
}

export class CaptionTrack {
  readonly #utterances = new Map<string, Utterance>();
  /** The cue that is on the screen in the original, although a translation may have come meanwhile. */
  #held: CaptionCue | null = null;

  /** The newest language that was spoken; null before a word. */
  spokenLanguage: string | null = null;

  add(line: CaptionSaid): void {
    const utterance = this.#utterance(line.utterance_id);
    if (line.is_spoken) {
      utterance.spoken = line;
      this.spokenLanguage = line.language;
    } else utterance.translations.set(line.language, line);
  }

  /** What comes after `until_ms` was never said. */
  cut({ utterance_id, until_ms }: CaptionCut): void {
    this.#utterance(utterance_id).untilMs = until_ms;
  }

  clear(): void {
    this.#utterances.clear();
    this.#held = null;
  }

  /** What is to be read at `showMs`; `language` null for the words as they are spoken. */
  at(showMs: number, language: string | null): CaptionShown | null {
    for (const utterance of [...this.#utterances.values()].reverse()) {
      const shown = this.#shown(utterance, showMs, language);
      if (shown !== null) return shown;
    }
    return null;
  }

  #shown(utterance: Utterance, showMs: number, language: string | null): CaptionShown | null {
    const { spoken } = utterance;
    if (spoken === null || showMs >= utterance.untilMs) return null;
    const original = cueAt(spoken, showMs);
    const isForeign = language !== null && primary(language) !== spoken.language;
    if (!isForeign) return original === null ? null : shownCue(spoken, original, showMs, false);
    const translation = utterance.translations.get(primary(language));
    if (translation !== undefined && (original === null || original !== this.#held)) {
      const cue = cueAt(translation, showMs);
      return cue === null ? null : shownCue(translation, cue, showMs, false);
    }
    if (original === null || (original !== this.#held && showMs - original.start_ms < PATIENCE_MS))
      return null;
    this.#held = original;
    return shownCue(spoken, original, showMs, true);
  }

  #utterance(id: string): Utterance {
    let found = this.#utterances.get(id);
    if (found === undefined) {
      found = { spoken: null, translations: new Map(), untilMs: Number.POSITIVE_INFINITY };
      this.#utterances.set(id, found);
      const oldest = this.#utterances.keys().next().value;
      if (this.#utterances.size > MOST && oldest !== undefined) this.#utterances.delete(oldest);
    }
    return found;
  }
}

/** The first part of a language tag: translations know no regions. */
function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? "";
}

function cueAt(line: CaptionSaid, showMs: number): CaptionCue | null {
  return line.cues.find((cue) => cue.start_ms <= showMs && showMs < cue.end_ms) ?? null;
}

function shownCue(line: CaptionSaid, cue: CaptionCue, showMs: number, isOriginal: boolean): CaptionShown {
  const next = cue.marks.find(([, ms]) => cue.start_ms + (ms ?? 0) > showMs);
  return {
    utteranceId: line.utterance_id,
    language: line.language,
    text: cue.text,
    spoken: next?.[0] ?? cue.text.length,
    isOriginal,
    trust: line.trust,
    startMs: cue.start_ms,
  };
}
