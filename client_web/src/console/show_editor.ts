/** Planning a show: title, time, currency, rundown, and the link that starts it. Changes are saved as they are made. */

import type { Product, Show, ShowInput } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { languageTabs } from "./language_tabs.ts";
import { fromLocalTime, toLocalTime } from "./local_time.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState } from "./pieces.ts";
import { RundownEditor } from "./rundown_editor.ts";
import { studioLink } from "./shows_page.ts";
import type { Workplace } from "./workplace.ts";

const CURRENCIES = ["USD", "EUR", "GBP", "CNY", "JPY", "MXN"];
/** Typing rests this long before it is saved. */
const REST_MS = 700;

export class ShowEditor {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #saved = h("span", { class: "v-muted v-small", attrs: { role: "status" } });
  #show: Show | null = null;
  #input: ShowInput;
  #language: string;
  #catalogue: Product[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(work: Workplace, showId: string | null, signal: AbortSignal) {
    this.#work = work;
    this.#language = work.words.language;
    this.#input = { title: {}, starts_at: null, rundown: [], currency: "USD" };
    signal.addEventListener("abort", () => this.#saveNow(), { once: true });
    if (showId === null) this.#drawNew();
    else void this.#load(showId);
  }

  #head(title: string, actions: Node[] = []): HTMLElement {
    const { texts } = this.#work.words;
    const back = { label: texts.back, act: () => this.#work.go({ page: "shows" }) };
    return pageHead({ title, back, actions });
  }

  async #load(showId: string): Promise<void> {
    const { api, words, go, failed } = this.#work;
    const { texts } = words;
    fill(this.element, this.#head(texts.shows), bones(words, 4));
    try {
      const [show, catalogue] = await Promise.all([api.show(showId), api.productsOfBrand()]);
      this.#show = show;
      this.#catalogue = catalogue;
      this.#input = {
        title: { ...show.title },
        starts_at: show.starts_at,
        rundown: [...show.rundown],
        currency: show.currency,
      };
      this.#draw();
    } catch (error) {
      failed(error);
      const action = { label: texts.back, act: () => go({ page: "shows" }), isPrimary: false };
      const empty = {
        drawing: "show",
        title: texts.loadFailedTitle,
        text: texts.loadFailed,
        action,
      } as const;
      fill(this.element, this.#head(texts.shows), emptyState(empty));
    }
  }

  #drawNew(): void {
    const { api, words, go, failed } = this.#work;
    const { texts } = words;
    const title = this.#titleField();
    const create = h(
      "button",
      { class: "v-button v-button--primary v-button--large", type: "submit" },
      texts.createShow,
    );
    const form = h(
      "form",
      { class: "v-card form-card narrow", noValidate: true },
      title.element,
      this.#startsField(),
      this.#currencyField(),
      create,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!(this.#input.title[this.#language] ?? "").trim()) {
        title.setError(texts.problemShowTitle);
        title.control.focus();
        return;
      }
      create.disabled = true;
      api
        .addShow(this.#input)
        .then((show) => go({ page: "show", id: show.show_id }))
        .catch((error: unknown) => {
          create.disabled = false;
          failed(error);
        });
    });
    fill(this.element, this.#head(texts.newShow), form);
    title.control.focus();
  }

