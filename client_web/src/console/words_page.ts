/** The shop's own words: a glossary, what is never translated, and what hides a line of chat. Saved as one. */

import { primaryOf } from "../protocol/reading.ts";
import { LANGUAGES, languageName } from "../texts/language.ts";
import { type TranslationTexts, translationTexts } from "../texts/translation.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState, iconButton } from "./pieces.ts";
import {
  draftOf,
  inputOf,
  MOST,
  MOST_CHARS,
  newWords,
  problemsOf,
  type WordbookDraft,
  type WordList,
} from "./wordbook_draft.ts";
import type { Workplace } from "./workplace.ts";

/** From so many terms on, finding one takes a search field. */
const MANY = 8;

export class WordsPage {
  readonly element = h("div", { class: "page words" });
  readonly #work: Workplace;
  readonly #words: TranslationTexts;
  readonly #terms = h("div", { class: "words__terms" });
  readonly #save: HTMLButtonElement;
  readonly #unsaved: HTMLElement;
  #draft: WordbookDraft = { terms: [], keep: [], blocked: [] };
  #find = "";
  #showsProblems = false;

  constructor(work: Workplace, signal: AbortSignal) {
    this.#work = work;
    this.#words = translationTexts(work.words.language);
    this.#save = h(
      "button",
      {
        class: "v-button v-button--primary",
        type: "button",
        disabled: true,
        onclick: () => void this.#store(),
      },
      work.words.texts.save,
    );
    this.#unsaved = h("span", { class: "v-muted v-small", hidden: true }, this.#words.unsaved);
    addEventListener(
      "beforeunload",
      (event) => {
        if (!this.#save.disabled) event.preventDefault();
      },
      { signal },
    );
    fill(this.element, this.#head(), bones(work.words, 4));
    void this.#load();
  }

  #head(): HTMLElement {
    return pageHead({ title: this.#words.words, note: this.#words.wordsNote });
  }

  async #load(): Promise<void> {
    const { api, words, failed } = this.#work;
    try {
      this.#draft = draftOf(await api.wordbook());
      this.#draw();
    } catch (error) {
      failed(error);
      const action = { label: words.texts.tryAgain, act: () => void this.#load() };
      const { loadFailedTitle: title, loadFailed: text } = words.texts;
      fill(this.element, this.#head(), emptyState({ drawing: "order", title, text, action }));
    }
  }

  #draw(): void {
    const words = this.#words;
    const add = h(
      "button",
      { class: "v-button v-button--line", type: "button", onclick: () => this.#addTerm() },
      icon("plus", 18),
      words.addTerm,
    );
    this.#drawTerms();
    fill(
      this.element,
      this.#head(),
      this.#work.brandId === null ? h("p", { class: "v-muted" }, words.shopWide) : null,
      section(words.glossary, words.glossaryMore, this.#search(), this.#terms, h("div", {}, add)),
      this.#list("keep", words.keep, words.keepMore, words.keepExample),
      this.#list("blocked", words.blocked, words.blockedMore, words.blockedExample),
      h("div", { class: "words__foot" }, this.#unsaved, this.#save),
    );
  }

  #search(): HTMLElement | null {
    if (this.#draft.terms.length < MANY) return null;
    const input = h("input", {
      type: "search",
      placeholder: this.#words.filterTerms,
      ariaLabel: this.#words.filterTerms,
    });
    input.addEventListener("input", () => {
      this.#find = input.value.trim().toLocaleLowerCase();
      this.#drawTerms();
    });
    return h("div", { class: "search v-field" }, icon("search", 20), input);
  }

  #drawTerms(): void {
    const problems = this.#showsProblems ? problemsOf(this.#draft) : new Map();
    const rows = this.#draft.terms.flatMap((each, place) => {
      const text = [each.term, ...Object.values(each.said)].join(" ").toLocaleLowerCase();
      return this.#find === "" || text.includes(this.#find) ? [this.#row(place, problems.get(place))] : [];
    });
    const empty = h("p", { class: "v-muted words__empty" }, this.#words.glossaryEmpty);
    fill(this.#terms, ...(this.#draft.terms.length === 0 ? [empty] : rows));
  }

  #row(place: number, problem: "term" | "said" | "double" | undefined): HTMLElement {
    const words = this.#words;
    const each = this.#draft.terms[place];
    if (each === undefined) return h("div", {});
    const { language } = this.#work.words;
    const field = (
      label: string,
      value: string,
      hint: string,
      lang: string | null,
      changed: (text: string) => void,
    ): HTMLElement => {
      const input = h("input", {
        type: "text",
        value,
        placeholder: hint,
        maxLength: MOST_CHARS,
        attrs: { lang },
      });
      input.addEventListener("input", () => {
        changed(input.value);
        this.#changed();
      });
      return h("label", { class: "v-field" }, h("span", { class: "v-small" }, label), input);
    };
    const said = LANGUAGES.map(({ tag }) => primaryOf(tag));
    const further = Object.keys(each.said).filter((tag) => !said.includes(tag));
    const wrong =
      problem === undefined
        ? null
        : { term: words.missingTerm, said: words.missingSaid, double: words.doubleTerm }[problem];
    return h(
      "div",
      { class: `words__term${wrong === null ? "" : " v-field--wrong"}` },
      h(
        "div",
        { class: "words__head" },
        field(words.term, each.term, words.termExample, null, (text) => {
          each.term = text;
        }),
        iconButton("trash", words.removeTerm(each.term || String(place + 1)), () => this.#removeTerm(place)),
      ),
      h(
        "div",
        { class: "words__said" },
        ...[...said, ...further].map((tag) =>
          field(words.saidIn(languageName(tag, language)), each.said[tag] ?? "", "", tag, (text) => {
            each.said[tag] = text;
          }),
        ),
      ),
      wrong === null ? null : h("span", { class: "v-field__error", attrs: { role: "alert" } }, wrong),
    );
  }

  #addTerm(): void {
    if (this.#draft.terms.length >= MOST.terms) {
      this.#work.notify({ text: this.#words.tooManyWords(MOST.terms), kind: "bad" });
      return;
    }
    this.#find = "";
    this.#draft.terms.push({ term: "", said: {} });
    this.#drawTerms();
    this.#terms.querySelector<HTMLInputElement>(".words__term:last-child input")?.focus();
  }

  #removeTerm(place: number): void {
    const [removed] = this.#draft.terms.splice(place, 1);
    if (removed === undefined) return;
    this.#drawTerms();
    this.#changed();
    this.#offerBack(removed.term, () => {
      this.#draft.terms.splice(place, 0, removed);
      this.#drawTerms();
    });
  }

