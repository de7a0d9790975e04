/** What viewers say, on glass; a tap on a line moderates it. The host answers in the field below. */

import { type ChatLine, MAX_CHAT_CHARS } from "../protocol/messages.ts";
import { shownLine } from "../protocol/reading.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { KeyedList } from "../ui/keyed_list.ts";
import type { Words } from "./words.ts";

export interface ChatActs {
  /** Resolves true when the line was taken. */
  say: (text: string) => Promise<boolean>;
  moderate: (line: ChatLine) => void;
}

/** Nearer than this to the end, the newest line is followed. */
const NEAR_PX = 48;

export class ChatView {
  readonly lines: HTMLElement;
  readonly form: HTMLFormElement;
  readonly #words: Words;
  readonly #list: KeyedList<ChatLine>;
  readonly #ol = h("ol", { class: "chat-lines" });
  readonly #empty: HTMLElement;
  readonly #input: HTMLInputElement;
  /** Lines as they are now: translations come after them. */
  #newest = new Map<string, ChatLine>();
  #ownId = "";
  /** The newest line is followed until the host scrolls back. */
  #isFollowing = true;

  constructor(words: Words, acts: ChatActs) {
    const { texts } = words;
    this.#words = words;
    this.#ol.setAttribute("aria-label", texts.chat);
    this.#ol.setAttribute("role", "log");
    this.#ol.tabIndex = 0;
    this.#ol.addEventListener("scroll", () => {
      this.#isFollowing = this.#ol.scrollHeight - this.#ol.scrollTop - this.#ol.clientHeight < NEAR_PX;
    });
    this.#empty = h("p", { class: "chat-empty line v-glass" }, texts.chatEmpty);
    this.lines = h("div", { class: "chat", attrs: { "data-testid": "chat" } }, this.#empty, this.#ol);
    this.#list = new KeyedList({
      parent: this.#ol,
      keyOf: (line) => line.message_id,
      make: (line) => this.#make(line, acts),
      update: (element, line) => this.#read(element, line),
    });
    this.#input = h("input", {
      class: "v-glass",
      type: "text",
      maxLength: MAX_CHAT_CHARS,
      placeholder: texts.saySomething,
      autocomplete: "off",
      enterKeyHint: "send",
      attrs: { "aria-label": texts.saySomething },
    });
    const send = h(
      "button",
      {
        class: "v-button v-button--round v-button--glass",
        type: "submit",
        attrs: { "aria-label": texts.send },
      },
      icon("send", 22),
    );
    this.form = h("form", { class: "say" }, this.#input, send);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#say(acts);
    });
  }

  update(chat: readonly ChatLine[], ownId: string): void {
    this.#ownId = ownId;
    this.#empty.hidden = chat.length > 0;
    this.#ol.hidden = chat.length === 0;
    this.#newest = new Map(chat.map((line) => [line.message_id, line]));
    this.#list.show(chat);
    if (this.#isFollowing) this.#ol.scrollTop = this.#ol.scrollHeight;
  }

  async #say(acts: ChatActs): Promise<void> {
    const text = this.#input.value.trim();
    if (text === "") return;
    // Emptied at once for the next sentence; given back when the server did not take it.
    this.#input.value = "";
    if (!(await acts.say(text)) && this.#input.value === "") this.#input.value = text;
  }

  #make(line: ChatLine, acts: ChatActs): HTMLElement {
    const { texts } = this.#words;
    const tags = { host: texts.hostTag, moderator: texts.moderatorTag, admin: texts.moderatorTag };
    const tag = tags[line.author.role as keyof typeof tags];
    const content = [
      tag ? h("span", { class: "tag" }, tag) : null,
      h("b", {}, line.author.name),
      h("span", { class: "said", dir: "auto" }),
    ];
    const isOwn = line.author.id === this.#ownId;
    if (isOwn) return h("li", {}, h("div", { class: "line v-glass" }, ...content));
    const button = h(
      "button",
      {
        class: "line v-glass",
        type: "button",
        onclick: () => acts.moderate(this.#newest.get(line.message_id) ?? line),
        attrs: { "aria-haspopup": "dialog" },
      },
      ...content,
    );
    return h("li", {}, button);
  }

  /** What is said, as the host reads it; the original stands in the sheet that a tap opens. */
  #read(element: HTMLElement, line: ChatLine): void {
    const { texts, language } = this.#words;
    const shown = shownLine(line, language, false);
    const said = element.querySelector(".said");
    if (said === null || said.getAttribute("data-said") === shown.text) return;
    said.setAttribute("data-said", shown.text);
    const mark = shown.original === null ? null : icon("translate", 14);
    const foreign =
      shown.foreign === null ? null : h("span", { class: "foreign" }, shown.foreign.toUpperCase());
    fill(said, h("span", { attrs: { lang: shown.language } }, shown.text), mark, foreign);
    const button = element.querySelector("button");
    button?.setAttribute("aria-label", texts.lineOptions(line.author.name, shown.text));
  }
}
