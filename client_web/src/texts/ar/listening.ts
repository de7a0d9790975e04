/** نصوص عربية لاستماع الاستوديو إلى المضيف. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "ترجمة صوتك كتابةً",
  hint: "من يشاهد بلا صوت يقرأ ما تقول، ويقرأه الآخرون بلغتهم.",
  on: "تشغيل",
  off: "إيقاف",
  speak: "أنت تتحدث",
  none: "لا يوجد على هذا الخادم برنامج للتعرف على الكلام. يمكن لمن يديره تثبيته.",
  noLanguage: (language: string): string => `لا شيء على هذا الخادم يفهم ${language}.`,
  offAir: "يبدأ عندما تكون على الهواء.",
  starting: "جارٍ البدء …",
  waiting: "في انتظار صوتك.",
  listening: "يستمع.",
  hearing: "يسمعك.",
  behind: "النصوص متأخرة: بعض كلماتك لا يظهر.",
  failed: "تعطل التعرف على الكلام ويُعاد تشغيله.",
  rough: "تعرف تقريبي: توقع كلمات خاطئة.",
  commands: "أوامر صوتية (بالإنجليزية)",
  commandsHint: "توقف قليلًا، قل «studio» ثم إحدى هذه الجمل، ثم توقف:",
  next_product: "المنتج التالي",
  previous_product: "المنتج السابق",
  show_price: "إظهار السعر",
  pin: "تثبيت",
  unpin: "إزالة",
  sold_out: "نفد",
  try_on: "جرّبوه جميعًا",
  heard: (what: string, product: string): string => `قلتَ: ${what} · ${product}`,
  nothing: (what: string): string => `قلتَ: ${what}. لا يوجد ما يُطبَّق عليه.`,
  undo: "تراجع",
  undone: "تم التراجع.",
};
