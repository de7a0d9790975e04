/** The head of every page: where one is, how much there is, and the one thing to do. */

import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

export interface PageHead {
  title: string;
  note?: string;
  back?: { label: string; act: () => void };
  actions?: Node[];
}

export function pageHead(head: PageHead): HTMLElement {
  return h(
    "header",
    { class: "page-head" },
    head.back
      ? h(
          "button",
          {
            class: "v-button v-button--plain v-button--round back",
            type: "button",
            onclick: head.back.act,
            attrs: { "aria-label": head.back.label },
          },
          icon("back"),
        )
      : null,
    h(
      "div",
      { class: "page-title" },
      h("h1", {}, head.title),
      head.note ? h("p", { class: "v-muted" }, head.note) : null,
    ),
    ...(head.actions ?? []),
  );
}
