/** What an interpreter sees and presses: the show above, below how they are heard and one large button for the thumb. */

import { Api } from "../protocol/rest.ts";
import type { CaptureFault } from "../studio/capture.ts";
import { watchLevel } from "../studio/sound_level.ts";
import { keepAwake } from "../studio/wake_lock.ts";
import type { Formats } from "../texts/formats.ts";
import type { InterpretTexts } from "../texts/interpret.ts";
import { languageName, textIn } from "../texts/language.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { type IconName, icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import type { Booth, BoothState } from "./booth.ts";
import { monitorShow, play } from "./monitor.ts";

export interface BoothPageOptions {
  booth: Booth;
  texts: InterpretTexts;
  formats: Formats;
  server: string;
  signal: AbortSignal;
}

/** What the large button does. */
type Act = "microphone" | "on_air" | "mute" | "unmute" | "leave" | "none";

const ACTS: Readonly<Partial<Record<BoothState, Act>>> = {
  setup: "microphone",
  before: "on_air",
  ready: "on_air",
  failed: "on_air",
  on_air: "mute",
  muted: "unmute",
  connecting: "leave",
  waiting: "leave",
  reconnecting: "leave",
};
const HEARD: ReadonlySet<BoothState> = new Set(["on_air", "muted"]);
const AT_WORK: ReadonlySet<BoothState> = new Set([
  "on_air",
  "muted",
  "waiting",
  "reconnecting",
  "connecting",
]);
const DRAWINGS: Readonly<Partial<Record<BoothState, IconName>>> = {
  ended: "check",
  revoked: "lock",
  expired: "clock",
  invalid: "lock",
};
const FAULTS: Readonly<Record<CaptureFault, keyof InterpretTexts["faults"]>> = {
  blocked: "blocked",
  no_camera: "missing",
  no_microphone: "missing",
  busy: "busy",
  insecure: "insecure",
  failed: "failed",
};
const BARS = 24;

