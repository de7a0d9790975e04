/** How somebody wants captions, remembered on this device. */

export const WHEN = ["auto", "on", "off"] as const;
export const WORDS = ["mine", "spoken"] as const;
export const SIZES = ["s", "m", "l", "xl"] as const;
export const GROUNDS = ["glass", "solid", "outline"] as const;
export const PLACES = ["auto", "top", "bottom"] as const;

export interface CaptionChoices {
  /** `auto`: when the sound is off, or somebody speaks another language than the reader's. */
  when: (typeof WHEN)[number];
  /** In the reader's language, or in the one that is spoken. */
  words: (typeof WORDS)[number];
  size: (typeof SIZES)[number];
  /** What stands behind the letters. */
  ground: (typeof GROUNDS)[number];
  /** `auto`: above the host's face on a phone, at the foot of a large screen. */
  place: (typeof PLACES)[number];
}

export const USUAL: CaptionChoices = {
  when: "auto",
  words: "mine",
  size: "m",
  ground: "glass",
  place: "auto",
};

const STORED = "vitrine:captions";

/** What was chosen before; the usual for what was not, or is not understood any more. */
export function readChoices(stored: string | null): CaptionChoices {
  let found: Partial<Record<keyof CaptionChoices, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? "{}");
    if (typeof parsed === "object" && parsed !== null) found = parsed;
  } catch {
    // written by somebody else
  }
  return {
    when: oneOf(WHEN, found.when, USUAL.when),
    words: oneOf(WORDS, found.words, USUAL.words),
    size: oneOf(SIZES, found.size, USUAL.size),
    ground: oneOf(GROUNDS, found.ground, USUAL.ground),
    place: oneOf(PLACES, found.place, USUAL.place),
  };
}

export function rememberedChoices(): CaptionChoices {
  try {
    return readChoices(localStorage.getItem(STORED));
  } catch {
    return USUAL;
  }
}

export function rememberChoices(choices: CaptionChoices): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(choices));
  } catch {
    // storage is off: the choice holds for this page
  }
}

function oneOf<T extends string>(known: readonly T[], found: unknown, usual: T): T {
  return known.find((each) => each === found) ?? usual;
}
