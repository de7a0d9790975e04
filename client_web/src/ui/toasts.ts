/** Short notices at the bottom edge, read out politely; an action such as "Undo" stays longer. */

import { define, h } from "./dom.ts";
import { type IconName, icon } from "./icons.ts";

export interface Toast {
  text: string;
  kind?: "good" | "bad" | "plain";
  action?: { label: string; act: () => void };
  /** How long it stays, when it is to be read and thought about. */
  staysMs?: number;
}

const SHOWN_MS = 4000;
const WITH_ACTION_MS = 8000;
const MOST = 2;
const ICONS: Record<NonNullable<Toast["kind"]>, IconName> = { good: "check", bad: "alert", plain: "info" };

export class Toasts extends HTMLElement {
  connectedCallback(): void {
    this.classList.add("v-toasts");
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
  }

  show(toast: Toast): void {
    const kind = toast.kind ?? "plain";
    const element = h(
      "div",
      { class: `v-toast v-toast--${kind}` },
      icon(ICONS[kind], 20),
      h("span", {}, toast.text),
    );
    const leave = (): void => element.remove();
    if (toast.action !== undefined) {
      const { label, act } = toast.action;
      element.append(
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--small",
            onclick: () => {
              leave();
              act();
            },
          },
          label,
        ),
      );
    }
    this.append(element);
    while (this.childElementCount > MOST) this.firstElementChild?.remove();
    setTimeout(leave, toast.staysMs ?? (toast.action === undefined ? SHOWN_MS : WITH_ACTION_MS));
  }
}

define("vitrine-toasts", Toasts);
