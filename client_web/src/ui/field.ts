/** A labelled input whose error stands beside it and says what to do. */

import { fill, h, setAttribute } from "./dom.ts";
import { icon } from "./icons.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface Field<T extends Control = HTMLInputElement> {
  element: HTMLElement;
  control: T;
  /** Shows an error, or with null takes it away. */
  setError: (text: string | null) => void;
}

let count = 0;

/** Wraps a control. */
export function field<T extends Control>(label: string, control: T, hint?: string): Field<T> {
  count += 1;
  const id = `v-field-${count}`;
  control.id = id;
  const hintElement =
    hint === undefined ? null : h("span", { class: "v-field__hint", id: `${id}-hint` }, hint);
  const error = h("span", { class: "v-field__error", id: `${id}-error` });
  const element = h(
    "div",
    { class: "v-field" },
    h("label", { htmlFor: id }, label),
    control,
    hintElement,
    error,
  );
  const describe = (isWrong: boolean): void => {
    const ids = [hintElement === null ? null : `${id}-hint`, isWrong ? `${id}-error` : null];
    setAttribute(control, "aria-describedby", ids.filter((each) => each !== null).join(" ") || null);
    setAttribute(control, "aria-invalid", isWrong ? "true" : null);
  };
  describe(false);
  return {
    element,
    control,
    setError: (text) => {
      element.classList.toggle("v-field--wrong", text !== null);
      if (text === null) error.replaceChildren();
      else fill(error, icon("alert", 18), text);
      describe(text !== null);
    },
  };
}
