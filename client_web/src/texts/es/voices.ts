/** Spanish texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "Voz",
  page: "Página",
  original: "Original",
  underneath: "Original de fondo, más bajo",
  preparing: (language) => `La voz en ${language} empieza enseguida. Mientras tanto oyes el original.`,
  missing: (language) => `Ahora mismo no hay voz en ${language}. Oyes el original.`,
  heard: (language) => `Oyes la voz en ${language}.`,
  offered: (language) => `Puedes oír este directo en ${language}.`,
  listen: "Escuchar",
  voiceIn: (language) => `Voz: ${language}`,
  host3d: "La presentadora como figura 3D",
  host3dMore:
    "Se dibuja en tu dispositivo, con la misma voz. Gasta más batería y solo funciona mientras presenta la IA.",
};
