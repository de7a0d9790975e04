/** Arabic texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "الصوت",
  page: "الصفحة",
  original: "الأصلي",
  underneath: "الأصلي خافتًا في الخلفية",
  preparing: (language) => `سيبدأ الصوت ب${language}. حتى ذلك الحين تسمع الصوت الأصلي.`,
  missing: (language) => `لا صوت ب${language} الآن. تسمع الصوت الأصلي.`,
  heard: (language) => `تسمع الصوت ب${language}.`,
  offered: (language) => `يمكنك سماع هذا البث ب${language}.`,
  listen: "استمع",
  voiceIn: (language) => `الصوت: ${language}`,
  host3d: "المضيف كشخصية ثلاثية الأبعاد",
  host3dMore: "يُرسم على جهازك وبالصوت نفسه. يستهلك بطارية أكثر، ويعمل فقط أثناء تقديم المضيف الذكي.",
};
