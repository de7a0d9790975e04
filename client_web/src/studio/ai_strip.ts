/** What the AI host says now, in one strip of glass: a tap opens its desk, the button beside it makes it pause. */

import type { AiDesk } from "../protocol/messages.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { aiState, stateText } from "./ai_words.ts";
import type { Words } from "./words.ts";

export class AiStrip {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #open: HTMLButtonElement;
  readonly #state = h("span", { class: "ai-strip-state" });
  readonly #said = h("span", { class: "ai-strip-words", dir: "auto" });
  readonly #badge = h("span", { class: "ai-badge v-number", attrs: { "aria-hidden": "true" } });
  readonly #pause: HTMLButtonElement;
  #wasOnAir = false;

  constructor(words: Words, acts: { open: () => void; pause: () => void }) {
    this.#words = words;
    this.#open = h(
      "button",
      {
        class: "ai-strip-open",
        type: "button",
        onclick: acts.open,
        attrs: { "aria-haspopup": "dialog" },
      },
      h("span", { class: "ai-mark", attrs: { "aria-hidden": "true" } }, "AI"),
      h("span", { class: "ai-strip-text" }, this.#state, this.#said),
      this.#badge,
    );
    this.#pause = h("button", { class: "round v-glass", type: "button", onclick: acts.pause });
    this.element = h(
      "div",
      { class: "ai-strip", hidden: true },
      h("div", { class: "v-glass ai-strip-glass" }, this.#open),
      this.#pause,
    );
    this.element.dataset.testid = "ai-strip";
  }

  /** `desk` null: there is no AI host. */
  update(desk: AiDesk | null): void {
    this.element.hidden = desk === null;
    if (desk === null) return;
    const { texts } = this.#words;
    const state = aiState(desk);
    const asked = desk.tickets.length;
    this.element.dataset.state = state;
    setText(this.#state, `${texts.aiHost} · ${stateText(state, texts)}`);
    // Between two lines the last one stays: what is read must not flicker.
    if (desk.now !== null) setText(this.#said, desk.now.text);
    else if (!desk.is_on_air) setText(this.#said, texts.aiStandingByHint);
    else if (state !== "speaking" || !this.#wasOnAir) setText(this.#said, "");
    this.#wasOnAir = desk.is_on_air;
    this.#said.hidden = this.#said.textContent === "";
    setText(this.#badge, String(asked));
    this.#badge.hidden = asked === 0;
    setAttribute(this.#open, "aria-label", texts.aiOpen(asked));
    this.#pause.hidden = !desk.is_on_air;
    const label = desk.is_paused ? texts.aiResume : texts.aiPause;
    if (this.#pause.title !== label) {
      this.#pause.title = label;
      this.#pause.setAttribute("aria-label", label);
      fill(this.#pause, desk.is_paused ? icon("play", 22) : workIcon("pause", 22));
    }
  }
}
