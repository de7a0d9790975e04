/** The list of products: found by words and filters, stock changed in place, alone or many at once, with undo. */

import { systemClock } from "../protocol/clock.ts";
import { codeOf } from "../protocol/errors.ts";
import type { Product, Variant } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { bulkStock } from "./bulk_stock.ts";
import { likelyFirst, plainDigits } from "./money_input.ts";
import { pageHead } from "./page_head.ts";
import { bones, checkbox, emptyState, productPicture, searchField, segments } from "./pieces.ts";
import { categories, findProducts, type ProductQuery, type StockFilter } from "./product_search.ts";
import { hashOf } from "./routes.ts";
import { StockEdits } from "./stock_edits.ts";
import { stockLine } from "./stock_line.ts";
import { canEditProducts, type Workplace } from "./workplace.ts";

/** The server is asked when nobody has typed for so long. */
const TYPING_MS = 250;

export class ProductsPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #edits: StockEdits;
  readonly #list = h("div", { class: "list" });
  readonly #status = h("p", { class: "v-hidden", attrs: { role: "status" } });
  readonly #bulk = h("div", { class: "bulk-place" });
  readonly #selected = new Set<string>();
  #products: Product[] = [];
  /** Found by the server for the words that stand in the field. */
  #translated: ReadonlySet<string> = new Set();
  #typing: ReturnType<typeof setTimeout> | undefined;
  #query: ProductQuery = { words: "", category: "", stock: "all" };

  constructor(work: Workplace, signal: AbortSignal) {
    this.#work = work;
    this.#edits = new StockEdits(
      systemClock,
      (variantId, change) => void this.#changeStock(variantId, change, true),
    );
    signal.addEventListener("abort", () => this.#edits.flushAll(), { once: true });
    signal.addEventListener("abort", () => clearTimeout(this.#typing), { once: true });
    fill(this.element, this.#head(""), bones(work.words));
    void this.#load();
  }

  async #load(): Promise<void> {
    const { api, words, brandId } = this.#work;
    try {
      this.#products = await api.productsOfBrand(brandId ?? undefined);
      this.#draw();
    } catch (error) {
      this.#work.failed(error);
      fill(
        this.element,
        this.#head(""),
        emptyState({
          drawing: "product",
          title: words.texts.loadFailedTitle,
          text: words.texts.loadFailed,
          action: { label: words.texts.tryAgain, act: () => void this.#load() },
        }),
      );
    }
  }

  #head(note: string): HTMLElement {
    const { texts } = this.#work.words;
    // An admin acts for no brand: whose the product would be could not be said.
    const canAdd = this.#work.brandId !== null;
    const add = h(
      "a",
      { class: "v-button v-button--primary", href: hashOf({ page: "product", id: null }) },
      icon("plus", 20),
      texts.newProduct,
    );
    return pageHead({ title: texts.products, note, actions: canAdd ? [add] : [] });
  }

  #draw(): void {
    const { words, go, brandId } = this.#work;
    const { texts } = words;
    if (this.#products.length === 0) {
      const action = { label: texts.newProduct, act: () => go({ page: "product", id: null }) };
      const empty = { drawing: "product", title: texts.noProductsTitle, text: texts.noProducts } as const;
      fill(
        this.element,
        pageHead({ title: texts.products }),
        emptyState(brandId === null ? empty : { ...empty, action }),
      );
      return;
    }
    fill(
      this.element,
      this.#head(texts.productCount(this.#products.length)),
      this.#toolbar(),
      this.#status,
      this.#list,
      this.#bulk,
    );
    this.#drawList();
  }

  #toolbar(): HTMLElement {
    const { texts } = this.#work.words;
    const all = categories(this.#products);
    const select = h(
      "select",
      { attrs: { "aria-label": texts.category } },
      h("option", { value: "" }, texts.allCategories),
      ...all.map((category) =>
        h("option", { value: category, selected: category === this.#query.category }, category),
      ),
    );
    select.addEventListener("change", () => this.#ask({ category: select.value }));
    const stock: { value: StockFilter; label: string }[] = [
      { value: "all", label: texts.stockAll },
      { value: "low", label: texts.stockLow },
      { value: "out", label: texts.stockOut },
    ];
    return h(
      "div",
      { class: "toolbar" },
      searchField(texts.searchProducts, texts.searchHint, (wordsTyped) => this.#ask({ words: wordsTyped })),
      all.length > 1 ? h("div", { class: "v-field" }, select) : null,
      segments("stock", texts.stock, stock, this.#query.stock, (value) => this.#ask({ stock: value })),
    );
  }

  #ask(part: Partial<ProductQuery>): void {
    this.#query = { ...this.#query, ...part };
    if (part.words !== undefined) this.#askServer(part.words);
    this.#drawList();
  }

  /** The server knows what texts read like in other languages. */
  #askServer(typed: string): void {
    clearTimeout(this.#typing);
    this.#translated = new Set();
    if (typed.trim() === "") return;
    const { api, brandId } = this.#work;
    this.#typing = setTimeout(() => {
      api
        .searchProducts(typed.trim().slice(0, 100), brandId ?? undefined)
        .then((found) => {
          if (typed !== this.#query.words) return;
          this.#translated = new Set(found.map((product) => product.product_id));
          this.#drawList();
        })
        .catch(() => {}); // what the products say themselves is found all the same
    }, TYPING_MS);
  }

  #drawList(): void {
    const { words } = this.#work;
    const { texts } = words;
    const found = findProducts(this.#products, this.#query, this.#translated);
    setText(this.#status, texts.productCount(found.length));
    if (found.length === 0) {
      const clear = (): void => {
        this.#query = { words: "", category: "", stock: "all" };
        this.#draw();
      };
      const action = { label: texts.clearFilters, act: clear, isPrimary: false };
      fill(
        this.#list,
        emptyState({ drawing: "product", title: texts.noMatchTitle, text: texts.noMatch, action }),
      );
    } else {
      const canEdit = canEditProducts(this.#work.me);
      const head = h(
        "div",
        { class: "row product-row row-head", attrs: { "aria-hidden": "true" } },
        h("span", {}),
        h("span", {}, texts.product),
        h("span", {}, texts.price),
        h("span", {}, texts.stock),
      );
      const ul = h("ul", { class: "rows" }, ...found.map((product) => this.#row(product, canEdit)));
      fill(this.#list, head, ul);
    }
    this.#drawBulk();
  }

  #row(product: Product, canEdit: boolean): HTMLElement {
    const { words } = this.#work;
    const { texts, own } = words;
    const title = own(product.title);
    const link = h(
      "a",
      {
        class: "row-title",
        href: hashOf({ page: "product", id: product.product_id }),
        attrs: { "aria-label": texts.editProduct(title) },
      },
      title,
    );
    return h(
      "li",
      { class: "row product-row", data: { product: product.product_id } },
      canEdit
        ? checkbox(texts.selectProduct(title), this.#selected.has(product.product_id), (isChecked) => {
            if (isChecked) this.#selected.add(product.product_id);
            else this.#selected.delete(product.product_id);
            this.#drawBulk();
          })
        : h("span", {}),
      h(
        "div",
        { class: "row-main" },
        productPicture(product),
        h(
          "div",
          { class: "row-text" },
          link,
          h(
            "span",
            { class: "v-muted v-small" },
            product.category ? h("bdi", {}, product.category) : null,
            product.category ? " · " : null,
            texts.variants(product.variants.length),
          ),
        ),
      ),
      h("div", { class: "row-price v-number" }, this.#prices(product)),
      h(
        "div",
        { class: "stock-lines" },
        ...product.variants.map((variant) => this.#stock(product, variant, canEdit)),
      ),
    );
  }

  #prices(product: Product): string {
    const { formats, texts, language } = this.#work.words;
    const prices = product.variants.flatMap((variant) => variant.prices);
    const currency =
      likelyFirst(
        prices.map((price) => price.currency),
        language,
      )[0] ?? "USD";
    const amounts = prices.filter((price) => price.currency === currency).map((price) => price.amount_minor);
    if (amounts.length === 0) return "";
    const lowest = Math.min(...amounts);
    const text = formats.money(lowest, currency);
    return amounts.some((amount) => amount !== lowest) ? texts.fromPrice(text) : text;
  }

  #stock(product: Product, variant: Variant, canEdit: boolean): HTMLElement {
    const { words } = this.#work;
    return stockLine({
      words,
      title: words.own(product.title),
      variant,
      isOnly: product.variants.length === 1,
      canEdit,
      change: (by) => this.#edits.add(variant.variant_id, by),
    });
  }

  async #changeStock(variantId: string, change: number, canUndo: boolean): Promise<void> {
    const { api, words, notify, failed } = this.#work;
    const { texts, own } = words;
    try {
      const product = await api.changeStock(variantId, { change });
      this.#put(product);
      const variant = product.variants.find((each) => each.variant_id === variantId);
      const name =
        product.variants.length > 1 && variant
          ? `${own(product.title)}, ${own(variant.label)}`
          : own(product.title);
      const action = { label: texts.undo, act: () => void this.#changeStock(variantId, -change, false) };
      notify({
        text: texts.stockChanged(name, variant?.left ?? 0),
        kind: "good",
        ...(canUndo ? { action } : {}),
      });
    } catch (error) {
      this.#drawList();
      const code = codeOf(error);
      if (code === "network" || code === "timed_out") failed(error);
      else notify({ text: texts.stockReserved, kind: "bad" });
    }
  }

  #put(product: Product): void {
    this.#products = this.#products.map((each) => (each.product_id === product.product_id ? product : each));
    const canEdit = canEditProducts(this.#work.me);
    const row = this.#list.querySelector(`[data-product="${CSS.escape(product.product_id)}"]`);
    const lines = row?.querySelector(".stock-lines");
    // Typing goes on in the same place: only the numbers of this product are drawn anew.
    const focused = lines?.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.focus
      : undefined;
    if (lines) fill(lines, ...product.variants.map((variant) => this.#stock(product, variant, canEdit)));
    if (focused) lines?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  #drawBulk(): void {
    const { texts } = this.#work.words;
    const chosen = this.#products.filter((product) => this.#selected.has(product.product_id));
    if (chosen.length === 0) {
      fill(this.#bulk);
      return;
    }
    const input = h("input", {
      type: "text",
      inputMode: "numeric",
      placeholder: "+10",
      attrs: { "aria-label": texts.changeStockEach },
    });
    const form = h(
      "form",
      { class: "bulk" },
      h("strong", { class: "v-strong" }, texts.selected(chosen.length)),
      h("span", { class: "spring" }),
      h("span", { class: "v-small" }, texts.changeStock),
      h("div", { class: "v-field" }, input),
      h("button", { class: "v-button v-button--primary", type: "submit" }, texts.apply),
      h(
        "button",
        {
          class: "v-button v-button--plain",
          type: "button",
          onclick: () => {
            this.#selected.clear();
            this.#drawList();
          },
        },
        texts.clearSelection,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const change = Number(plainDigits(input.value).replace("−", "-"));
      if (!Number.isInteger(change) || change === 0) {
        this.#work.notify({ text: texts.notACount, kind: "bad" });
        input.focus();
        return;
      }
      void this.#changeMany(
        chosen.flatMap((product) => product.variants.map((variant) => variant.variant_id)),
        change,
      );
    });
    fill(this.#bulk, form);
  }

  async #changeMany(variantIds: string[], change: number): Promise<void> {
    const { api, words, notify } = this.#work;
    const { texts } = words;
    const result = await bulkStock(variantIds, (id) => api.changeStock(id, { change }));
    for (const product of result.products) this.#put(product);
    this.#selected.clear();
    this.#drawList();
    const action = { label: texts.undo, act: () => void this.#changeMany(result.done, -change) };
    const undo = result.done.length > 0 ? { action } : {};
    if (result.failed.length > 0) {
      notify({ text: texts.stockBulkPartly(result.done.length, result.failed.length), kind: "bad", ...undo });
    } else notify({ text: texts.stockBulk(result.done.length), kind: "good", ...undo });
  }
}
