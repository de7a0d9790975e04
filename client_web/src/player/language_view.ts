/** Choice of the language. */

import { LANGUAGES, type Language } from "../texts/index.ts";
import { translationTexts } from "../texts/translation.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

export function languageView(
  current: Language,
  choose: (language: Language) => void,
  asWritten: { isOn: boolean; changed: (isOn: boolean) => void },
): HTMLElement {
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
  return h("div", { class: "languages" }, ...buttons, asWrittenSwitch(current, asWritten));
}

function asWrittenSwitch(
  language: Language,
  { isOn, changed }: { isOn: boolean; changed: (isOn: boolean) => void },
): HTMLElement {
  const words = translationTexts(language);
  const input = h("input", {
    type: "checkbox",
    checked: isOn,
    attrs: { role: "switch", "aria-describedby": "as-written-more" },
    onchange: () => changed(input.checked),
  });
  return h(
    "label",
    { class: "voices__under languages__switch" },
    h(
      "span",
      { class: "languages__words" },
      h("span", {}, words.asWritten),
      h("span", { class: "v-muted v-small", id: "as-written-more" }, words.asWrittenMore),
    ),
    h("span", { class: "voices__switch" }, input, h("span", { class: "voices__knob" })),
  );
}
