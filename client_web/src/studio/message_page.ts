/** A page with one thing to say: no key, expired, ended, not yours, cannot be loaded. */

import { h } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";

export interface MessagePageOptions {
  drawing: IconName;
  title: string;
  text: string;
  /** Further lines in large, e.g. the sum of the show. */
  figure?: string;
  action?: { label: string; act: () => void };
}

export function messagePage(options: MessagePageOptions): HTMLElement {
  return h(
    "main",
    { class: "studio-page message" },
    h("span", { class: "message-mark" }, icon(options.drawing, 32)),
    h("h1", {}, options.title),
    options.figure ? h("p", { class: "figure v-number" }, options.figure) : null,
    h("p", { class: "v-muted" }, options.text),
    options.action
      ? h(
          "button",
          {
            class: "v-button v-button--primary v-button--large",
            type: "button",
            onclick: options.action.act,
          },
          options.action.label,
        )
      : null,
  );
}
