/** The sheet of the captions: when, in which language, how large, on what ground and where. */

import { captionTexts } from "../texts/captions.ts";
import { LANGUAGES } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { type CaptionChoices, GROUNDS, PLACES, SIZES, WHEN, WORDS } from "./caption_choices.ts";
import type { PlayerContext } from "./context.ts";

/** `changed` gets the new choices at once: the captions behind the sheet are the preview. */
export function captionSettings(
  context: PlayerContext,
  choices: CaptionChoices,
  changed: (choices: CaptionChoices) => void,
): HTMLElement {
  const { language } = context;
  const words = captionTexts(language);
  const now = { ...choices };
  const name = LANGUAGES.find(({ tag }) => tag === language)?.name ?? language;
  const sample = h(
    "div",
    { class: "captions captions--sample", attrs: { "aria-hidden": "true" } },
    h(
      "p",
      { class: "captions__text" },
      h("span", { class: "captions__said" }, words.sampleSaid),
      h("span", { class: "captions__coming" }, words.sampleComing),
    ),
  );

  function group<K extends keyof CaptionChoices>(
    key: K,
    title: string,
    known: readonly CaptionChoices[K][],
    names: Record<CaptionChoices[K], string>,
  ): HTMLElement {
    const options = known.map((value) => {
      const input = h("input", {
        type: "radio",
        name: `captions-${key}`,
        value,
        checked: now[key] === value,
        onchange: () => {
          now[key] = value;
          draw();
          changed({ ...now });
        },
      });
      return h("label", { class: "caption-settings__choice" }, input, h("span", {}, names[value]));
    });
    return h(
      "fieldset",
      { class: "caption-settings__group" },
      h("legend", {}, title),
      h("div", { class: "caption-settings__row" }, ...options),
    );
  }

  function draw(): void {
    sample.dataset.size = now.size;
    sample.dataset.ground = now.ground;
  }

  draw();
  return h(
    "div",
    { class: "caption-settings" },
    h("div", { class: "caption-settings__preview" }, sample),
    group("when", words.when, WHEN, { auto: words.auto, on: words.on, off: words.off }),
    h("p", { class: "v-small caption-settings__more" }, words.autoMore),
    group("words", words.language, WORDS, { mine: name, spoken: words.asSpoken }),
    group("size", words.size, SIZES, { s: words.small, m: words.medium, l: words.large, xl: words.larger }),
    group("ground", words.ground, GROUNDS, {
      glass: words.glass,
      solid: words.solid,
      outline: words.outline,
    }),
    group("place", words.place, PLACES, { auto: words.auto, top: words.top, bottom: words.bottom }),
  );
}
