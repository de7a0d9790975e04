/** The texts of how the studio listens to its host. */

import { texts as english, type ListeningTexts } from "./en/listening.ts";
import { textPart } from "./part.ts";

const PACKS = {
  ar: () => import("./ar/listening.ts"),
  de: () => import("./de/listening.ts"),
  es: () => import("./es/listening.ts"),
  fr: () => import("./fr/listening.ts"),
  ja: () => import("./ja/listening.ts"),
  ko: () => import("./ko/listening.ts"),
  "zh-CN": () => import("./zh-CN/listening.ts"),
};

export const listeningTexts = textPart<ListeningTexts, { texts: ListeningTexts }>(
  english,
  PACKS,
  (pack) => pack.texts,
);

export type { ListeningTexts };
