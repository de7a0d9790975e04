/** What the AI host's face and hands do, as it was told, at any moment of the show. Pure: no clock, no DOM. */

import type { HostGesture, Score } from "./messages.ts";

/** Oculus' visemes by their numbers on the wire. */
export const VISEMES = [
  "sil",
  "PP",
  "FF",
  "TH",
  "DD",
  "kk",
  "CH",
  "SS",
  "nn",
  "RR",
  "aa",
  "E",
  "I",
  "O",
  "U",
] as const;

export type Viseme = (typeof VISEMES)[number];

/** How far the mouth is in one shape, and on its way to the next. */
export interface MouthMoment {
  from: Viseme;
  fromWeight: number;
  to: Viseme;
  toWeight: number;
  /** 0 to 1. */
  share: number;
}

export interface PerformedMoment {
  mouth: MouthMoment;
  isSpeaking: boolean;
  gesture: HostGesture;
  /** Since the gesture began. */
  gestureMs: number;
  /** Outfit and studio, part to colour. */
  look: Readonly<Record<string, string>>;
}

interface Told {
  score: Score;
  shapes: { atMs: number; viseme: Viseme; weight: number }[];
}

/** A mouth needs about so long from one shape to the next; it leaves before the next sound is heard. */
const MOVE_MS = 75;
/** The host tells every two seconds; after so long without a word nobody performs any more. */
const STALE_MS = 7000;
/** Scores are told a few seconds ahead of the picture that is seen. */
const KEPT = 12;
const SHUT: MouthMoment = { from: "sil", fromWeight: 1, to: "sil", toWeight: 1, share: 1 };

export class PerformanceTrack {
  #told: Told[] = [];

  add(score: Score): void {
    if (score.version !== 1) return;
    const shapes = score.shapes.map(([at = 0, number = 0, percent = 0]) => ({
      atMs: score.at_ms + at,
      viseme: VISEMES[number] ?? "sil",
      weight: Math.min(1, percent / 100),
    }));
    const earlier = this.#told.filter((told) => told.score.at_ms < score.at_ms);
    this.#told = [...earlier, { score, shapes }].slice(-KEPT);
  }

  clear(): void {
    this.#told = [];
  }

  /** What is performed at this show clock; null while nothing was told, or for too long. */
  at(showMs: number): PerformedMoment | null {
    const told = this.#told.findLast(({ score }) => score.at_ms <= showMs) ?? this.#told[0];
    if (told === undefined || Math.abs(showMs - told.score.at_ms) > STALE_MS) return null;
    const { score } = told;
    return {
      mouth: score.is_speaking && showMs >= score.at_ms ? mouthAt(told, showMs) : SHUT,
      isSpeaking: score.is_speaking,
      gesture: score.gesture,
      gestureMs: Math.max(0, showMs - score.gesture_ms),
      look: score.look,
    };
  }
}

function mouthAt({ shapes }: Told, showMs: number): MouthMoment {
  const n = shapes.findLastIndex(({ atMs }) => atMs <= showMs + MOVE_MS / 2);
  const to = shapes[n];
  if (to === undefined) return SHUT;
  const from = shapes[n - 1] ?? to;
  const share = Math.min(1, Math.max(0, (showMs + MOVE_MS / 2 - to.atMs) / MOVE_MS));
  return { from: from.viseme, fromWeight: from.weight, to: to.viseme, toWeight: to.weight, share };
}
