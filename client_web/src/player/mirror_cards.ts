/** What stands in the mirror's place while there is no picture in it: before, while it loads, and when it cannot be. */

import type { TryOnTexts } from "../texts/try_on.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

/** Says what the camera is for before it is asked for. */
export function offerCard(words: TryOnTexts, start: () => void): HTMLElement[] {
  return [
    h("span", { class: "mirror__sign" }, icon("mirror", 48)),
    h("p", { class: "mirror__say" }, words.startMirrorMore),
    h(
      "button",
      { type: "button", class: "v-button v-button--primary v-button--large", onclick: start },
      words.startMirror,
    ),
  ];
}

export function waitCard(words: TryOnTexts): HTMLElement[] {
  return [
    h("span", { class: "mirror__wait", attrs: { "aria-hidden": "true" } }),
    h("p", { class: "mirror__say", attrs: { role: "status" } }, words.starting),
    h("p", { class: "v-small mirror__more" }, words.startingMore),
  ];
}

export interface ProblemActs {
  tryAgain: string;
  again: () => void;
  /** There is a model to look at instead. */
  seeIn3d: (() => void) | null;
}

/** What is wrong and what to do about it, by the error's code. */
export function problemCard(words: TryOnTexts, code: string, acts: ProblemActs): HTMLElement[] {
  const known = code in words.problems ? code : "camera_failed";
  const card = [
    h("span", { class: "mirror__sign" }, icon("alert", 40)),
    h("h3", { class: "mirror__problem", attrs: { role: "alert" } }, words.problems[known] ?? ""),
    h("p", { class: "mirror__say" }, words.problemsMore[known] ?? ""),
    h("button", { type: "button", class: "v-button v-button--primary", onclick: acts.again }, acts.tryAgain),
  ];
  if (acts.seeIn3d !== null) {
    const see = { type: "button", class: "v-button v-button--glass", onclick: acts.seeIn3d } as const;
    card.push(h("button", see, words.seeIn3dInstead));
  }
  return card;
}
