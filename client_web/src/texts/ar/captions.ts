/** Arabic texts of the captions. */

import type { CaptionTexts } from "../en/captions.ts";

export const texts: CaptionTexts = {
  captions: "الترجمة النصية",
  when: "عرض الترجمة النصية",
  auto: "تلقائي",
  autoMore: "تظهر تلقائيًا عندما يكون الصوت مغلقًا أو عند التحدث بلغة أخرى.",
  on: "تشغيل",
  off: "إيقاف",
  language: "اللغة",
  asSpoken: "كما تُنطق",
  size: "الحجم",
  small: "صغير",
  medium: "متوسط",
  large: "كبير",
  larger: "الأكبر",
  ground: "الخلفية",
  glass: "زجاجية",
  solid: "سوداء",
  outline: "حواف",
  place: "الموضع",
  top: "أعلى",
  bottom: "أسفل",
  sampleSaid: "صُنع هذا الكوب ",
  sampleComing: "يدويًا في بورتو.",
};
