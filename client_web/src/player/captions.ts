/** Captions in front of the picture: changed inside the frame callback that they belong to, and only when they change. */

import type { CaptionShown } from "../protocol/captions.ts";
import { captionTexts } from "../texts/captions.ts";
import { directionOf, type Language } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { type CaptionChoices, rememberedChoices } from "./caption_choices.ts";
import type { PlayerContext } from "./context.ts";
import type { Stage } from "./stage.ts";

export class Captions {
  /** Not read out: whoever listens hears the words themselves. */
  readonly element = h("div", { class: "captions", hidden: true, attrs: { "aria-hidden": "true" } });
  readonly #text = h("p", { class: "captions__text" });
  readonly #said = h("span", { class: "captions__said" });
  readonly #coming = h("span", { class: "captions__coming" });
  readonly #mark = h("span", { class: "captions__mark" });
  readonly #context: PlayerContext;
  readonly #stage: Stage;
  readonly #language: Language;
  choices: CaptionChoices = rememberedChoices();
  #drawn = "";

  constructor(context: PlayerContext, stage: Stage) {
    const { language } = context;
    this.#context = context;
    this.#stage = stage;
    this.#language = language;
    this.#mark.textContent = captionTexts(language).asSpoken;
    this.#text.append(this.#mark, this.#said, this.#coming);
    this.element.append(this.#text);
    this.choose(this.choices);
  }

  /** Whether they stand under the top bar. */
  isTop(isWide: boolean): boolean {
    const { place } = this.choices;
    return place === "auto" ? !isWide : place === "top";
  }

  choose(choices: CaptionChoices): void {
    this.choices = choices;
    const { element } = this;
    element.dataset.size = choices.size;
    element.dataset.ground = choices.ground;
  }

  /** Draws what is to be read at this frame. */
  present(showMs: number): void {
    const { captions, state } = this.#context.session;
    const isOn = state?.status === "live" && this.#isWanted(captions.spokenLanguage);
    this.#show(isOn ? captions.at(showMs, this.choices.words === "mine" ? this.#language : null) : null);
  }

  #isWanted(spoken: string | null): boolean {
    const { when } = this.choices;
    if (when !== "auto") return when === "on";
    return this.#stage.sound !== "on" || spoken !== this.#language.split("-")[0];
  }

  #show(shown: CaptionShown | null): void {
    const drawn = shown === null ? "" : `${shown.startMs} ${shown.language} ${shown.spoken} ${shown.text}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = shown === null;
    if (shown === null) return;
    this.#said.textContent = shown.text.slice(0, shown.spoken);
    this.#coming.textContent = shown.text.slice(shown.spoken);
    this.#mark.hidden = !shown.isOriginal;
    this.#mark.lang = this.#language;
    this.#text.lang = shown.language;
    this.#text.dir = directionOf(shown.language);
  }
}
