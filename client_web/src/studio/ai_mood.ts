/** The room over the last half hour: a bar a minute, up for delight, down for trouble, and what the host did about it. */

import type { AiDesk, AiMinute } from "../protocol/messages.ts";
import { fill, h } from "../ui/dom.ts";
import { moodText, steeringText } from "./ai_words.ts";
import type { Words } from "./words.ts";

const SHOWN = 30;

export class MoodTimeline {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #bars = h("ol", { class: "mood-bars", attrs: { "aria-hidden": "true" } });
  readonly #told = h("ul", { class: "mood-told" });
  #key = "";

  constructor(words: Words) {
    this.#words = words;
    this.element = h(
      "section",
      { class: "ai-mood" },
      h("h3", {}, words.texts.aiRoom),
      this.#bars,
      this.#told,
    );
  }

  update(desk: AiDesk): void {
    const minutes = desk.minutes.slice(-SHOWN);
    this.element.hidden = minutes.length === 0;
    const key = JSON.stringify(minutes.at(-1));
    if (key === this.#key) return;
    this.#key = key;
    fill(this.#bars, ...minutes.map(bar));
    const turns = minutes.filter((minute, n) => minute.mood !== (minutes[n - 1]?.mood ?? "calm"));
    fill(
      this.#told,
      ...turns
        .slice(-3)
        .reverse()
        .map((minute) => this.#turn(minute)),
    );
  }

  #turn(minute: AiMinute): HTMLElement {
    const { texts, formats } = this.#words;
    const steering = minute.steering === null ? "" : steeringText(minute.steering, texts);
    return h(
      "li",
      { data: { mood: minute.mood } },
      h("span", { class: "v-number v-muted" }, formats.duration(minute.at_ms / 1000)),
      h(
        "span",
        {},
        moodText(minute.mood, texts),
        steering === "" ? null : h("span", { class: "v-muted" }, ` ${steering}`),
      ),
    );
  }
}

function bar(minute: AiMinute): HTMLElement {
  // A minute in which nobody wrote is a dot on the line.
  const height = minute.lines === 0 ? 0 : Math.max(0.08, Math.min(1, Math.abs(minute.score) * 1.6));
  return h("li", {
    data: { mood: minute.mood, side: minute.score < 0 ? "down" : "up", steered: minute.steering !== null },
    css: { "--height": String(height) },
  });
}
