/** Along the upper edge: who is on, how many watch, how good the picture is, language, close. */

import { isReduced } from "../media/sent_picture.ts";
import { textIn } from "../texts/index.ts";
import { languageName, ownName } from "../texts/language.ts";
import { voiceTexts } from "../texts/voices.ts";
import { avatar } from "../ui/avatar.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";
import type { Stage } from "./stage.ts";

export class TopBar {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #face = h("span", { class: "top__face" });
  readonly #host = h("span", { class: "top__host v-clip", css: { "--lines": 1 } });
  readonly #title = h("span", { class: "top__title v-clip", css: { "--lines": 1 } });
  readonly #live = h("span", { class: "v-pill v-pill--live", hidden: true });
  readonly #ai = h("span", { class: "v-pill v-glass", hidden: true });
  readonly #voice: HTMLButtonElement;
  readonly #voiceName = h("span", {});
  readonly #viewers = h("span", { class: "top__viewers v-number" });
  readonly #bars = h("span", { class: "top__bars", attrs: { role: "img" }, hidden: true }, icon("bars", 16));
  readonly #count: HTMLButtonElement;
  #faceKey = "";

  /** `explainPicture`: the viewer wants to know more about the picture's quality. */
  constructor(context: PlayerContext, canClose: boolean, explainPicture: () => void) {
    this.#context = context;
    this.#count = h(
      "button",
      { type: "button", class: "v-pill v-glass top__count", hidden: true, onclick: explainPicture },
      icon("eye", 16),
      this.#viewers,
      this.#bars,
    );
    this.#voice = h(
      "button",
      { type: "button", class: "v-pill v-glass top__voice", hidden: true, onclick: context.openLanguages },
      icon("sound", 16),
      this.#voiceName,
    );
    const { texts } = context;
    const button = (label: string, name: "globe" | "close", act: () => void): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          class: "v-button v-button--round v-button--glass",
          ariaLabel: label,
          title: label,
          onclick: act,
        },
        icon(name, 20),
      );
    this.element = h(
      "header",
      { class: "top" },
      h(
        "div",
        { class: "top__row" },
        h(
          "div",
          { class: "top__who v-glass" },
          this.#face,
          h("h1", { class: "top__names" }, this.#host, this.#title),
        ),
        h("span", { class: "top__space" }),
        button(texts.language, "globe", context.openLanguages),
        canClose ? button(texts.close, "close", context.leave) : null,
      ),
      h("div", { class: "top__row top__facts" }, this.#live, this.#ai, this.#voice, this.#count),
    );
  }

  update(stage: Stage): void {
    const { session, texts, formats, language } = this.#context;
    const { show, state } = session;
    const host = state?.host_name ?? show?.host_name ?? "";
    const picture = session.api.address(state?.host_picture_url ?? show?.host_picture_url);
    if (this.#faceKey !== `${host} ${picture}`) {
      this.#faceKey = `${host} ${picture}`;
      fill(this.#face, avatar(host, picture, 36));
    }
    setText(this.#host, host);
    setText(this.#title, textIn(session.title, language));
    const status = state?.status ?? show?.status;
    const isOn = status === "live" || status === "away";
    this.#live.hidden = status !== "live";
    this.#ai.hidden = status !== "live" || state?.presenter !== "ai";
    setText(this.#ai, texts.aiHost);
    setText(this.#live, texts.live);
    this.#showVoice(status === "live");
    this.#count.hidden = state === null || !isOn;
    const viewers = state?.viewers ?? 0;
    setText(this.#viewers, formats.compact(viewers));
    this.#viewers.setAttribute("aria-label", texts.viewers(viewers));
    this.#bars.hidden = !stage.hasPicture || stage.viewing !== "watching" || stage.heightPx === 0;
    const isReducedHere = isReduced(stage.sent);
    this.#bars.dataset.quality = isReducedHere && stage.quality === "good" ? "reduced" : stage.quality;
    const word = { good: texts.qualityGood, reduced: texts.qualityReduced, poor: texts.qualityPoor }[
      stage.quality
    ];
    const label = texts.pictureQuality(stage.heightPx, word);
    this.#bars.ariaLabel = label;
    this.#bars.title = label;
  }

  /** Somebody who hears another voice than the one in the picture sees why. */
  #showVoice(isLive: boolean): void {
    const { voices, language } = this.#context;
    const { wish, state } = voices;
    this.#voice.hidden = !isLive || wish === null || (state !== "dubbed" && state !== "preparing");
    if (this.#voice.hidden || wish === null) return;
    this.#voice.dataset.state = state;
    setText(this.#voiceName, ownName(wish.language));
    this.#voice.ariaLabel = voiceTexts(language).voiceIn(languageName(wish.language, language));
  }
}