  #list(name: WordList, title: string, more: string, example: string): HTMLElement {
    const words = this.#words;
    const chips = h("ul", { class: "words__chips" });
    const input = h("input", {
      type: "text",
      placeholder: example,
      ariaLabel: title,
      enterKeyHint: "done",
      autocomplete: "off",
    });
    const draw = (): void => {
      const list = this.#draft[name];
      const chip = (word: string, place: number): HTMLElement =>
        h(
          "li",
          { class: "words__chip" },
          h("bdi", {}, word),
          iconButton(icon("close", 16), words.removeTerm(word), () => {
            list.splice(place, 1);
            draw();
            this.#changed();
            this.#offerBack(word, () => {
              list.splice(place, 0, word);
              draw();
            });
          }),
        );
      fill(chips, ...(list.length === 0 ? [h("li", { class: "v-muted" }, words.noWords)] : list.map(chip)));
    };
    const form = h(
      "form",
      { class: "words__add" },
      h("div", { class: "v-field" }, input),
      h("button", { class: "v-button v-button--line", type: "submit" }, words.addWord),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const list = this.#draft[name];
      const added = newWords(input.value, list);
      if (list.length + added.length > MOST[name]) {
        this.#work.notify({ text: words.tooManyWords(MOST[name]), kind: "bad" });
        return;
      }
      list.push(...added);
      input.value = "";
      input.focus();
      draw();
      if (added.length > 0) this.#changed();
    });
    draw();
    return section(title, more, chips, form);
  }

  #offerBack(word: string, back: () => void): void {
    const act = (): void => {
      back();
      this.#changed();
    };
    const { undo } = this.#work.words.texts;
    this.#work.notify({ text: this.#words.removed(word), action: { label: undo, act } });
  }

  #changed(): void {
    this.#save.disabled = false;
    this.#unsaved.hidden = false;
  }

  async #store(): Promise<void> {
    const { api, notify, failed } = this.#work;
    this.#showsProblems = problemsOf(this.#draft).size > 0;
    if (this.#showsProblems) {
      this.#find = "";
      this.#drawTerms();
      this.#terms.querySelector<HTMLElement>(".v-field--wrong input")?.focus();
      return;
    }
    this.#save.disabled = true;
    try {
      this.#draft = draftOf(await api.writeWordbook(inputOf(this.#draft)));
      this.#unsaved.hidden = true;
      this.#draw();
      notify({ text: this.#words.saved, kind: "good" });
    } catch (error) {
      this.#save.disabled = false;
      failed(error);
    }
  }
}

function section(title: string, more: string, ...content: (Node | null)[]): HTMLElement {
  return h(
    "section",
    { class: "words__section" },
    h("h2", {}, title),
    h("p", { class: "v-muted v-small" }, more),
    ...content,
  );
}
