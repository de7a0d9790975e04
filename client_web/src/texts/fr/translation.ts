/** French texts about translation. */

import type { TranslationTexts } from "../en/translation.ts";

export const texts: TranslationTexts = {
  translated: "Traduit automatiquement",
  translatedFrom: (language) => `Traduit automatiquement (${language})`,
  showOriginal: "Afficher l’original",
  hideOriginal: "Masquer l’original",
  showTranslation: "Afficher la traduction",
  original: "Original",
  notTranslated: (language) => `En ${language}, non traduit`,
  asWritten: "Messages et produits en version originale",
  asWrittenMore: "Sinon, ils sont traduits automatiquement. Touchez un texte pour voir l’original.",
  words: "Vocabulaire",
  wordsNote:
    "Comment la traduction et le chat traitent vos mots. Les changements prennent effet en quelques secondes.",
  glossary: "Glossaire",
  glossaryMore: "Vos termes et leur équivalent dans d’autres langues. Les traductions s’y tiennent.",
  glossaryEmpty:
    "Aucun terme. Ajoutez ce qu’un traducteur rendrait mal\u00a0: matière, technique, nom de taille.",
  term: "Terme",
  termExample: "émail",
  saidIn: (language) => `En ${language}`,
  addTerm: "Ajouter un terme",
  removeTerm: (term) => `Retirer ${term}`,
  removed: (word) => `${word} retiré`,
  keep: "Ne jamais traduire",
  keepMore: "Marques, noms et slogans restent tels quels.",
  keepExample: "Casa Barro",
  blocked: "Masquer dans le chat",
  blockedMore:
    "Un message contenant l’un de ces mots n’apparaît pas, même si seule sa traduction le contient.",
  blockedExample: "un mot",
  addWord: "Ajouter",
  noWords: "Aucun pour l’instant.",
  missingTerm: "Écrivez le terme.",
  missingSaid: "Donnez-le dans une langue au moins.",
  doubleTerm: "Ce terme existe déjà.",
  saved: "Vocabulaire enregistré",
  unsaved: "Pas encore enregistré",
  filterTerms: "Chercher un terme",
  shopWide: "Ces mots valent pour toutes les marques de la boutique.",
  tooManyWords: (most) => `${most} au maximum.`,
};
