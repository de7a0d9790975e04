/** Which language the texts are written in now; a dot marks languages that have a title already. */

import { LANGUAGES } from "../texts/language.ts";
import { h } from "../ui/dom.ts";
import { segments } from "./pieces.ts";

export interface LanguageTabsOptions {
  label: string;
  /** Further tags that the texts have. */
  present: readonly string[];
  isWritten: (tag: string) => boolean;
  chosen: string;
  choose: (tag: string) => void;
}

export function languageTabs(options: LanguageTabsOptions): HTMLElement {
  const tags = [...new Set([...LANGUAGES.map((language) => language.tag as string), ...options.present])];
  const name = (tag: string): string => {
    const known = LANGUAGES.find((language) => language.tag === tag)?.name;
    return known ?? new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  };
  const row = segments(
    "text-language",
    options.label,
    tags.map((tag) => ({ value: tag, label: name(tag) })),
    options.chosen,
    options.choose,
  );
  row.classList.add("languages");
  row.querySelectorAll(".segment").forEach((segment, place) => {
    const tag = tags[place] ?? "";
    if (options.isWritten(tag))
      segment.append(h("span", { class: "written", attrs: { "aria-hidden": "true" } }));
  });
  // there are more of them than a phone has room for: the chosen one is in sight
  requestAnimationFrame(() => {
    const chosen = row.querySelector("input:checked")?.closest<HTMLElement>(".segment");
    chosen?.scrollIntoView({ inline: "center", block: "nearest" });
  });
  return row;
}
