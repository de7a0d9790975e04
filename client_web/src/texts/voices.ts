/** The texts of the choice of voice. */

import { texts as english, type VoiceTexts } from "./en/voices.ts";
import { FOR_VIEWERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const voiceTexts = textPart<VoiceTexts, { voices: VoiceTexts }>(
  english,
  FOR_VIEWERS,
  (pack) => pack.voices,
);

export type { VoiceTexts };
