/** Arabic texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "الصوت",
  page: "الصفحة",
  original: "الأصلي",
  underneath: "الأصلي خافتًا في الخلفية",
  preparing: (language) => `سيبدأ الصوت بـ${language}. حتى ذلك الحين تسمع الصوت الأصلي.`,
  missing: (language) => `لا صوت بـ${language} الآن. تسمع الصوت الأصلي.`,
  heard: (language) => `تسمع الصوت بـ${language}.`,
  offered: (language) => `يمكنك سماع هذا البث بـ${language}.`,
  listen: "استمع",
  voiceIn: (language) => `الصوت: ${language}`,
};
