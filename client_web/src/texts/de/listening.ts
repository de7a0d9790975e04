/** Deutsche Texte dazu, wie das Studio den Gastgeber hört. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "Untertitel Ihrer Stimme",
  hint: "Wer ohne Ton zusieht, liest mit; andere lesen es in ihrer Sprache.",
  on: "An",
  off: "Aus",
  speak: "Sie sprechen",
  none: "Dieser Server hat keine Spracherkennung. Wer ihn betreibt, kann eine installieren.",
  noLanguage: (language: string): string => `Auf diesem Server versteht nichts ${language}.`,
  offAir: "Beginnt, wenn Sie live sind.",
  starting: "Beginnt …",
  waiting: "Wartet auf Ihren Ton.",
  listening: "Hört zu.",
  hearing: "Hört Sie.",
  behind: "Die Untertitel hängen nach: Einige Ihrer Worte fehlen.",
  failed: "Die Spracherkennung ist abgestürzt und startet neu.",
  rough: "Eine grobe Erkennung: Rechnen Sie mit Hörfehlern.",
  commands: "Sprachbefehle (Englisch)",
  commandsHint: "Pause, dann „studio“ und eines davon, Pause:",
  next_product: "Nächstes Produkt",
  previous_product: "Voriges Produkt",
  show_price: "Preis zeigen",
  pin: "Anheften",
  unpin: "Abnehmen",
  sold_out: "Ausverkauft",
  try_on: "Alle probieren",
  heard: (what: string, product: string): string => `Sie sagten: ${what} · ${product}`,
  nothing: (what: string): string => `Sie sagten: ${what}. Es gibt nichts, worauf es passt.`,
  undo: "Rückgängig",
  undone: "Zurückgenommen.",
};
