/** The host's sheet for interpreters: a link for a language, who is on air and how many listen, and taking a link back. */

import type { Interpreter } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";
import { interpretTexts } from "../texts/interpret.ts";
import { languageName, ownName } from "../texts/language.ts";
import { fill, h } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { Words } from "./words.ts";

/** What shows are interpreted into most; any other two-letter language is refused by nobody. */
const LANGUAGES =
  "ar bn cs da de el en es fi fr he hi hu id it ja ko ms nl no pl pt ro ru sv th tr uk ur vi zh".split(" ");
const HOURS = [2, 4, 12, 24, 72];
const USUAL_HOURS = 12;
const ASK_MS = 3000;

export interface InterpretersOptions {
  words: Words;
  api: Pick<Api, "server" | "interpreters" | "inviteInterpreter" | "revokeInterpreter">;
  showId: string;
  toasts: Toasts;
  failed: (error: unknown) => void;
  signal: AbortSignal;
}

/** The address that an interpreter opens. */
export function interpretersLink(server: string, { token }: Pick<Interpreter, "token">): string {
  return `${server}/interpret#token=${token}`;
}

export function openInterpretersSheet(options: InterpretersOptions): void {
  const { words, api, showId, toasts, failed, signal } = options;
  const { formats } = words;
  const texts = interpretTexts(words.language);
  const list = h("ul", { class: "interpreters", attrs: { "data-testid": "interpreters" } });
  let drawn = "";

  const copy = async (link: Interpreter): Promise<void> => {
    await navigator.clipboard.writeText(interpretersLink(api.server, link));
    toasts.show({ text: texts.copied, kind: "good" });
  };
  const takeBack = async (link: Interpreter): Promise<void> => {
    await api.revokeInterpreter(showId, link.interpreter_id);
    toasts.show({ text: texts.takenBack(languageName(link.language, words.language)), kind: "good" });
    await load();
  };
  const row = (link: Interpreter): HTMLElement => {
    const state = link.is_on_air
      ? `${texts.isOnAir} · ${texts.listeners(formats.number(link.listeners))}`
      : texts.isOff;
    const name = languageName(link.language, words.language);
    const button = (label: string, act: () => Promise<void>): HTMLElement =>
      h(
        "button",
        {
          class: "v-button v-button--line v-button--small",
          type: "button",
          onclick: () => void act().catch(failed),
          attrs: { "aria-label": `${label}: ${name}` },
        },
        label,
      );
    return h(
      "li",
      {},
      h(
        "div",
        { class: "interpreters-facts" },
        h("strong", {}, name),
        h("span", { class: "v-muted v-small", attrs: { "data-on": link.is_on_air || null } }, state),
        h("span", { class: "v-muted v-small" }, texts.until(formats.dateTime(link.expires_at))),
      ),
      button(texts.copyLink, () => copy(link)),
      button(texts.takeBack, () => takeBack(link)),
    );
  };
  const load = async (): Promise<void> => {
    const links = await api.interpreters(showId);
    const key = JSON.stringify(links);
    if (key === drawn) return;
    drawn = key;
    fill(list, ...(links.length === 0 ? [h("li", { class: "v-muted" }, texts.none)] : links.map(row)));
  };

  const language = h(
    "select",
    {},
    ...LANGUAGES.map((tag) => h("option", { value: tag, lang: tag }, ownName(tag))),
  );
  language.value = words.language === "en" ? "es" : "en";
  const hourText = new Intl.NumberFormat(words.language, {
    style: "unit",
    unit: "hour",
    unitDisplay: "long",
  });
  const hours = h(
    "select",
    {},
    ...HOURS.map((each) =>
      h("option", { value: String(each), selected: each === USUAL_HOURS }, hourText.format(each)),
    ),
  );
  const form = h(
    "form",
    { class: "sheet-form" },
    h("p", { class: "v-muted" }, texts.deskHint),
    h(
      "div",
      { class: "interpreters-new" },
      field(texts.language, language).element,
      field(texts.goodFor, hours).element,
    ),
    h(
      "button",
      { class: "v-button v-button--primary v-button--large v-button--wide", type: "submit" },
      icon("plus", 20),
      texts.makeLink,
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const invite = async (): Promise<void> => {
      const body = { language: language.value, hours: Number(hours.value) };
      const link = await api.inviteInterpreter(showId, body);
      await load();
      // the clipboard may be closed to us; the row has its own button
      await copy(link).catch(() => undefined);
    };
    void invite().catch(failed);
  });
  const timer = setInterval(() => void load().catch(() => undefined), ASK_MS);
  openSheet({
    title: texts.desk,
    closeLabel: words.texts.close,
    content: [form, list],
    closed: () => clearInterval(timer),
    signal,
  });
  void load().catch(failed);
}
