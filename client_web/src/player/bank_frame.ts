/** The bank's confirmation page in a frame over everything, until it says that it is done. */

import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

export interface BankFrameOptions {
  url: string;
  /** Where the message may come from: the page's own origin. */
  origin: string;
  title: string;
  frameTitle: string;
  cancel: string;
  done: () => void;
  /** The buyer closed it: the payment is asked about all the same. */
  closed: () => void;
}

/** Shows the page; remove the element to take it away. */
export function bankFrame(options: BankFrameOptions, signal: AbortSignal): HTMLElement {
  const frame = h("iframe", { src: options.url, title: options.frameTitle, class: "bank__frame" });
  const close = h(
    "button",
    { type: "button", class: "v-button v-button--round", ariaLabel: options.cancel, onclick: options.closed },
    icon("close", 20),
  );
  window.addEventListener(
    "message",
    (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== options.origin) return;
      if (isDone(event.data)) options.done();
    },
    { signal },
  );
  const element = h(
    "div",
    { class: "bank", attrs: { role: "dialog", "aria-modal": "true", "aria-label": options.title } },
    h(
      "div",
      { class: "bank__card" },
      h("header", { class: "bank__head" }, icon("lock", 20), h("h2", {}, options.title), close),
      frame,
    ),
  );
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    options.closed();
  });
  requestAnimationFrame(() => close.focus());
  return element;
}

function isDone(data: unknown): boolean {
  return (
    typeof data === "object" && data !== null && "vitrine" in data && data.vitrine === "payment_action_done"
  );
}
