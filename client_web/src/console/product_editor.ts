/** Writing one product: texts by language, pictures, variants and prices, facts, and beside it what viewers will see. */

import { codeOf, VitrineError } from "../protocol/errors.ts";
import type { Product } from "../protocol/messages.ts";
import { fill, h } from "../ui/dom.ts";
import { type Field, field } from "../ui/field.ts";
import { FactsField } from "./facts_field.ts";
import { languageTabs } from "./language_tabs.ts";
import { pageHead } from "./page_head.ts";
import { PicturesField } from "./pictures_field.ts";
import { bones, emptyState } from "./pieces.ts";
import {
  type DraftProblems,
  draftOf,
  emptyDraft,
  inputOf,
  type ProductDraft,
  problemsOf,
  slugFrom,
  type Texts,
  withPictures,
} from "./product_draft.ts";
import { productPreview } from "./product_preview.ts";
import { VariantsTable } from "./variants_table.ts";
import type { Workplace } from "./workplace.ts";

type TextField = "title" | "summary" | "delivery" | "returns" | "provenance";

export class ProductEditor {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #signal: AbortSignal;
  #draft: ProductDraft;
  #language: string;
  #isChanged = false;
  #isSlugOwn: boolean;
  #slug: Field | null = null;
  #titleField: Field | null = null;
  #variants: VariantsTable | null = null;
  #facts: FactsField | null = null;
  #categories: string[] = [];
  readonly #preview = h("div", {});
  readonly #saveBar = h("div", { class: "save-bar" });

