/** German texts of how the studio listens to its host. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "Untertitel deiner Stimme",
  hint: "Wer ohne Ton zusieht, liest mit; andere lesen es in ihrer Sprache.",
  on: "An",
  off: "Aus",
  speak: "Du sprichst",
  none: "Dieser Server hat keine Spracherkennung. Wer ihn betreibt, kann eine installieren.",
  noLanguage: (language: string): string => `Auf diesem Server versteht nichts ${language}.`,
  offAir: "Beginnt, wenn du live bist.",
  starting: "Beginnt …",
  waiting: "Wartet auf deinen Ton.",
  listening: "Hört zu.",
  hearing: "Hört dich.",
  behind: "Die Untertitel hängen nach: Einige deiner Worte fehlen.",
  failed: "Die Spracherkennung ist abgestürzt und startet neu.",
  rough: "Eine grobe Erkennung: Rechne mit Hörfehlern.",
  commands: "Sprachbefehle (Englisch)",
  commandsHint: "Pause machen, „studio“ sagen und eines davon, wieder Pause:",
  next_product: "Nächstes Produkt",
  previous_product: "Voriges Produkt",
  show_price: "Preis zeigen",
  pin: "Anheften",
  unpin: "Abnehmen",
  sold_out: "Ausverkauft",
  try_on: "Alle probieren",
  heard: (what: string, product: string): string => `Du hast gesagt: ${what} · ${product}`,
  nothing: (what: string): string => `Du hast gesagt: ${what}. Es gibt nichts, worauf es passt.`,
  undo: "Rückgängig",
  undone: "Zurückgenommen.",
};
