/** German texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "Stimme",
  page: "Seite",
  original: "Original",
  underneath: "Original leise darunter",
  preparing: (language) => `${language} beginnt gleich. Bis dahin hörst du das Original.`,
  missing: (language) => `${language} wird gerade nicht gesprochen. Du hörst das Original.`,
  heard: (language) => `Du hörst ${language}.`,
  offered: (language) => `Du kannst diese Show auf ${language} hören.`,
  listen: "Anhören",
  voiceIn: (language) => `Stimme: ${language}`,
};