  constructor(work: Workplace, productId: string | null, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    this.#language = work.words.language;
    this.#draft = emptyDraft("USD");
    this.#isSlugOwn = productId !== null;
    signal.addEventListener("abort", () => this.#left(productId), { once: true });
    addEventListener(
      "beforeunload",
      (event) => {
        if (this.#isChanged) event.preventDefault();
      },
      { signal },
    );
    const kept = work.drafts.get(productId ?? "new");
    work.drafts.delete(productId ?? "new");
    if (kept) {
      this.#draft = kept;
      this.#isChanged = true;
    }
    if (kept || productId === null) this.#draw();
    else void this.#load(productId);
    void this.#suggestCategories();
  }

  /** Left with changes that were not saved: they can be had back for a moment. */
  #left(productId: string | null): void {
    if (!this.#isChanged) return;
    const { words, drafts, go, notify } = this.#work;
    const back = (): void => {
      drafts.set(productId ?? "new", this.#draft);
      go({ page: "product", id: productId });
    };
    notify({ text: words.texts.discarded, action: { label: words.texts.undo, act: back } });
  }

  async #load(productId: string): Promise<void> {
    const { api, words, go } = this.#work;
    fill(this.element, this.#head(words.texts.product), bones(words, 4));
    try {
      this.#draft = draftOf(await api.product(productId), words.language);
      this.#draw();
    } catch (error) {
      this.#work.failed(error);
      const action = { label: words.texts.back, act: () => go({ page: "products" }), isPrimary: false };
      const empty = {
        drawing: "product",
        title: words.texts.loadFailedTitle,
        text: words.texts.loadFailed,
        action,
      } as const;
      fill(this.element, this.#head(words.texts.product), emptyState(empty));
    }
  }

  async #suggestCategories(): Promise<void> {
    try {
      const products = await this.#work.api.productsOfBrand(this.#work.brandId ?? undefined);
      this.#categories = [...new Set(products.map((product) => product.category).filter(Boolean))].sort();
      const list = this.element.querySelector("#categories");
      if (list) fill(list, ...this.#categories.map((category) => h("option", { value: category })));
    } catch {
      // Suggestions only.
    }
  }

  #head(title: string): HTMLElement {
    const { texts } = this.#work.words;
    const back = { label: texts.back, act: () => this.#work.go({ page: "products" }) };
    return pageHead({ title, back, actions: [this.#saveBar] });
  }

  #draw(): void {
    const work = this.#work;
    const { texts, own } = work.words;
    const draft = this.#draft;
    const changed = (): void => this.#changed();
    const language = (): string => this.#language;
    const pictures = new PicturesField({
      work,
      pictures: () => draft.pictures,
      change: (next) => {
        withPictures(draft, next);
        this.#variants?.draw();
        changed();
      },
      language,
      signal: this.#signal,
    });
    this.#variants = new VariantsTable({ work, draft, language, changed, signal: this.#signal });
    this.#facts = new FactsField({ work, draft, language, changed });
    const tabs = languageTabs({
      label: texts.textLanguage,
      present: Object.keys(draft.title),
      isWritten: (tag) => (draft.title[tag] ?? "").trim() !== "",
      chosen: this.#language,
      choose: (tag) => {
        this.#language = tag;
        this.#draw();
        this.element.querySelector<HTMLInputElement>(`.languages input[value="${CSS.escape(tag)}"]`)?.focus();
      },
    });
    const card = (title: string, hint: string | null, ...content: Node[]): HTMLElement =>
      h(
        "section",
        { class: "v-card form-card" },
        h("h2", {}, title),
        hint ? h("p", { class: "v-muted v-small" }, hint) : null,
        ...content,
      );
    this.#titleField = this.#text("title", texts.title, texts.titleExample, null, false);
    fill(
      this.element,
      this.#head(draft.productId === null ? texts.newProduct : own(draft.title)),
      h("div", { class: "language-bar" }, tabs),
      h(
        "div",
        { class: "editor" },
        h(
          "div",
          { class: "editor-main" },
          card(
            texts.texts,
            null,
            this.#titleField.element,
            this.#text("summary", texts.summary, "", texts.summaryHint, true).element,
          ),
          card(texts.pictures, null, pictures.element),
          card(texts.variantsPrices, null, this.#variants.element),
          card(texts.facts, texts.factsHint, this.#facts.element),
          card(
            texts.deliveryReturns,
            null,
            this.#text("delivery", texts.delivery, texts.deliveryExample, null, false).element,
            this.#text("returns", texts.returns, texts.returnsExample, null, false).element,
            this.#text("provenance", texts.provenance, texts.provenanceExample, null, false).element,
          ),
        ),
        h(
          "aside",
          { class: "editor-side" },
          h("section", {}, h("h2", {}, texts.preview), this.#preview),
          this.#place(),
        ),
      ),
    );
    this.#drawPreview();
    this.#drawSaveBar();
  }

  #text(name: TextField, label: string, placeholder: string, hint: string | null, isLong: boolean): Field {
    const texts: Texts = this.#draft[name];
    const control = (isLong ? h("textarea", { rows: 2 }) : h("input", { type: "text" })) as HTMLInputElement;
    control.value = texts[this.#language] ?? "";
    control.placeholder = placeholder;
    control.maxLength = 2000;
    control.lang = this.#language;
    control.addEventListener("input", () => {
      texts[this.#language] = control.value;
      if (name === "title" && !this.#isSlugOwn) this.#suggestSlug();
      made.setError(null);
      this.#changed();
    });
    const made = hint === null ? field(label, control) : field(label, control, hint);
    return made;
  }

  /** Address and category: set once, seldom looked at again. */
  #place(): HTMLElement {
    const { texts } = this.#work.words;
    const slug = h("input", {
      type: "text",
      value: this.#draft.slug,
      maxLength: 80,
      autocomplete: "off",
      spellcheck: false,
    });
    slug.addEventListener("input", () => {
      this.#draft.slug = slug.value.trim();
      this.#isSlugOwn = slug.value !== "";
      this.#slug?.setError(null);
      this.#changed();
    });
    this.#slug = field(texts.slug, slug, texts.slugHint);
    const category = h("input", {
      type: "text",
      value: this.#draft.category,
      maxLength: 40,
      attrs: { list: "categories" },
    });
    category.addEventListener("input", () => {
      this.#draft.category = category.value;
      this.#changed();
    });
    const list = h(
      "datalist",
      { id: "categories" },
      ...this.#categories.map((each) => h("option", { value: each })),
    );
    return h(
      "section",
      { class: "v-card form-card" },
      field(texts.category, category, texts.categoryHint).element,
      list,
      this.#slug.element,
    );
  }

  #suggestSlug(): void {
    const { title } = this.#draft;
    this.#draft.slug = slugFrom(title.en || Object.values(title).find((text) => slugFrom(text) !== "") || "");
    if (this.#slug) this.#slug.control.value = this.#draft.slug;
    this.#slug?.setError(null);
  }

  #changed(): void {
    this.#isChanged = true;
    this.#drawPreview();
    this.#drawSaveBar();
  }

  #drawPreview(): void {
    fill(this.#preview, productPreview(this.#draft, this.#language, this.#work.words));
  }

  #drawSaveBar(isSaving = false): void {
    const { texts } = this.#work.words;
    fill(
      this.#saveBar,
      this.#isChanged ? h("span", { class: "v-muted v-small unsaved" }, texts.unsaved) : null,
      h(
        "button",
        {
          class: "v-button v-button--primary",
          type: "button",
          disabled: isSaving || (!this.#isChanged && this.#draft.productId !== null),
          onclick: () => void this.#save(),
        },
        isSaving ? texts.saving : texts.save,
      ),
    );
  }

  async #save(): Promise<void> {
    const { api, words, notify, go, failed } = this.#work;
    const { texts, own } = words;
    const problems = problemsOf(this.#draft);
    this.#showProblems(problems);
    if (problems.size > 0) {
      notify({ text: texts.problems(problems.size), kind: "bad" });
      this.element.querySelector<HTMLElement>(".v-field--wrong input, .v-field--wrong textarea")?.focus();
      return;
    }
    this.#drawSaveBar(true);
    try {
      const input = inputOf(this.#draft);
      const { productId } = this.#draft;
      const saved: Product =
        productId === null ? await api.addProduct(input) : await api.changeProduct(productId, input);
      this.#isChanged = false;
      notify({ text: texts.productSaved(own(saved.title)), kind: "good" });
      if (productId === null) go({ page: "product", id: saved.product_id });
      else {
        this.#draft = draftOf(saved, words.language);
        this.#draw();
      }
    } catch (error) {
      this.#drawSaveBar();
      if (error instanceof VitrineError && /slug/.test(`${codeOf(error)} ${JSON.stringify(error.detail)}`)) {
        this.#slug?.setError(texts.problemSlugTaken);
        this.#slug?.control.focus();
      } else failed(error);
    }
  }

  #showProblems(problems: DraftProblems): void {
    const { texts } = this.#work.words;
    this.#titleField?.setError(problems.has("title") ? texts.problemTitleMissing : null);
    const slug = problems.get("slug");
    this.#slug?.setError(
      slug ? (slug === "missing" ? texts.problemSlugMissing : texts.problemSlugBad) : null,
    );
    this.#variants?.showProblems(problems);
    this.#facts?.showProblems(problems);
  }
}
