/** The buttons for camera, microphone and the room, in a column where the thumb rests. */

import { interpretTexts } from "../texts/interpret.ts";
import { fill, h, setAttribute } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import type { Words } from "./words.ts";

export interface RailModel {
  isLive: boolean;
  hasCamera: boolean;
  isMuted: boolean;
  announcement: string;
  slowModeS: number;
  /** It has its own strip then. */
  hasAiHost: boolean;
}

export interface RailActs {
  turnAround: () => void;
  toggleMute: () => void;
  devices: () => void;
  announcement: () => void;
  chatSettings: () => void;
  aiHost: () => void;
  interpreters: () => void;
}

export class Rail {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #turn: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #devices: HTMLButtonElement;
  readonly #announce: HTMLButtonElement;
  readonly #chat: HTMLButtonElement;
  readonly #ai: HTMLButtonElement;

  constructor(words: Words, acts: RailActs) {
    const { texts } = words;
    this.#words = words;
    const round = (label: string, drawing: Element, act: () => void): HTMLButtonElement =>
      h(
        "button",
        {
          class: "round v-glass",
          type: "button",
          onclick: act,
          title: label,
          attrs: { "aria-label": label },
        },
        drawing,
      );
    this.#turn = round(texts.switchCamera, workIcon("camera_turn"), acts.turnAround);
    this.#mute = round(texts.mute, icon("mic"), acts.toggleMute);
    this.#devices = round(texts.devices, icon("settings"), acts.devices);
    this.#announce = round(texts.announcement, icon("megaphone"), acts.announcement);
    this.#chat = round(texts.chatOptions, icon("bubble"), acts.chatSettings);
    const interpreters = interpretTexts(words.language).desk;
    const invite = round(interpreters, icon("translate"), acts.interpreters);
    invite.setAttribute("aria-haspopup", "dialog");
    const mark = h("span", { class: "rail-mark", attrs: { "aria-hidden": "true" } }, "AI");
    this.#ai = round(texts.aiSettings, mark, acts.aiHost);
    this.element = h(
      "div",
      { class: "rail" },
      this.#turn,
      this.#mute,
      this.#devices,
      this.#announce,
      this.#chat,
      this.#ai,
      invite,
    );
  }

  update(model: RailModel): void {
    const { texts } = this.#words;
    this.#turn.hidden = !model.hasCamera;
    this.#mute.hidden = !model.hasCamera;
    this.#devices.hidden = !model.hasCamera;
    const label = model.isMuted ? texts.unmute : texts.mute;
    if (this.#mute.title !== label) {
      this.#mute.title = label;
      this.#mute.setAttribute("aria-label", label);
      fill(this.#mute, model.isMuted ? workIcon("mic_off") : icon("mic"));
    }
    setAttribute(this.#mute, "data-alert", model.isMuted);
    this.#announce.hidden = !model.isLive;
    this.#chat.hidden = !model.isLive;
    this.#ai.hidden = !model.isLive || model.hasAiHost;
    setAttribute(this.#announce, "data-on", model.announcement !== "");
    setAttribute(this.#chat, "data-on", model.slowModeS > 0);
  }
}
