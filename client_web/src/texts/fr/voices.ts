/** French texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "Voix",
  page: "Page",
  original: "Originale",
  underneath: "Voix originale en fond, plus bas",
  preparing: (language) => `Voix en ${language} dans un instant. En attendant, vous entendez l’originale.`,
  missing: (language) => `Pas de voix en ${language} en ce moment. Vous entendez l’originale.`,
  heard: (language) => `Vous écoutez en ${language}.`,
  offered: (language) => `Vous pouvez écouter ce direct en ${language}.`,
  listen: "Écouter",
  voiceIn: (language) => `Voix\u00a0: ${language}`,
  host3d: "L’hôte en figure 3D",
  host3dMore:
    "Dessiné sur votre appareil, avec la même voix. Consomme plus de batterie et ne marche que quand l’hôte IA présente.",
};
