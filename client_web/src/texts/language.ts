/** Which language a person reads, and how texts in several languages are picked. */

export type Language = "en" | "zh-CN" | "es" | "ar" | "de" | "fr" | "ja" | "ko";

/** Each by its own name, as people look for it. */
export const LANGUAGES: readonly { tag: Language; name: string }[] = [
  { tag: "en", name: "English" },
  { tag: "zh-CN", name: "简体中文" },
  { tag: "es", name: "Español" },
  { tag: "ar", name: "العربية" },
  { tag: "de", name: "Deutsch" },
  { tag: "fr", name: "Français" },
  { tag: "ja", name: "日本語" },
  { tag: "ko", name: "한국어" },
];

const STORED = "vitrine:language";

/** The nearest of our languages to a tag such as "zh-Hans-SG" or "es_MX"; null when there is none. */
export function nearestLanguage(tag: string): Language | null {
  const wanted = tag.toLowerCase().replace("_", "-");
  const primary = wanted.split("-")[0];
  const exact = LANGUAGES.find((known) => known.tag.toLowerCase() === wanted);
  return (exact ?? LANGUAGES.find((known) => known.tag.toLowerCase().split("-")[0] === primary))?.tag ?? null;
}

/** The first of the wishes that we have, else English. */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const found = wish ? nearestLanguage(wish) : null;
    if (found !== null) return found;
  }
  return "en";
}

/** What this person chose before, or what the browser asks for. */
export function currentLanguage(preferred?: string | null): Language {
  return chooseLanguage([stored(), preferred, ...navigator.languages]);
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // storage is off: the choice holds for this page
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** The text in the reader's language, else the nearest one, else English, else any. Empty for no text at all. */
export function textIn(texts: Readonly<Record<string, string>>, language: string): string {
  const primary = language.split("-")[0];
  const related = Object.keys(texts).find((tag) => tag.split("-")[0] === primary);
  for (const tag of [language, related, "en", ...Object.keys(texts)]) {
    const text = tag === undefined ? undefined : texts[tag];
    if (text) return text;
  }
  return "";
}

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar", "he", "fa", "ur"]);

export function directionOf(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** The name of a language (a tag) as readers of `reader` write it inside a sentence; the tag itself where there is none. */
export function languageName(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A language's own name, as people look for it. */
export function ownName(tag: string): string {
  const name = languageName(tag, tag);
  try {
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return name;
  }
}