export class BoothPage {
  readonly element: HTMLElement;
  readonly #options: BoothPageOptions;
  readonly #video = h("video", {
    class: "booth-picture",
    playsInline: true,
    attrs: { "data-testid": "picture" },
  });
  readonly #stage: HTMLElement;
  readonly #empty = h("p", { class: "booth-empty v-muted" });
  readonly #title = h("p", { class: "booth-show v-clip" });
  readonly #into = h("p", { class: "booth-into" });
  readonly #listeners = h("span", {
    class: "booth-listeners v-number",
    attrs: { "data-testid": "listeners" },
  });
  readonly #state = h("h1", { class: "booth-state" });
  readonly #more = h("p", { class: "v-muted" });
  readonly #level = h(
    "div",
    { class: "booth-level", attrs: { role: "meter", "aria-valuemin": 0, "aria-valuemax": 100 } },
    ...Array.from({ length: BARS }, () => h("i", {})),
  );
  readonly #microphones = h("select", {});
  readonly #gear: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #large: HTMLButtonElement;
  readonly #leave: HTMLButtonElement;
  readonly #sound: HTMLButtonElement;
  #act: Act = "none";
  #drawn = "";
  #devices = "";
  #metered: { track: MediaStreamTrack; stop: AbortController } | null = null;
  #awake: AbortController | null = null;
  #monitor: AbortController | null = null;

  constructor(options: BoothPageOptions) {
    this.#options = options;
    const { texts, booth, signal } = options;
    this.#level.setAttribute("aria-label", texts.level);
    this.#sound = h("button", {
      class: "round v-glass booth-sound",
      type: "button",
      onclick: () => this.#hear(this.#video.muted),
    });
    this.#stage = h(
      "div",
      { class: "booth-stage" },
      this.#video,
      this.#empty,
      h("div", { class: "booth-top" }, h("div", { class: "booth-names v-glass" }, this.#into, this.#title)),
      this.#sound,
    );
    this.#large = h("button", { class: "booth-large", type: "button", onclick: () => void this.#press() });
    this.#leave = h(
      "button",
      {
        class: "v-button v-button--line v-button--wide booth-leave",
        type: "button",
        onclick: () => void booth.leave(),
      },
      texts.leave,
    );
    this.#hint = h("p", { class: "booth-hint v-small" }, icon("sound", 18), h("span", {}, texts.headphones));
    this.#gear = h(
      "div",
      { class: "booth-gear" },
      this.#level,
      field(texts.microphone, this.#microphones).element,
    );
    this.#microphones.addEventListener("change", () => {
      void booth.capture.chooseMicrophone(this.#microphones.value).catch(() => this.refresh());
    });
    this.element = h(
      "main",
      { class: "booth" },
      this.#stage,
      h(
        "section",
        { class: "booth-desk" },
        h(
          "div",
          { class: "booth-told", attrs: { role: "status", "data-testid": "state" } },
          h("div", { class: "booth-line" }, h("i", { class: "booth-dot" }), this.#state, this.#listeners),
          this.#more,
        ),
        this.#gear,
        this.#hint,
        h("div", { class: "booth-acts" }, this.#large, this.#leave),
      ),
    );
    this.#video.addEventListener("volumechange", () => this.#drawSound());
    this.#drawSound();
    signal.addEventListener("abort", () => this.#letGo(), { once: true });
  }

  refresh(): void {
    const { booth, texts, formats } = this.#options;
    const { seat, state } = booth;
    const language = seat === null ? "" : languageName(seat.language, formats.language);
    this.element.dataset.state = state;
    setText(this.#title, seat === null ? "" : textIn(seat.title, formats.language));
    setText(this.#into, seat === null ? texts.title : texts.into(language));
    this.#tell(state, language);
    const count = seat?.listeners ?? 0;
    setText(this.#listeners, texts.listeners(formats.number(count)));
    this.#listeners.hidden = seat === null || booth.isOver;
    setText(this.#empty, seat?.status === "live" ? "" : texts.noPicture);
    this.#drawActs(state);
    this.#drawMicrophones();
    this.#watch(seat?.show_id ?? null, booth.isOver);
    this.#meter();
    this.#stayAwake(AT_WORK.has(state));
  }

  #tell(state: BoothState, language: string): void {
    const { booth, texts } = this.#options;
    const fault = booth.capture.audio === null && !booth.isOver ? booth.fault : null;
    setText(this.#state, texts.titles[state]);
    setText(this.#more, fault === null ? this.#meaning(state, language) : texts.faults[FAULTS[fault]]);
    setAttribute(this.#more, "data-alert", fault !== null);
    const drawing = DRAWINGS[state];
    if (drawing !== undefined && !this.element.classList.contains("is-over")) {
      this.element.classList.add("is-over");
      fill(this.#stage, h("span", { class: "booth-mark" }, icon(drawing, 40)));
    }
  }

  #meaning(state: BoothState, language: string): string {
    const { texts } = this.#options;
    if (state === "setup") return texts.setupMore(language);
    if (state === "taken") return texts.takenMore(language);
    if (state === "on_air") return texts.onAirMore(language);
    return state === "loading" ? "" : texts.mores[state];
  }

  #drawActs(state: BoothState): void {
    const { booth, texts } = this.#options;
    const act: Act =
      ACTS[state] ?? (state === "taken" && booth.capture.audio === null ? "microphone" : "none");
    this.#leave.hidden = !HEARD.has(state);
    this.#gear.hidden = booth.capture.audio === null || booth.isOver;
    this.#hint.hidden = booth.isOver || state === "loading";
    this.#large.hidden = act === "none" && state !== "taken";
    this.#large.disabled = act === "none";
    const key = `${act} ${state === "failed"}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#act = act;
    this.#large.dataset.act = act;
    const [label, drawing] = {
      microphone: [texts.micOn, icon("mic", 28)],
      on_air: [state === "failed" ? texts.tryAgain : texts.goOnAir, icon("megaphone", 28)],
      mute: [texts.mute, icon("mic", 28)],
      unmute: [texts.unmute, workIcon("mic_off", 28)],
      leave: [texts.cancel, icon("close", 28)],
      none: [texts.goOnAir, icon("megaphone", 28)],
    }[act] as [string, Element];
    fill(this.#large, drawing, h("span", {}, label));
  }

  async #press(): Promise<void> {
    const { booth } = this.#options;
    navigator.vibrate?.(12);
    switch (this.#act) {
      case "microphone":
        this.#hear(true);
        await booth.openMicrophone();
        return;
      case "on_air":
        booth.goOnAir();
        return;
      case "mute":
      case "unmute":
        booth.capture.setMuted(this.#act === "mute");
        return;
      case "leave":
        await booth.leave();
        return;
      default:
    }
  }

  #hear(isHeard: boolean): void {
    this.#video.muted = !isHeard;
    if (isHeard) void play(this.#video);
    this.#drawSound();
  }

  #drawSound(): void {
    const { texts } = this.#options;
    const isMuted = this.#video.muted;
    const label = isMuted ? texts.hearShow : texts.muteShow;
    if (this.#sound.title === label) return;
    this.#sound.title = label;
    this.#sound.setAttribute("aria-label", label);
    fill(this.#sound, icon(isMuted ? "muted" : "sound"));
  }

  #drawMicrophones(): void {
    const { capture } = this.#options.booth;
    const { microphones } = capture;
    const current = capture.audio?.getSettings().deviceId;
    const key = JSON.stringify([current, microphones.map((one) => one.deviceId + one.label)]);
    if (key === this.#devices) return;
    this.#devices = key;
    const { texts } = this.#options;
    fill(
      this.#microphones,
      ...microphones.map((one, number) =>
        h(
          "option",
          { value: one.deviceId, selected: one.deviceId === current },
          one.label || `${texts.microphone} ${number + 1}`,
        ),
      ),
    );
    this.#microphones.disabled = microphones.length < 2;
  }

  #watch(showId: string | null, isOver: boolean): void {
    if (isOver) {
      this.#monitor?.abort();
      return;
    }
    if (showId === null || this.#monitor !== null) return;
    this.#monitor = new AbortController();
    // As any viewer: the link is for speaking, and nothing else is asked with it.
    const api = new Api({ server: this.#options.server });
    const shown = (isShown: boolean): void => setAttribute(this.#stage, "data-picture", isShown);
    monitorShow(api, showId, this.#video, shown, this.#monitor.signal);
  }

  #meter(): void {
    const track = this.#options.booth.capture.audio;
    if (this.#metered?.track === track) return;
    this.#metered?.stop.abort();
    this.#metered = null;
    if (track === null) return;
    const stop = new AbortController();
    this.#metered = { track, stop };
    watchLevel(track, (level) => this.#drawLevel(level), stop.signal);
  }

  #drawLevel(level: number): void {
    const lit = Math.round(level * BARS);
    this.#level.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    [...this.#level.children].forEach((bar, number) => {
      setAttribute(bar, "data-on", number < lit ? (number > BARS * 0.85 ? "hot" : "on") : null);
    });
  }

  #stayAwake(isAtWork: boolean): void {
    if (isAtWork && this.#awake === null) {
      this.#awake = new AbortController();
      keepAwake(this.#awake.signal);
    } else if (!isAtWork && this.#awake !== null) {
      this.#awake.abort();
      this.#awake = null;
    }
  }

  #letGo(): void {
    this.#metered?.stop.abort();
    this.#awake?.abort();
    this.#monitor?.abort();
  }
}
