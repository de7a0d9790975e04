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
  host3d: "Der Host als 3D-Figur",
  host3dMore:
    "Auf deinem Gerät gezeichnet, mit derselben Stimme. Braucht mehr Akku und geht nur, solange der KI-Host präsentiert.",
};
