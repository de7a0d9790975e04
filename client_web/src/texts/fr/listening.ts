/** Textes français sur la façon dont le studio écoute l’hôte. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "Sous-titres de votre voix",
  hint: "Ceux qui regardent sans le son lisent\u00a0; les autres lisent dans leur langue.",
  on: "Activés",
  off: "Désactivés",
  speak: "Vous parlez",
  none: "Ce serveur n’a pas de reconnaissance vocale. La personne qui le gère peut en installer une.",
  noLanguage: (language: string): string =>
    `Rien sur ce serveur ne comprend la langue suivante\u00a0: ${language}.`,
  offAir: "Commence quand vous êtes en direct.",
  starting: "Démarrage …",
  waiting: "En attente de votre son.",
  listening: "À l’écoute.",
  hearing: "Vous entend.",
  behind: "Les sous-titres sont en retard\u00a0: certains de vos mots manquent.",
  failed: "La reconnaissance est tombée en panne et redémarre.",
  rough: "Reconnaissance approximative\u00a0: attendez-vous à des erreurs.",
  commands: "Commandes vocales (en anglais)",
  commandsHint: "Une pause, dites «\u00a0studio\u00a0» puis l’une de ces phrases, une pause\u00a0:",
  next_product: "Produit suivant",
  previous_product: "Produit précédent",
  show_price: "Afficher le prix",
  pin: "Épingler",
  unpin: "Retirer",
  sold_out: "Épuisé",
  try_on: "Tout le monde essaie",
  heard: (what: string, product: string): string => `Vous avez dit\u00a0: ${what} · ${product}`,
  nothing: (what: string): string => `Vous avez dit\u00a0: ${what}. Il n’y a rien à quoi l’appliquer.`,
  undo: "Annuler",
  undone: "Annulé.",
};
