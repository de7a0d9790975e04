/** The choice of the voice, in the language sheet: the original, or another language alone or over it. */

import type { DubChoice } from "../media/dubs.ts";
import { languageName, ownName } from "../texts/language.ts";
import { voiceTexts } from "../texts/voices.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";

export interface VoiceSettings {
  element: HTMLElement;
  update: () => void;
}

/** Hidden while the show is heard in one language only and nothing else is wished. */
export function voiceSettings(context: PlayerContext, voices: DubChoice): VoiceSettings {
  const { language } = context;
  const words = voiceTexts(language);
  const list = h("div", { class: "voices__list" });
  const state = h("p", { class: "voices__state v-small", attrs: { role: "status" } });
  const under = h("input", { type: "checkbox", onchange: () => chooseUnder() });
  const underRow = h(
    "label",
    { class: "voices__under" },
    h("span", {}, words.underneath),
    h("span", { class: "voices__switch" }, under, h("span", { class: "voices__knob" })),
  );
  const element = h(
    "fieldset",
    { class: "voices" },
    h("legend", {}, icon("sound", 20), words.voice),
    list,
    underRow,
    state,
  );
  let drawn = "";

  function chooseUnder(): void {
    const { wish } = voices;
    if (wish !== null) voices.choose({ ...wish, withOriginal: under.checked });
  }

  function choice(tag: string | null, name: string): HTMLElement {
    const input = h("input", {
      type: "radio",
      name: "voice",
      value: tag ?? "",
      checked: (voices.wish?.language ?? null) === tag,
      onchange: () => voices.choose(tag === null ? null : { language: tag, withOriginal: under.checked }),
    });
    const label = h("span", {}, name);
    if (tag !== null) label.lang = tag;
    return h("label", { class: "voices__choice" }, input, label, icon("check", 20));
  }

  function update(): void {
    const { wish, languages } = voices;
    const offered =
      wish === null || languages.includes(wish.language) ? languages : [...languages, wish.language];
    element.hidden = offered.length === 0;
    const key = offered.join();
    if (key !== drawn) {
      drawn = key;
      fill(list, choice(null, words.original), ...offered.map((tag) => choice(tag, ownName(tag))));
    }
    for (const input of list.querySelectorAll("input"))
      input.checked = input.value === (wish?.language ?? "");
    underRow.hidden = wish === null || !voices.isOver(wish.language);
    if (wish !== null) under.checked = wish.withOriginal;
    const name = wish === null ? "" : languageName(wish.language, language);
    const said = {
      original: "",
      preparing: words.preparing(name),
      dubbed: words.heard(name),
      missing: words.missing(name),
    }[voices.state];
    element.dataset.state = voices.state;
    setText(state, said.charAt(0).toLocaleUpperCase(language) + said.slice(1));
  }

  under.checked = voices.wish?.withOriginal ?? false;
  update();
  return { element, update };
}
