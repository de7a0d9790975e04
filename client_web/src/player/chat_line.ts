/** One line of chat in the reader's language: the original is a tap away, and what is not translated says so. */

import type { ChatLine } from "../protocol/messages.ts";
import { type ShownLine, shownLine } from "../protocol/reading.ts";
import { languageName } from "../texts/language.ts";
import { translationTexts } from "../texts/translation.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";

export class ChatLineView {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #words = h("span", { class: "chat__words" });
  #isOpen = false;
  #line: ChatLine;
  #drawn = "";

  constructor(context: PlayerContext, line: ChatLine, asWritten: boolean) {
    this.#context = context;
    this.#line = line;
    const { texts } = context;
    const { role, name } = line.author;
    const tag =
      role === "host" ? texts.hostTag : role === "moderator" || role === "admin" ? texts.moderatorTag : null;
    this.element = h(
      "p",
      { class: `chat__line chat__line--${role}`, dir: "auto", onclick: (event) => this.#tapped(event) },
      h("bdi", { class: "chat__name" }, name, tag === null ? null : h("span", { class: "chat__tag" }, tag)),
      " ",
      this.#words,
    );
    this.update(line, asWritten);
  }

  /** Shows the line as it is now: its translation may have come, or the reader wants it as it was written. */
  update(line: ChatLine, asWritten: boolean): void {
    this.#line = line;
    const shown = shownLine(line, this.#context.language, asWritten);
    const drawn = JSON.stringify([shown, this.#isOpen]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.toggleAttribute("data-translated", shown.original !== null);
    fill(this.#words, ...this.#parts(shown));
  }

  #parts(shown: ShownLine): Node[] {
    const text = h("span", { class: "chat__text", attrs: { lang: shown.language } }, shown.text);
    if (shown.original === null) {
      return shown.foreign === null ? [text] : [text, this.#foreign(shown.foreign)];
    }
    const { language } = this.#context;
    const words = translationTexts(language);
    const from = this.#line.language === "und" ? null : languageName(this.#line.language, language);
    const said = from === null ? words.translated : words.translatedFrom(from);
    const label = `${said}. ${this.#isOpen ? words.hideOriginal : words.showOriginal}`;
    const mark = h(
      "button",
      {
        type: "button",
        class: "chat__mark",
        title: said,
        ariaLabel: label,
        attrs: { "aria-expanded": String(this.#isOpen) },
      },
      icon("translate", 14),
    );
    if (!this.#isOpen) return [text, mark];
    const original = h(
      "span",
      { class: "chat__original", dir: "auto", attrs: { lang: from === null ? null : this.#line.language } },
      shown.original,
    );
    return [text, mark, original];
  }

  #foreign(tag: string): HTMLElement {
    const { language } = this.#context;
    const said = translationTexts(language).notTranslated(languageName(tag, language));
    return h(
      "span",
      { class: "chat__foreign", title: said },
      h("span", { attrs: { "aria-hidden": "true" } }, tag.toUpperCase()),
      h("span", { class: "v-hidden" }, said),
    );
  }

  #tapped(event: Event): void {
    if (!this.element.hasAttribute("data-translated")) return;
    // somebody marks words to copy them
    if (!(getSelection()?.isCollapsed ?? true)) return;
    const onMark = event.target instanceof Element && event.target.closest(".chat__mark") !== null;
    this.#isOpen = !this.#isOpen;
    this.update(this.#line, false);
    if (onMark) this.element.querySelector<HTMLElement>(".chat__mark")?.focus();
  }
}
