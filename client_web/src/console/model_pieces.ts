/** Small pieces of the pages about models. */

import { h } from "../ui/dom.ts";

export interface ProgressBar {
  element: HTMLElement;
  set: (share: number) => void;
}

/** A thin bar; what it means is said in words beside it. */
export function progressBar(share = 0): ProgressBar {
  const fillBar = h("span", { class: "bar-fill" });
  const element = h("div", { class: "bar", attrs: { "aria-hidden": "true" } }, fillBar);
  const set = (value: number): void => {
    fillBar.style.setProperty("transform", `scaleX(${Math.max(0, Math.min(1, value))})`);
  };
  set(share);
  return { element, set };
}

export interface Choice {
  value: string;
  label: string;
}

export function choice(choices: readonly Choice[], chosen?: string): HTMLSelectElement {
  const select = h(
    "select",
    {},
    ...choices.map(({ value, label }) => h("option", { value, selected: value === chosen }, label)),
  );
  return select;
}

/** A figure with its name above and what it was below. */
export function figure(name: string, value: string, was?: string): HTMLElement {
  return h(
    "div",
    { class: "figure" },
    h("dt", { class: "v-muted v-small" }, name),
    h("dd", { class: "v-strong v-number" }, value),
    was === undefined ? null : h("dd", { class: "v-muted v-small v-number" }, was),
  );
}

/** At most so many at once; the others wait in order. */
export function turns(most: number): (signal: AbortSignal) => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  const next = (): void => {
    if (busy < most) waiting.shift()?.();
  };
  return (signal) =>
    new Promise((resolve, reject) => {
      let isOver = false;
      const begin = (): void => {
        signal.removeEventListener("abort", giveUp);
        busy += 1;
        resolve(() => {
          if (isOver) return;
          isOver = true;
          busy -= 1;
          next();
        });
      };
      const giveUp = (): void => {
        const place = waiting.indexOf(begin);
        if (place >= 0) waiting.splice(place, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      waiting.push(begin);
      next();
    });
}
