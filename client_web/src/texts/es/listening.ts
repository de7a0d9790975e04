/** Textos en español de cómo el estudio escucha a quien presenta. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "Subtítulos de tu voz",
  hint: "Quien mira sin sonido lee lo que dices; los demás, en su idioma.",
  on: "Activados",
  off: "Desactivados",
  speak: "Hablas",
  none: "Este servidor no tiene reconocimiento de voz. Quien lo administra puede instalarlo.",
  noLanguage: (language: string): string => `Nada en este servidor entiende ${language}.`,
  offAir: "Empieza cuando estés en directo.",
  starting: "Empezando …",
  waiting: "Esperando tu sonido.",
  listening: "Escuchando.",
  hearing: "Te oye.",
  behind: "Los subtítulos van con retraso: faltan algunas de tus palabras.",
  failed: "El reconocimiento falló y se reinicia.",
  rough: "Reconocimiento aproximado: entenderá mal algunas palabras.",
  commands: "Órdenes de voz (en inglés)",
  commandsHint: "Haz una pausa, di «studio» y una de estas, pausa:",
  next_product: "Producto siguiente",
  previous_product: "Producto anterior",
  show_price: "Mostrar el precio",
  pin: "Fijar",
  unpin: "Quitar",
  sold_out: "Agotado",
  try_on: "Que lo prueben todos",
  heard: (what: string, product: string): string => `Dijiste: ${what} · ${product}`,
  nothing: (what: string): string => `Dijiste: ${what}. No hay a qué aplicarlo.`,
  undo: "Deshacer",
  undone: "Deshecho.",
};
