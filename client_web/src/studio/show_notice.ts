/** What the host has to know right now about the way to the viewers: one notice, the gravest first. */

import { fill, h } from "../ui/dom.ts";
import type { LiveShow } from "./live_show.ts";
import type { OnAir } from "./on_air.ts";
import type { PictureWatch } from "./picture_quality.ts";
import type { Words } from "./words.ts";

export interface ShowNoticeOptions {
  words: Words;
  show: LiveShow;
  onAir: OnAir;
  picture: PictureWatch;
  /** What went wrong, as a sentence. */
  sentence: (error: unknown) => string;
}

export class ShowNotice {
  readonly element = h("div", { class: "notice", attrs: { role: "status" } });
  readonly #options: ShowNoticeOptions;
  #key = "";

  constructor(options: ShowNoticeOptions) {
    this.#options = options;
  }

  /** Drawn anew only when it says something else, so that it is not read out again. */
  update(): void {
    const notice = this.#now();
    const key = JSON.stringify(notice);
    if (key === this.#key) return;
    this.#key = key;
    const [title, more] = notice ?? ["", ""];
    fill(
      this.element,
      notice
        ? h("div", { class: "v-glass" }, h("strong", {}, title), more === "" ? null : h("span", {}, more))
        : null,
    );
  }

  #now(): [title: string, more: string] | null {
    const { show, onAir, picture, sentence } = this.#options;
    const { texts } = this.#options.words;
    if (onAir.broadcast.state === "reconnecting") return [texts.reconnecting, texts.reconnectingHint];
    if (onAir.error !== null) return [texts.publishFailed(sentence(onAir.error)), ""];
    if (show.connectionState === "connecting") return [texts.offline, ""];
    if (picture.trouble === "upload") return [texts.qualityWeakHint, ""];
    if (picture.trouble === "device") return [texts.qualitySlowHint, ""];
    return null;
  }
}
