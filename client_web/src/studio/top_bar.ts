/** The upper edge: on air and for how long, who watches, how the picture arrives, and the way out. */

import type { Ingest } from "../protocol/messages.ts";
import { h, setAttribute, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { lines, type PictureQuality } from "./picture_quality.ts";
import type { Words } from "./words.ts";

export interface TopBarModel {
  isLive: boolean;
  /** Time on the show clock. */
  showMs: number;
  viewers: number;
  ingest: Ingest | null;
  quality: PictureQuality | "settling" | null;
  orders: number;
  /** Sold so far, ready to read; empty before the first order. */
  sold: string;
  /** What viewers read on the strip; empty for none. */
  announcement: string;
}

export class TopBar {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #time = h("span", { class: "v-number", attrs: { "data-testid": "timer", role: "timer" } });
  readonly #viewers = h("span", { attrs: { "data-testid": "viewers" } });
  readonly #viewersText = h("span", { class: "v-hidden" });
  readonly #qualityDot = h("span", { class: "dot" });
  readonly #qualityText = h("span", {});
  readonly #quality: HTMLElement;
  readonly #soldText = h("span", { attrs: { "data-testid": "sold" } });
  readonly #sold: HTMLElement;
  readonly #announcedText = h("span", {});
  readonly #announced: HTMLElement;
  readonly #onAir: HTMLElement;
  readonly #end: HTMLElement;
  readonly #leave: HTMLElement;

  constructor(
    words: Words,
    acts: { end: () => void; leave: () => void; orders: () => void; announcement: () => void },
  ) {
    const { texts } = words;
    this.#words = words;
    this.#viewersText.dataset.testid = "viewers-text";
    this.#onAir = h(
      "div",
      { class: "chip v-glass" },
      h("span", {}, h("span", { class: "dot", data: { tone: "live" } }), h("strong", {}, texts.live)),
      this.#time,
      h("span", { class: "divider" }),
      h("span", {}, icon("eye", 18), this.#viewers, this.#viewersText),
    );
    this.#quality = h(
      "div",
      { class: "chip v-glass", attrs: { "data-testid": "quality" } },
      this.#qualityDot,
      this.#qualityText,
    );
    this.#sold = h(
      "button",
      {
        class: "chip v-glass sold",
        type: "button",
        onclick: acts.orders,
        attrs: { "aria-haspopup": "dialog" },
      },
      icon("bag", 18),
      this.#soldText,
    );
    this.#announced = h(
      "button",
      {
        class: "chip v-glass announced",
        type: "button",
        onclick: acts.announcement,
        attrs: { "aria-haspopup": "dialog" },
      },
      icon("megaphone", 18),
      this.#announcedText,
    );
    this.#end = h("button", { class: "end v-glass", type: "button", onclick: acts.end }, texts.endShow);
    this.#leave = h(
      "button",
      {
        class: "v-button v-button--round v-button--glass",
        type: "button",
        onclick: acts.leave,
        attrs: { "aria-label": texts.backToShows },
      },
      icon("back"),
    );
    this.element = h(
      "header",
      { class: "top" },
      this.#leave,
      this.#onAir,
      h("span", { class: "spring" }),
      this.#end,
      h("div", { class: "second" }, this.#quality, this.#sold, this.#announced),
    );
  }

  update(model: TopBarModel): void {
    const { texts, formats } = this.#words;
    this.#onAir.hidden = !model.isLive;
    this.#end.hidden = !model.isLive;
    this.#leave.hidden = model.isLive;
    setText(this.#time, formats.duration(model.showMs / 1000));
    setText(
      this.#viewers,
      model.viewers < 10_000 ? formats.number(model.viewers) : formats.compact(model.viewers),
    );
    this.#viewers.setAttribute("aria-hidden", "true");
    setText(this.#viewersText, texts.viewers(model.viewers));
    this.#quality.hidden = !model.isLive || model.ingest === null;
    if (model.ingest !== null) {
      const quality = model.quality ?? "settling";
      const size = lines(model.ingest.width_px, model.ingest.height_px);
      const word = {
        good: texts.qualityGood(size),
        fair: texts.qualityFair(size),
        weak: texts.qualityWeak(size),
        settling: `${size}p`,
      }[quality];
      setAttribute(this.#qualityDot, "data-tone", quality);
      setText(this.#qualityText, word);
      this.#quality.title = texts.qualityTitle(word);
    }
    this.#announced.hidden = !model.isLive || model.announcement === "";
    setText(this.#announcedText, model.announcement);
    this.#sold.hidden = !model.isLive || model.orders === 0;
    setText(this.#soldText, `${texts.orderCount(model.orders)} · ${model.sold}`);
  }
}
