/** The sheets with which a host keeps the room: announcement, slow mode, one chat line, devices, title, the end. */

import { type ChatLine, MAX_ANNOUNCEMENT_CHARS } from "../protocol/messages.ts";
import { shownLine } from "../protocol/reading.ts";
import { translationTexts } from "../texts/translation.ts";
import { h } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { workIcon } from "../ui/work_icons.ts";
import type { Capture } from "./capture.ts";
import type { Words } from "./words.ts";

const SLOW_MODES_S = [0, 5, 15, 30, 60];
const MAX_TITLE_CHARS = 200;

type Place = { words: Words; signal: AbortSignal };

const primary = "v-button v-button--primary v-button--large v-button--wide";

export function openAnnouncementSheet(place: Place, current: string, announce: (text: string) => void): void {
  const { texts } = place.words;
  const input = h("input", {
    type: "text",
    maxLength: MAX_ANNOUNCEMENT_CHARS,
    value: current,
    placeholder: texts.announcementExample,
    autocomplete: "off",
    enterKeyHint: "done",
  });
  const form = h(
    "form",
    { class: "sheet-form" },
    field(texts.announcement, input, texts.announcementHint).element,
    h("button", { class: primary, type: "submit" }, texts.announce),
    current === ""
      ? null
      : h(
          "button",
          { class: "v-button v-button--line v-button--wide", type: "button", onclick: () => send("") },
          texts.removeAnnouncement,
        ),
  );
  const send = (text: string): void => {
    announce(text);
    sheet.close();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") send(input.value.trim());
  });
  const sheet = openSheet({
    title: texts.announcement,
    closeLabel: texts.close,
    content: [form],
    signal: place.signal,
  });
}

export function openChatSheet(place: Place, slowModeS: number, setSlowMode: (seconds: number) => void): void {
  const { texts } = place.words;
  const choices = SLOW_MODES_S.map((seconds) =>
    h(
      "label",
      { class: "segment" },
      h("input", {
        type: "radio",
        name: "slow-mode",
        checked: seconds === slowModeS,
        onchange: () => setSlowMode(seconds),
      }),
      h("span", {}, seconds === 0 ? texts.slowOff : texts.seconds(seconds)),
    ),
  );
  openSheet({
    title: texts.chatOptions,
    closeLabel: texts.close,
    content: [
      h(
        "fieldset",
        { class: "segments" },
        h("legend", { class: "v-strong" }, texts.slowMode),
        h("p", { class: "v-muted v-small" }, texts.slowModeHint),
        h("div", { class: "segment-row" }, ...choices),
      ),
    ],
    signal: place.signal,
  });
}

export function openModerationSheet(
  place: Place,
  line: ChatLine,
  acts: { remove: () => void; block: () => void },
): void {
  const { texts, formats, language } = place.words;
  const shown = shownLine(line, language, false);
  const original =
    shown.original === null
      ? null
      : h(
          "p",
          { class: "v-muted", dir: "auto", attrs: { lang: line.language === "und" ? null : line.language } },
          shown.original,
        );
  const made =
    shown.original === null
      ? null
      : h("p", { class: "v-muted v-small" }, translationTexts(language).translated);
  const act = (what: () => void) => () => {
    what();
    sheet.close();
  };
  const sheet = openSheet({
    title: line.author.name,
    closeLabel: texts.close,
    content: [
      h(
        "blockquote",
        { class: "quoted" },
        h("p", { dir: "auto", attrs: { lang: shown.language } }, shown.text),
        original,
        made,
        h("footer", { class: "v-muted v-small" }, formats.time(line.sent_at)),
      ),
      h(
        "button",
        {
          class: "v-button v-button--line v-button--large v-button--wide",
          type: "button",
          onclick: act(acts.remove),
        },
        icon("trash", 20),
        texts.deleteLine,
      ),
      h(
        "button",
        {
          class: "v-button v-button--danger v-button--line v-button--large v-button--wide",
          type: "button",
          onclick: act(acts.block),
        },
        workIcon("block", 20),
        texts.blockPerson(line.author.name),
      ),
      h("p", { class: "v-muted v-small" }, texts.blockHint(line.author.name)),
    ],
    signal: place.signal,
  });
}

/** Asked once: ending cannot be undone for those who watch. */
export function openEndSheet(place: Place, end: () => void): void {
  const { texts } = place.words;
  const sheet = openSheet({
    title: texts.endQuestion,
    closeLabel: texts.close,
    content: [
      h("p", { class: "v-muted" }, texts.endHint),
      h(
        "div",
        { class: "sheet-actions" },
        h(
          "button",
          { class: "v-button v-button--line v-button--large", type: "button", onclick: () => sheet.close() },
          texts.keepGoing,
        ),
        h(
          "button",
          {
            class: "v-button v-button--large end-now",
            type: "button",
            onclick: () => {
              sheet.close();
              end();
            },
          },
          texts.endNow,
        ),
      ),
    ],
    signal: place.signal,
  });
}

export function openTitleSheet(place: Place, current: string, save: (title: string) => void): void {
  const { texts } = place.words;
  const input = h("input", {
    type: "text",
    maxLength: MAX_TITLE_CHARS,
    value: current,
    required: true,
    enterKeyHint: "done",
  });
  const form = h(
    "form",
    { class: "sheet-form" },
    field(texts.showTitle, input, texts.showTitleHint).element,
    h("button", { class: primary, type: "submit" }, texts.save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() === "") return;
    save(input.value.trim());
    sheet.close();
  });
  const sheet = openSheet({
    title: texts.editTitle,
    closeLabel: texts.close,
    content: [form],
    signal: place.signal,
  });
}

/** Choices of camera and microphone, as they stand in the sheet and, on a desk, beside the picture. */
export function deviceFields(
  words: Words,
  capture: Capture,
  failed: (error: unknown) => void,
): HTMLElement[] {
  const { texts } = words;
  const choose = (
    label: string,
    devices: MediaDeviceInfo[],
    current: string | undefined,
    take: (id: string) => Promise<void>,
  ): HTMLElement => {
    const select = h(
      "select",
      { disabled: devices.length === 0 },
      ...devices.map((device, number) =>
        h(
          "option",
          { value: device.deviceId, selected: device.deviceId === current },
          device.label || `${label} ${number + 1}`,
        ),
      ),
    );
    select.addEventListener("change", () => void take(select.value).catch(failed));
    return field(label, select).element;
  };
  return [
    choose(texts.camera, capture.cameras, capture.video?.getSettings().deviceId, (id) =>
      capture.chooseCamera(id),
    ),
    choose(texts.microphone, capture.microphones, capture.audio?.getSettings().deviceId, (id) =>
      capture.chooseMicrophone(id),
    ),
  ];
}

export function openDevicesSheet(place: Place, capture: Capture, failed: (error: unknown) => void): void {
  const { texts } = place.words;
  openSheet({
    title: texts.devices,
    closeLabel: texts.close,
    content: [h("div", { class: "sheet-form" }, ...deviceFields(place.words, capture, failed))],
    signal: place.signal,
  });
}
