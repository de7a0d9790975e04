/** Short notices at the edge of a page of work, read to screen readers, with a way to take the step back. */

import { h } from "./dom.ts";

export interface NoticeOptions {
  tone?: "plain" | "good" | "bad";
  undo?: { label: string; act: () => void };
  /** How long it stays; things that went wrong stay longer. */
  forMs?: number;
}

const FOR_MS = 5000;
const BAD_FOR_MS = 9000;
const MOST = 3;

export class Notices {
  readonly element: HTMLElement;

  constructor() {
    this.element = h("div", { class: "notices", attrs: { role: "status", "aria-live": "polite" } });
    // A popover lies above open dialogs too; where there is none, notices are below them.
    if ("popover" in this.element) {
      this.element.popover = "manual";
    }
  }

  /** Shows one; returns a function that takes it away early. */
  tell(text: string, options: NoticeOptions = {}): () => void {
    const { tone = "plain", undo } = options;
    const gone = (): void => {
      clearTimeout(timer);
      notice.remove();
      if (this.element.childElementCount === 0) this.#lower();
    };
    const notice = h(
      "div",
      { class: "notice-line", data: { tone } },
      h("span", {}, text),
      undo
        ? h(
            "button",
            {
              type: "button",
              onclick: () => {
                gone();
                undo.act();
              },
            },
            undo.label,
          )
        : null,
    );
    const timer = setTimeout(gone, options.forMs ?? (tone === "bad" ? BAD_FOR_MS : FOR_MS));
    while (this.element.childElementCount >= MOST) this.element.firstElementChild?.remove();
    this.element.append(notice);
    this.#raise();
    return gone;
  }

  /** Shown again, it comes to lie above a dialog that was opened since. */
  #raise(): void {
    this.#lower();
    try {
      this.element.showPopover();
    } catch {
      // no popovers here: it stands in the page
    }
  }

  #lower(): void {
    try {
      if (this.element.matches(":popover-open")) this.element.hidePopover();
    } catch {
      // see above
    }
  }
}
