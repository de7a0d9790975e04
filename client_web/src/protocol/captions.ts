/**
 * Captions on the show clock: what is to be read at a moment, in the reader's language. No DOM.
 *
 * The words of whoever speaks come as they begin, translations a moment later. A reader whose translation is not there
 * yet gets a little patience and then the original; a cue that is on the screen stays in its language to its end.
 *
 * What was recognised from a voice (`is_heard`) comes when its words are over: it keeps its pace, so much later.
 */

import type { CaptionCue, CaptionCut, CaptionGrowing, CaptionSaid, Trust } from "./messages.ts";

/** A line of the log, or what is known so far of one. */
export type CaptionLine = CaptionSaid | CaptionGrowing;

/** How long the original waits for its translation. */
export const PATIENCE_MS = 450;
/** What was heard waits so long for its translation, once it is whole. */
export const HEARD_PATIENCE_MS = 2500;
/** Its last words stay for reading: nobody knows when the next ones come. */
export const HEARD_HOLD_MS = 2500;
/** What comes later than this after its words (after a lost connection) is over. */
const MOST_LATE_MS = 20_000;
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
  spoken: CaptionLine | null;
  translations: Map<string, CaptionLine>;
  untilMs: number;
  /** How much later than its words a heard line is shown, by language; and the original to those who wait for another. */
  lateMs: Map<string, number>;
  originalLateMs: number;
}

export class CaptionTrack {
  readonly #utterances = new Map<string, Utterance>();
  /** The cue that is on the screen in the original, although a translation may have come meanwhile. */
  #held: CaptionCue | null = null;

  /** The newest language that was spoken; null before a word. */
  spokenLanguage: string | null = null;

  /** `nowMs`: the show clock of the picture that is on the screen when the line comes. */
  add(line: CaptionLine, nowMs = 0): void {
    const utterance = this.#utterance(line.utterance_id);
    if (line.is_heard && !this.#heard(utterance, line, nowMs)) return;
    if (line.is_spoken) {
      utterance.spoken = line;
      this.spokenLanguage = line.language;
    } else utterance.translations.set(line.language, line);
  }

  /** Settles how late a heard line is shown; false for one that is over. */
  #heard(utterance: Utterance, line: CaptionLine, nowMs: number): boolean {
    const first = line.cues[0];
    const last = line.cues.at(-1);
    // a line that grew on after it was whole came in the wrong order
    if (first === undefined || last === undefined || nowMs - last.end_ms > MOST_LATE_MS) return false;
    if (line.type === "caption_growing" && utterance.spoken?.type === "caption") return false;
    const lastWordMs = last.start_ms + (last.marks.at(-1)?.[1] ?? 0);
    const grows = line.type === "caption_growing" || utterance.lateMs.has(line.language);
    const late = nowMs - (grows && line.is_spoken ? lastWordMs : first.start_ms);
    utterance.lateMs.set(line.language, Math.max(0, late, utterance.lateMs.get(line.language) ?? 0));
    if (line.is_spoken && line.type === "caption")
      utterance.originalLateMs = Math.max(0, nowMs - first.start_ms) + HEARD_PATIENCE_MS;
    return true;
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
    const isForeign = language !== null && primary(language) !== spoken.language;
    if (spoken.is_heard) return shownHeard(utterance, spoken, showMs, isForeign ? primary(language) : null);
    const original = cueAt(spoken, showMs);
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
      found = {
        spoken: null,
        translations: new Map(),
        untilMs: Number.POSITIVE_INFINITY,
        lateMs: new Map(),
        originalLateMs: Number.POSITIVE_INFINITY,
      };
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

/** `foreign` null: the reader takes the words as they are spoken, and sees them grow. */
function shownHeard(
  utterance: Utterance,
  spoken: CaptionLine,
  showMs: number,
  foreign: string | null,
): CaptionShown | null {
  const line = foreign === null ? spoken : (utterance.translations.get(foreign) ?? spoken);
  const isOriginal = foreign !== null && line === spoken;
  const lateMs = isOriginal
    ? utterance.originalLateMs
    : (utterance.lateMs.get(line.language) ?? Number.POSITIVE_INFINITY);
  const cue = cueAt(line, showMs - lateMs, HEARD_HOLD_MS);
  return cue === null ? null : shownCue(line, cue, showMs - lateMs, isOriginal);
}

/** The last cue stays `holdMs` longer. */
function cueAt(line: CaptionLine, showMs: number, holdMs = 0): CaptionCue | null {
  const last = line.cues.at(-1);
  return (
    line.cues.find((cue) => cue.start_ms <= showMs && showMs < cue.end_ms + (cue === last ? holdMs : 0)) ??
    null
  );
}

function shownCue(line: CaptionLine, cue: CaptionCue, showMs: number, isOriginal: boolean): CaptionShown {
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
