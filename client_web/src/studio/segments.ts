/** One choice among a few, side by side under the thumb. */

import { h } from "../ui/dom.ts";

export interface Segment {
  text: string;
  isChosen: boolean;
  choose: () => void;
}

/** `name` names the group among the page's radio buttons; `hint` stands below it. */
export function segments(
  legend: string,
  hint: HTMLElement | null,
  name: string,
  choices: readonly Segment[],
): HTMLElement {
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "v-strong" }, legend),
    h(
      "div",
      { class: "segment-row" },
      ...choices.map((choice) =>
        h(
          "label",
          { class: "segment" },
          h("input", { type: "radio", name, checked: choice.isChosen, onchange: choice.choose }),
          h("span", {}, choice.text),
        ),
      ),
    ),
    hint,
  );
}
