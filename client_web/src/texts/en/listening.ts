/** English texts of how the studio listens to its host: the keys that the other languages must have. */

export const texts = {
  title: "Captions of your voice",
  hint: "Those who watch without sound read along; others read it in their language.",
  on: "On",
  off: "Off",
  speak: "You speak",
  none: "This server has no speech recogniser. Whoever runs it can install one.",
  noLanguage: (language: string): string => `Nothing on this server understands ${language}.`,
  offAir: "Begins when you are live.",
  starting: "Starting …",
  waiting: "Waiting for your sound.",
  listening: "Listening.",
  hearing: "Hearing you.",
  behind: "Captions are behind: some of your words are left out.",
  failed: "The recogniser broke and is started again.",
  rough: "A rough recogniser: expect words it misheard.",
  commands: "Voice commands",
  commandsHint: "Pause, say “studio” and one of these, pause:",
  next_product: "Next product",
  previous_product: "Previous product",
  show_price: "Show the price",
  pin: "Pin",
  unpin: "Take it down",
  sold_out: "Sold out",
  try_on: "Everyone try this",
  heard: (what: string, product: string): string => `You said: ${what} · ${product}`,
  nothing: (what: string): string => `You said: ${what}. There is nothing to do it to.`,
  undo: "Undo",
  undone: "Taken back.",
};

export type ListeningTexts = typeof texts;