  #draw(): void {
    const { words } = this.#work;
    const { texts, own } = words;
    const show = this.#show;
    if (!show) return;
    const tabs = languageTabs({
      label: texts.textLanguage,
      present: Object.keys(this.#input.title),
      isWritten: (tag) => (this.#input.title[tag] ?? "").trim() !== "",
      chosen: this.#language,
      choose: (tag) => {
        this.#language = tag;
        this.#draw();
      },
    });
    const rundown = new RundownEditor({
      work: this.#work,
      catalogue: this.#catalogue,
      rundown: this.#input.rundown ?? [],
      changed: (next) => {
        this.#input = { ...this.#input, rundown: next };
        this.#saveNow();
      },
    });
    fill(
      this.element,
      this.#head(own(this.#input.title), [this.#saved]),
      h(
        "div",
        { class: "show-editor" },
        h(
          "section",
          { class: "v-card form-card" },
          tabs,
          this.#titleField().element,
          h("div", { class: "two" }, this.#startsField(), this.#currencyField()),
        ),
        this.#links(show),
        rundown.element,
      ),
    );
  }

  #titleField() {
    const { texts } = this.#work.words;
    const input = h("input", {
      type: "text",
      maxLength: 200,
      value: this.#input.title[this.#language] ?? "",
      autocomplete: "off",
    });
    const made = field(texts.showTitleLabel, input, texts.showTitleHint);
    input.addEventListener("input", () => {
      const title = { ...this.#input.title, [this.#language]: input.value };
      if (input.value.trim() === "") delete title[this.#language];
      this.#input = { ...this.#input, title };
      made.setError(Object.keys(title).length === 0 ? texts.problemShowTitle : null);
      this.#saveSoon();
    });
    return made;
  }

  #startsField(): HTMLElement {
    const { texts } = this.#work.words;
    const input = h("input", { type: "datetime-local", value: toLocalTime(this.#input.starts_at ?? null) });
    const made = field(texts.starts, input);
    input.addEventListener("change", () => {
      const startsAt = fromLocalTime(input.value);
      made.setError(startsAt !== null && Date.parse(startsAt) < Date.now() ? texts.inThePast : null);
      this.#input = { ...this.#input, starts_at: startsAt };
      this.#saveSoon();
    });
    return made.element;
  }

  #currencyField(): HTMLElement {
    const { texts } = this.#work.words;
    const current = this.#input.currency ?? "USD";
    const all = [...new Set([...CURRENCIES, current])];
    const select = h(
      "select",
      {},
      ...all.map((each) => h("option", { value: each, selected: each === current }, each)),
    );
    select.addEventListener("change", () => {
      this.#input = { ...this.#input, currency: select.value };
      this.#saveSoon();
    });
    return field(texts.currency, select).element;
  }

  #links(show: Show): HTMLElement {
    const { words, notify, failed } = this.#work;
    const { texts } = words;
    const link = studioLink(this.#work, show.show_id);
    const copy = (): void => {
      navigator.clipboard.writeText(link).then(() => notify({ text: texts.copied, kind: "good" }), failed);
    };
    return h(
      "section",
      { class: "v-card form-card links" },
      h("h2", {}, texts.studioLink),
      h("p", { class: "v-muted v-small" }, texts.studioLinkHint),
      h(
        "div",
        { class: "link-row" },
        h(
          "a",
          { class: "v-button v-button--primary", href: link, target: "_blank", rel: "noreferrer" },
          icon("camera", 20),
          texts.openStudio,
        ),
        h(
          "button",
          { class: "v-button v-button--line", type: "button", onclick: copy },
          workIcon("copy", 20),
          texts.copyLink,
        ),
        h(
          "a",
          {
            class: "v-button v-button--plain",
            href: `/watch/${show.show_id}`,
            target: "_blank",
            rel: "noreferrer",
          },
          workIcon("show", 20),
          texts.watchLink,
        ),
      ),
    );
  }

  #saveSoon(): void {
    if (this.#show === null) return;
    clearTimeout(this.#timer);
    setText(this.#saved, this.#work.words.texts.saving);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#save();
    }, REST_MS);
  }

  #saveNow(): void {
    if (this.#show === null) return;
    clearTimeout(this.#timer);
    const isWaiting = this.#timer !== undefined;
    this.#timer = undefined;
    if (isWaiting || JSON.stringify(this.#input.rundown) !== JSON.stringify(this.#show.rundown)) this.#save();
  }

  /** One write after the other; the last has everything. */
  #save(): void {
    const { api, words, failed } = this.#work;
    const show = this.#show;
    if (show === null || Object.keys(this.#input.title).length === 0) return;
    const input = this.#input;
    const write = async (): Promise<void> => {
      try {
        this.#show = await api.changeShow(show.show_id, input);
        if (this.#input === input) setText(this.#saved, words.texts.saved);
      } catch (error) {
        setText(this.#saved, "");
        failed(error);
      }
    };
    this.#writing = this.#writing.then(write);
  }
}
