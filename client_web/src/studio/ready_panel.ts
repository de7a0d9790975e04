/** Before the show: what is about to go out, whether one is heard and the network will do, and the one large button. */

import type { AiHostSettings, Product, ShowState } from "../protocol/messages.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { aiHostText } from "./ai_settings.ts";
import type { NetworkReport } from "./network_check.ts";
import { thumb } from "./thumb.ts";
import type { Words } from "./words.ts";

export interface ReadyModel {
  state: ShowState;
  products: readonly Product[];
  network: NetworkReport | null;
  aiHost: AiHostSettings;
  canGoLive: boolean;
  isStarting: boolean;
  isMuted: boolean;
  /** Names the devices there are; the choice is drawn anew when it changes. */
  devicesKey: string;
  devices: () => Node[];
}

export interface ReadyActs {
  goLive: () => void;
  editTitle: () => void;
  chooseProducts: () => void;
  editAiHost: () => void;
  checkNetwork: () => void;
  share: () => void;
}

const BARS = 24;
const HEARD = 0.2;
const HOT = 0.92;
const THUMBS = 3;

export class ReadyPanel {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #title = h("h2", {});
  readonly #starts = h("p", { class: "meta" });
  readonly #thumbs = h("div", { class: "thumbs" });
  readonly #aiHost = h("span", { class: "more" });
  readonly #networkDot = h("span", { class: "dot" });
  readonly #networkText = h("span", { attrs: { role: "status", "data-testid": "network" } });
  readonly #meter: HTMLElement;
  readonly #bars: HTMLElement[];
  readonly #heard = h("span", { class: "v-hidden", attrs: { role: "status" } });
  readonly #micIcon = h("span", {});
  readonly #devices = h("div", { class: "devices" });
  #devicesKey = "";
  readonly #go: HTMLButtonElement;
  #isHeard = false;

  constructor(words: Words, acts: ReadyActs) {
    const { texts } = words;
    this.#words = words;
    this.#bars = Array.from({ length: BARS }, () => h("i", {}));
    this.#meter = h(
      "div",
      {
        class: "meter",
        attrs: {
          role: "meter",
          "aria-label": texts.soundLevel,
          "aria-valuemin": 0,
          "aria-valuemax": 100,
          "data-testid": "sound-level",
        },
      },
      ...this.#bars,
    );
    this.#go = h("button", { class: "go", type: "button", onclick: acts.goLive }, texts.goLive);
    const editTitle = h(
      "button",
      {
        class: "v-button v-button--plain v-button--round",
        type: "button",
        onclick: acts.editTitle,
        attrs: { "aria-label": texts.editTitle },
      },
      icon("edit", 22),
    );
    const share = h(
      "button",
      {
        class: "v-button v-button--plain v-button--round",
        type: "button",
        onclick: acts.share,
        attrs: { "aria-label": texts.shareLink },
      },
      icon("share", 22),
    );
    const again = h(
      "button",
      {
        class: "v-button v-button--plain v-button--round",
        type: "button",
        onclick: acts.checkNetwork,
        attrs: { "aria-label": texts.checkAgain },
      },
      icon("flip", 20),
    );
    const products = h(
      "button",
      { class: "products-line of-rundown", type: "button", onclick: acts.chooseProducts },
      this.#thumbs,
    );
    const aiHost = h(
      "button",
      {
        class: "products-line",
        type: "button",
        onclick: acts.editAiHost,
        attrs: { "aria-haspopup": "dialog", "data-testid": "ai-host-settings" },
      },
      h(
        "div",
        { class: "thumbs" },
        texts.aiSettings,
        this.#aiHost,
        h("span", { class: "spring" }),
        icon("forward", 20),
      ),
    );
    this.element = h(
      "section",
      { class: "ready v-glass" },
      h("div", { class: "heading" }, this.#title, editTitle, share, this.#starts),
      products,
      aiHost,
      h(
        "div",
        { class: "checks" },
        h("div", { class: "check" }, this.#micIcon, this.#meter, this.#heard),
        h("div", { class: "check" }, this.#networkDot, this.#networkText, again),
      ),
      this.#devices,
      this.#go,
    );
    this.setLevel(0, false);
  }

  update(model: ReadyModel): void {
    const { texts, formats, own } = this.#words;
    setText(this.#title, own(model.state.title));
    setText(this.#starts, model.state.starts_at ? formats.moment(model.state.starts_at) : texts.noStartTime);
    const shown = model.products.slice(0, THUMBS);
    const count = model.state.rundown.length;
    fill(
      this.#thumbs,
      ...shown.map((product) => thumb(product)),
      h("span", { class: "more" }, count === 0 ? texts.addProducts : texts.productCount(count)),
      h("span", { class: "spring" }),
      icon(count === 0 ? "plus" : "forward", 20),
    );
    setText(this.#aiHost, aiHostText(this.#words, model.aiHost));
    this.#showNetwork(model.network);
    if (model.devicesKey !== this.#devicesKey) {
      this.#devicesKey = model.devicesKey;
      fill(this.#devices, ...model.devices());
    }
    this.#go.disabled = !model.canGoLive || model.isStarting;
    setText(
      this.#go,
      model.isStarting ? texts.goingLive : model.state.status === "away" ? texts.resumeLive : texts.goLive,
    );
    fill(this.#micIcon, model.isMuted ? workIcon("mic_off", 20) : icon("mic", 20));
  }

  /** The meter, some fifteen times a second. */
  setLevel(level: number, isMuted: boolean): void {
    const lit = Math.round(level * BARS);
    this.#bars.forEach((bar, place) => {
      setAttribute(bar, "data-on", place >= lit ? null : place >= BARS * HOT ? "hot" : "");
    });
    this.#meter.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    if (level > HEARD) this.#isHeard = true;
    const { texts } = this.#words;
    setText(this.#heard, isMuted ? texts.muted : this.#isHeard ? texts.soundGood : texts.noSound);
  }

  #showNetwork(report: NetworkReport | null): void {
    const { texts } = this.#words;
    const sentences = {
      good_720: texts.networkGood720,
      good_540: texts.networkGood540,
      good_360: texts.networkGood360,
      too_slow: texts.networkTooSlow,
      reachable: texts.networkReachable(Math.round(report?.roundTripMs ?? 0)),
      unreachable: texts.networkUnreachable,
    };
    const tones = {
      good_720: "good",
      good_540: "good",
      good_360: "fair",
      too_slow: "weak",
      reachable: "good",
      unreachable: "weak",
    };
    setText(this.#networkText, report ? sentences[report.verdict] : texts.networkChecking);
    setAttribute(this.#networkDot, "data-tone", report ? tones[report.verdict] : null);
  }
}
