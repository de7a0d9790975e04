/** English texts of the choice of voice: the keys that the other languages must have. */

export const texts = {
  voice: "Voice",
  page: "Page",
  original: "Original",
  underneath: "Original quietly underneath",
  preparing: (language: string) => `${language} is about to begin. Until then you hear the original.`,
  missing: (language: string) => `${language} is not spoken right now. You hear the original.`,
  heard: (language: string) => `You hear ${language}.`,
  offered: (language: string) => `You can hear this show in ${language}.`,
  listen: "Listen",
  voiceIn: (language: string) => `Voice: ${language}`,
  host3d: "The host as a 3D figure",
  host3dMore:
    "Drawn on your device, with the same voice. Uses more battery, and works only while the AI host presents.",
};

export type VoiceTexts = typeof texts;
