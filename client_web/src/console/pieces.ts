/** Small pieces that several pages of the console share. */

import type { Product } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";
import { type WorkIcon, workIcon } from "../ui/work_icons.ts";
import type { Words } from "./workplace.ts";

export function picture(url: string | null | undefined, alt = ""): HTMLElement {
  if (!url) return h("span", { class: "pic", attrs: { "aria-hidden": "true" } }, workIcon("product", 22));
  return h("img", { class: "pic", src: url, alt, loading: "lazy", decoding: "async" });
}

export function productPicture(product: Product | undefined): HTMLElement {
  return picture(product?.pictures[0]?.url);
}

export interface EmptyState {
  drawing: WorkIcon;
  title: string;
  text: string;
  action?: { label: string; act: () => void; isPrimary?: boolean };
}

/** Says what to do first, with the button for it. */
export function emptyState(empty: EmptyState): HTMLElement {
  return h(
    "div",
    { class: "v-empty" },
    workIcon(empty.drawing, 40),
    h("p", { class: "v-empty__title" }, empty.title),
    h("p", {}, empty.text),
    empty.action
      ? h(
          "button",
          {
            class: `v-button ${empty.action.isPrimary === false ? "v-button--line" : "v-button--primary"}`,
            type: "button",
            onclick: empty.action.act,
          },
          empty.action.label,
        )
      : null,
  );
}

/** Grey bones where the list will be. */
export function bones(words: Words, rows = 6): HTMLElement {
  return h(
    "div",
    { class: "bones", attrs: { role: "status", "aria-label": words.texts.loading } },
    ...Array.from({ length: rows }, () => h("div", { class: "v-bone" })),
  );
}

export interface Segment<T extends string> {
  value: T;
  label: string;
  count?: number;
}

/** A few choices of which one holds; radios, so that arrow keys work. */
export function segments<T extends string>(
  name: string,
  label: string,
  choices: readonly Segment<T>[],
  chosen: T,
  choose: (value: T) => void,
): HTMLElement {
  return h(
    "div",
    { class: "segments", attrs: { role: "radiogroup", "aria-label": label } },
    ...choices.map((choice) =>
      h(
        "label",
        { class: "segment" },
        h("input", {
          type: "radio",
          name,
          value: choice.value,
          checked: choice.value === chosen,
          onchange: () => choose(choice.value),
        }),
        h("span", {}, choice.label),
        choice.count === undefined ? null : h("span", { class: "count" }, String(choice.count)),
      ),
    ),
  );
}

export function searchField(label: string, hint: string, changed: (words: string) => void): HTMLElement {
  const input = h("input", {
    type: "search",
    placeholder: hint,
    autocomplete: "off",
    attrs: { "aria-label": label },
  });
  input.addEventListener("input", () => changed(input.value));
  return h("div", { class: "search v-field" }, icon("search", 20), input);
}

export function iconButton(
  drawing: IconName | SVGSVGElement,
  label: string,
  act: () => void,
): HTMLButtonElement {
  return h(
    "button",
    {
      class: "v-button v-button--plain v-button--round",
      type: "button",
      title: label,
      onclick: act,
      attrs: { "aria-label": label },
    },
    typeof drawing === "string" ? icon(drawing, 20) : drawing,
  );
}

export function swatch(color: string | null): HTMLElement | null {
  return color
    ? h("span", { class: "swatch", css: { "--swatch": color }, attrs: { "aria-hidden": "true" } })
    : null;
}

/** A checkbox large enough for a thumb. */
export function checkbox(
  label: string,
  isChecked: boolean,
  changed: (isChecked: boolean) => void,
): HTMLElement {
  const input = h("input", { type: "checkbox", checked: isChecked, attrs: { "aria-label": label } });
  input.addEventListener("change", () => changed(input.checked));
  return h("label", { class: "tick" }, input);
}

/** The last characters of an id, for people. */
export function shortNumber(id: string): string {
  return id.split("_").at(-1)?.slice(-6).toUpperCase() ?? id;
}
