/** A sheet over a page of work (studio, console): a native dialog, so focus, Esc and what lies behind are the browser's. */

import { h } from "./dom.ts";
import { icon } from "./icons.ts";

export interface SheetOptions {
  title: string;
  closeLabel: string;
  /** Extra classes, e.g. `wide`. */
  class?: string;
  content: Node[];
  /** Called once, however it was closed. */
  closed?: () => void;
  /** Closes the sheet when the page goes. */
  signal: AbortSignal;
}

export interface Sheet {
  element: HTMLDialogElement;
  close(): void;
}

/** Opens a sheet; focus goes to its first control and returns to where it was. */
export function openSheet(options: SheetOptions): Sheet {
  const heading = h("h2", { id: `sheet-${Math.random().toString(36).slice(2)}` }, options.title);
  const close = (): void => dialog.close();
  const dialog = h(
    "dialog",
    { class: `sheet ${options.class ?? ""}`.trim(), attrs: { "aria-labelledby": heading.id } },
    h(
      "header",
      {},
      heading,
      h(
        "button",
        {
          class: "v-button v-button--plain v-button--round",
          type: "button",
          onclick: close,
          attrs: { "aria-label": options.closeLabel },
        },
        icon("close"),
      ),
    ),
    h("div", { class: "sheet-body" }, ...options.content),
  );
  dialog.addEventListener("click", (event) => {
    // The backdrop belongs to the dialog: a press on it comes from the dialog itself.
    if (event.target === dialog) close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    options.closed?.();
  });
  options.signal.addEventListener("abort", close, { once: true });
  document.body.append(dialog);
  dialog.showModal();
  return { element: dialog, close };
}
