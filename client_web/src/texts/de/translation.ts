/** German texts about translation. */

import type { TranslationTexts } from "../en/translation.ts";

export const texts: TranslationTexts = {
  translated: "Automatisch übersetzt",
  translatedFrom: (language) => `Automatisch übersetzt aus: ${language}`,
  showOriginal: "Original zeigen",
  hideOriginal: "Original ausblenden",
  showTranslation: "Übersetzung zeigen",
  original: "Original",
  notTranslated: (language) => `Auf ${language}, nicht übersetzt`,
  asWritten: "Nachrichten und Produkte im Original",
  asWrittenMore: "Sonst wird automatisch übersetzt. Tippe auf einen Text, um das Original zu sehen.",
  words: "Wortschatz",
  wordsNote: "Wie Übersetzung und Chat mit deinen Wörtern umgehen. Änderungen gelten nach Sekunden.",
  glossary: "Glossar",
  glossaryMore: "Deine Begriffe und wie sie in anderen Sprachen heißen. Übersetzungen halten sich daran.",
  glossaryEmpty:
    "Noch keine Begriffe. Füge hinzu, was leicht falsch übersetzt wird: Material, Technik, Größe.",
  term: "Begriff",
  termExample: "Glasur",
  saidIn: (language) => `Auf ${language}`,
  addTerm: "Begriff hinzufügen",
  removeTerm: (term) => `${term} entfernen`,
  removed: (word) => `${word} entfernt`,
  keep: "Nie übersetzen",
  keepMore: "Marken, Namen und Slogans bleiben, wie sie sind.",
  keepExample: "Casa Barro",
  blocked: "Im Chat ausblenden",
  blockedMore:
    "Nachrichten mit einem dieser Wörter erscheinen nicht, auch wenn es nur in der Übersetzung steht.",
  blockedExample: "ein Wort",
  addWord: "Hinzufügen",
  noWords: "Noch keine.",
  missingTerm: "Gib den Begriff ein.",
  missingSaid: "Nenne ihn in mindestens einer Sprache.",
  doubleTerm: "Diesen Begriff gibt es schon.",
  saved: "Wortschatz gespeichert",
  unsaved: "Noch nicht gespeichert",
  filterTerms: "Begriff suchen",
  shopWide: "Diese Wörter gelten für alle Marken des Shops.",
  tooManyWords: (most) => `Höchstens ${most}.`,
};
