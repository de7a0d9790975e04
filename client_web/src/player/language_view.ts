/** Choice of the language. */

import { LANGUAGES, type Language } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

export function languageView(current: Language, choose: (language: Language) => void): HTMLElement {
  const buttons = LANGUAGES.map(({ tag, name }) =>
    h(
      "button",
      {
        type: "button",
        class: "v-button v-button--plain languages__choice",
        lang: tag,
        attrs: { "aria-current": tag === current ? "true" : null },
        onclick: () => choose(tag),
      },
      h("span", {}, name),
      tag === current ? icon("check", 20) : null,
    ),
  );
  return h("div", { class: "languages" }, ...buttons);
}
