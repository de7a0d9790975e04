/** How the studio listens to its host: captions of the voice with their state, and what was done because it was said. */

import type {
  HostHearing,
  Listening,
  ListeningSet,
  VoiceCommandDone,
  VoiceStep,
} from "../protocol/messages.ts";
import type { Request } from "../protocol/pending_commands.ts";
import { languageName, ownName } from "../texts/language.ts";
import { type ListeningTexts, listeningTexts } from "../texts/listening.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { LiveShow } from "./live_show.ts";
import type { Words } from "./words.ts";

/** A recogniser that takes any language is offered those that hosts speak most. */
const ANY = "mul";
const OFTEN_SPOKEN = ["en", "es", "zh", "fr", "de", "pt", "ja", "ko", "ar", "ru"];
/** As they are said: the grammar is English. */
const SENTENCES = [
  "next product",
  "previous product",
  "show the price",
  "pin this",
  "take it down",
  "mark sold out",
  "everyone try this",
];

export interface HostListeningOptions {
  words: Words;
  show: LiveShow;
  toasts: Toasts;
  /** Carries out a command and tells what went wrong. */
  act: (request: Request) => Promise<boolean>;
  signal: AbortSignal;
}

/** What the host reads about being listened to. */
export function hearingText(
  texts: ListeningTexts,
  reader: string,
  settings: Listening,
  hearing: HostHearing | null,
  isLive: boolean,
): string {
  const { recognisers, language } = settings;
  // somebody may listen on another machine
  if (recognisers.length === 0 && hearing === null) return texts.none;
  if (
    hearing === null &&
    !recognisers.some((one) => one.languages.includes(language) || one.languages.includes(ANY))
  )
    return texts.noLanguage(languageName(language, reader));
  if (!settings.is_on) return texts.off;
  if (!isLive) return texts.offAir;
  if (hearing === null) return texts.starting;
  return {
    waiting: texts.waiting,
    listening: texts.listening,
    hearing: texts.hearing,
    behind: texts.behind,
    no_language: texts.noLanguage(languageName(language, reader)),
    failed: texts.failed,
  }[hearing.state];
}

/** The command of the live channel that a step is. */
export function commandOf(step: VoiceStep): Request {
  const { act, product_id } = step;
  if (act === "pin" || act === "unpin") return { type: act, product_id };
  return { type: "sold_out", product_id, sold_out: act === "sold_out" };
}

export class HostListening {
  readonly button: HTMLButtonElement;
  readonly #options: HostListeningOptions;
  readonly #texts: ListeningTexts;
  readonly #state = h("p", { class: "v-muted v-small", attrs: { role: "status", "data-testid": "hearing" } });
  #settings: Listening | null = null;

  constructor(options: HostListeningOptions) {
    const { words, show, signal } = options;
    this.#options = options;
    this.#texts = listeningTexts(words.language);
    this.button = h(
      "button",
      {
        class: "round v-glass",
        type: "button",
        hidden: true,
        onclick: () => this.#open(),
        title: this.#texts.title,
        attrs: { "aria-label": this.#texts.title, "aria-haspopup": "dialog", "data-testid": "listening" },
      },
      icon("captions"),
    );
    show.on("listening", (wish) => this.#wished(wish), signal);
    show.on("voiceCommand", (done) => this.#done(done), signal);
    void this.#load();
  }

  update(): void {
    const { show, words } = this.#options;
    this.button.hidden = this.#settings === null;
    if (this.#settings === null) return;
    const isOn = this.#settings.is_on;
    setAttribute(this.button, "data-on", isOn && show.hearing !== null);
    setAttribute(this.button, "data-alert", isOn && show.hearing?.state === "behind");
    const isLive = show.state?.status === "live";
    setText(this.#state, hearingText(this.#texts, words.language, this.#settings, show.hearing, isLive));
  }

  async #load(): Promise<void> {
    try {
      this.#settings = await this.#options.show.listening();
      this.update();
    } catch {
      // without it there is no button; the show goes on
    }
  }

  #wished({ is_on, language }: ListeningSet): void {
    if (this.#settings === null) return;
    this.#settings = { ...this.#settings, is_on, language: language || this.#settings.language };
    this.update();
  }

  #open(): void {
    const settings = this.#settings;
    if (settings === null) return;
    const { words, act, signal } = this.#options;
    const texts = this.#texts;
    const set = (is_on: boolean, language: string): void => {
      this.#wished({ type: "listening", seq: 0, at_ms: 0, is_on, language });
      void act({ type: "listening.set", is_on, language });
    };
    const known = spokenLanguages(settings);
    const language = h(
      "select",
      { disabled: known.length < 2 },
      ...known.map((tag) =>
        h("option", { value: tag, selected: tag === settings.language, lang: tag }, ownName(tag)),
      ),
    );
    language.addEventListener("change", () => set(this.#settings?.is_on ?? true, language.value));
    const choice = (isOn: boolean): HTMLElement =>
      h(
        "label",
        { class: "segment" },
        h("input", {
          type: "radio",
          name: "listening",
          checked: settings.is_on === isOn,
          disabled: settings.recognisers.length === 0,
          onchange: () => set(isOn, language.value),
        }),
        h("span", {}, isOn ? texts.on : texts.off),
      );
    const isRough = settings.recognisers.every((one) => one.is_rough);
    const form = h("div", { class: "sheet-form" });
    fill(
      form,
      h("p", { class: "v-muted" }, texts.hint),
      h(
        "fieldset",
        { class: "segments" },
        h("legend", { class: "v-hidden" }, texts.title),
        h("div", { class: "segment-row" }, choice(false), choice(true)),
        this.#state,
      ),
      settings.recognisers.length === 0
        ? null
        : field(texts.speak, language, isRough ? texts.rough : "").element,
      settings.recognisers.some((one) => one.engine === "pocketsphinx") ? this.#commands() : null,
    );
    openSheet({ title: texts.title, closeLabel: words.texts.close, content: [form], signal });
    this.update();
  }

  #commands(): HTMLElement {
    return h(
      "section",
      { class: "voice-commands" },
      h("h3", { class: "v-strong" }, this.#texts.commands),
      h("p", { class: "v-muted v-small" }, this.#texts.commandsHint),
      h(
        "ul",
        { lang: "en", dir: "ltr" },
        ...SENTENCES.map((sentence) => h("li", {}, h("span", { class: "v-muted" }, "studio, "), sentence)),
      ),
    );
  }

  #done({ heard, product_id, undo }: VoiceCommandDone): void {
    const { words, show, toasts, act } = this.#options;
    const texts = this.#texts;
    if (product_id === null) {
      toasts.show({ text: texts.nothing(texts[heard]) });
      return;
    }
    const product = show.product(product_id);
    const text = texts.heard(texts[heard], product ? words.own(product.title) : "");
    navigator.vibrate?.(12);
    const takeBack = async (): Promise<void> => {
      for (const step of undo) if (!(await act(commandOf(step)))) return;
      toasts.show({ text: texts.undone, kind: "good" });
    };
    if (undo.length === 0) toasts.show({ text, kind: "good" });
    else toasts.show({ text, kind: "good", action: { label: texts.undo, act: () => void takeBack() } });
  }
}

function spokenLanguages({ recognisers, language }: Listening): string[] {
  const known = recognisers.flatMap((one) => (one.languages.includes(ANY) ? OFTEN_SPOKEN : one.languages));
  return [...new Set([language, ...known])];
}
