/**
 * What the plan says about the AI host: when it presents, in which language, voice and outfit, and its pace. The same
 * sheet before the show and while it runs: a host that is on air takes the change over with its next line.
 */

import type { AiHostSettings, AiMode } from "../protocol/messages.ts";
import { h, setText } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { outfitChoice } from "./ai_outfits.ts";
import { segments } from "./segments.ts";
import type { Words } from "./words.ts";

const MODES: readonly AiMode[] = ["off", "stand_in", "always"];
const PATIENCES_S = [3, 5, 10, 30, 60];
const TURNS_S = [30, 60, 120, 300];
/** Those with a full vocabulary, by their own names. */
const LANGUAGES: Record<string, string> = {
  en: "English",
  es: "Español",
  "zh-CN": "中文",
  ja: "日本語",
  ko: "한국어",
  fr: "Français",
  de: "Deutsch",
  pt: "Português",
  ar: "العربية",
  ru: "Русский",
};
/** Speech engines by the beginning of their names, and the one language of those that have only one. */
const VOICES: readonly { name: string; title: string; language?: string }[] = [
  { name: "flite", title: "Flite", language: "en" },
  { name: "openjtalk", title: "Open JTalk", language: "ja" },
  { name: "piper", title: "Piper" },
  { name: "espeak", title: "eSpeak NG" },
];

const primary = "v-button v-button--primary v-button--large v-button--wide";

/** One line about the settings, for the button that opens them. */
export function aiHostText(words: Words, settings: AiHostSettings): string {
  const names = modeNames(words);
  if (settings.mode === "off") return names.off;
  return `${names[settings.mode]}, ${LANGUAGES[settings.language] ?? settings.language}`;
}

export function openAiHostSheet(
  place: { words: Words; signal: AbortSignal },
  current: AiHostSettings,
  save: (settings: AiHostSettings) => void,
): void {
  const { texts } = place.words;
  const names = modeNames(place.words);
  const hints: Record<AiMode, string> = {
    off: texts.aiModeOffHint,
    stand_in: texts.aiModeStandInHint,
    always: texts.aiModeAlwaysHint,
  };
  let mode = current.mode;
  let patience = current.patience_s;
  let outfit = current.outfit;
  let turn = current.turn_s;
  const hint = h("p", { class: "v-muted v-small", attrs: { role: "status" } });
  const language = h("select", {}, ...languageOptions(current.language));
  const voice = h("select", {});
  const zone = h("select", {}, ...zoneOptions(current.time_zone));
  const patiences = [...new Set([...PATIENCES_S, patience])].sort((a, b) => a - b);
  const more = h(
    "div",
    { class: "sheet-form" },
    outfitChoice(place.words, outfit, (name) => {
      outfit = name;
    }),
    h(
      "div",
      { class: "field-pair" },
      field(texts.language, language).element,
      field(texts.aiVoice, voice).element,
    ),
    segments(
      texts.aiTurn,
      null,
      "ai-turn",
      [...new Set([...TURNS_S, turn])]
        .sort((a, b) => a - b)
        .map((seconds) => ({
          text: lengthText(place.words, seconds),
          isChosen: seconds === turn,
          choose: () => {
            turn = seconds;
          },
        })),
    ),
    segments(
      texts.aiPatience,
      h("p", { class: "v-muted v-small" }, texts.aiPatienceHint),
      "ai-patience",
      patiences.map((seconds) => ({
        text: texts.seconds(seconds),
        isChosen: seconds === patience,
        choose: () => {
          patience = seconds;
        },
      })),
    ),
    field(texts.aiZone, zone, texts.aiZoneHint).element,
  );
  const offerVoices = (chosen: string): void => {
    const spoken = VOICES.filter((one) => one.language === undefined || one.language === language.value);
    voice.replaceChildren(
      h("option", { value: "" }, texts.aiVoiceBest),
      ...spoken.map((one) => h("option", { value: one.name, selected: one.name === chosen }, one.title)),
    );
  };
  const show = (): void => {
    more.hidden = mode === "off";
    setText(hint, hints[mode]);
  };
  language.addEventListener("change", () => offerVoices(voice.value));
  offerVoices(current.voice.split(":")[0] ?? "");
  show();
  const form = h(
    "form",
    { class: "sheet-form", attrs: { "data-testid": "ai-settings" } },
    segments(
      texts.aiMode,
      hint,
      "ai-mode",
      MODES.map((one) => ({
        text: names[one],
        isChosen: one === mode,
        choose: () => {
          mode = one;
          show();
        },
      })),
    ),
    more,
    h("button", { class: `${primary} sheet-save`, type: "submit" }, texts.save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save({
      ...current,
      mode,
      language: language.value,
      patience_s: patience,
      voice: voice.value,
      outfit,
      turn_s: turn,
      time_zone: zone.value,
    });
    sheet.close();
  });
  const sheet = openSheet({
    title: texts.aiSettings,
    closeLabel: texts.close,
    content: [form],
    signal: place.signal,
  });
}

function modeNames({ texts }: Words): Record<AiMode, string> {
  return { off: texts.aiModeOff, stand_in: texts.aiModeStandIn, always: texts.aiModeAlways };
}

/** One that was set by other means stays choosable. */
function languageOptions(current: string): HTMLOptionElement[] {
  const known = current in LANGUAGES ? LANGUAGES : { ...LANGUAGES, [current]: current };
  return Object.entries(known).map(([tag, name]) =>
    h("option", { value: tag, selected: tag === current, lang: tag }, name),
  );
}

/** The places the browser knows, the plan's and the operator's own among them. */
function zoneOptions(current: string): HTMLOptionElement[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([own, "UTC", current, ...Intl.supportedValuesOf("timeZone")]);
  return [...zones].map((zone) =>
    h("option", { value: zone, selected: zone === current }, zone.replaceAll("_", " ")),
  );
}

function lengthText({ texts }: Words, seconds: number): string {
  return seconds < 60 ? texts.seconds(seconds) : texts.minutes(Math.round(seconds / 60));
}
