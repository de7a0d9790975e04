/** One file on its way: its bytes travel while the brand says what it is; then its job starts by itself. */

import { codeOf } from "../protocol/errors.ts";
import type {
  LengthUnit,
  ModelCategory,
  ModelJob,
  Placement,
  Product,
  Upload,
} from "../protocol/messages.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { choice, progressBar } from "./model_pieces.ts";
import { bytesText, CATEGORIES, guessCategory } from "./model_states.ts";
import { sendModel } from "./model_upload.ts";
import type { Workplace } from "./workplace.ts";

const CM_PER_M = 100;
const UNITS: readonly LengthUnit[] = ["m", "cm", "mm", "inch", "ft"];
const PLACES: readonly Placement[] = ["floor", "wall", "table"];

export interface UploadCardOptions {
  work: Workplace;
  file: File;
  products: readonly Product[];
  /** Waits until few enough others are sending. */
  turn: (signal: AbortSignal) => Promise<() => void>;
  started: (job: ModelJob) => void;
  gone: () => void;
}

export class UploadCard {
  readonly element = h("section", { class: "v-card upload-card" });
  readonly #options: UploadCardOptions;
  readonly #given = new AbortController();
  readonly #bar = progressBar();
  readonly #status = h("span", { class: "v-muted v-small", attrs: { role: "status" } });
  readonly #action = h("div", { class: "upload-action" });
  readonly #make: HTMLButtonElement;
  readonly #category: HTMLSelectElement;
  readonly #product: HTMLSelectElement;
  readonly #unit: HTMLSelectElement;
  readonly #placement: HTMLSelectElement;
  readonly #sides: HTMLInputElement[];
  readonly #sizeProblem = h("span", { class: "v-field__error" });
  #upload: Upload | null = null;
  #isThere = false;
  #isWanted = false;

  constructor(options: UploadCardOptions) {
    this.#options = options;
    const { work, file, products } = options;
    const { models, own } = work.words;
    this.#product = choice([
      { value: "", label: models.noProduct },
      ...products.map((product) => ({ value: product.product_id, label: own(product.title) })),
    ]);
    this.#category = choice(
      CATEGORIES.map((value) => ({ value, label: models.categories[value] })),
      guessCategory(null, file.name),
    );
    this.#product.addEventListener("change", () => {
      const product = products.find((each) => each.product_id === this.#product.value) ?? null;
      const guess = guessCategory(product, file.name);
      if (guess !== "other") this.#category.value = guess;
      this.#showPlacement();
    });
    this.#category.addEventListener("change", () => this.#showPlacement());
    this.#unit = choice([
      { value: "", label: models.unitGuess },
      ...UNITS.map((value) => ({ value, label: models.unitNames[value] })),
    ]);
    this.#placement = choice([
      { value: "", label: models.placementGuess },
      ...PLACES.map((value) => ({ value, label: models.placements[value] })),
    ]);
    this.#sides = ["width", "height", "depth"].map(() =>
      h("input", { type: "text", inputMode: "decimal", autocomplete: "off" }),
    );
    this.#make = h("button", { class: "v-button v-button--primary", type: "button" }, models.makeWhenThere);
    this.#make.addEventListener("click", () => this.#wish());
    this.#draw();
    this.#showPlacement();
    void this.#send();
  }

  #draw(): void {
    const { work, file } = this.#options;
    const { models, language } = work.words;
    const remove = h(
      "button",
      {
        class: "v-button v-button--plain v-button--round",
        type: "button",
        onclick: () => this.#forget(),
        attrs: { "aria-label": `${models.remove} ${file.name}` },
      },
      icon("close", 20),
    );
    fill(
      this.element,
      h(
        "div",
        { class: "upload-head" },
        h("span", { class: "pic" }, workIcon("cube", 24)),
        h(
          "div",
          { class: "row-text" },
          h("span", { class: "v-strong v-clip" }, file.name),
          h("span", { class: "v-muted v-small" }, bytesText(file.size, language)),
        ),
        remove,
      ),
      h("div", { class: "upload-progress" }, this.#bar.element, h("div", {}, this.#status, this.#action)),
      h(
        "div",
        { class: "upload-form" },
        field(models.forProduct, this.#product).element,
        field(models.whatIsIt, this.#category, models.whatIsItHint).element,
        field(models.placement, this.#placement).element,
      ),
      this.#measures(),
      h("div", { class: "upload-foot" }, this.#make),
    );
  }

  /** Size and unit: for those who want to be sure. */
  #measures(): HTMLElement {
    const { models } = this.#options.work.words;
    const labels = [models.width, models.height, models.depth];
    return h(
      "details",
      { class: "measures" },
      h(
        "summary",
        {},
        h("span", { class: "v-strong" }, models.sizeAndUnit),
        h("span", { class: "v-muted v-small" }, models.sizeAndUnitNote),
      ),
      h(
        "div",
        { class: "upload-form" },
        h(
          "fieldset",
          { class: "v-field size-field" },
          h("legend", { class: "v-strong" }, models.realSize),
          h(
            "div",
            { class: "size-sides" },
            ...this.#sides.map((side, place) =>
              h(
                "label",
                {},
                h("span", { class: "v-muted v-small" }, `${labels[place] ?? ""}, ${models.centimetres}`),
                side,
              ),
            ),
          ),
          h("span", { class: "v-field__hint" }, models.realSizeHint),
          this.#sizeProblem,
        ),
        field(models.unit, this.#unit).element,
      ),
    );
  }

  #showPlacement(): void {
    const place = this.#placement.closest<HTMLElement>(".v-field");
    if (place) place.hidden = !["furniture", "other"].includes(this.#category.value);
  }

  async #send(): Promise<void> {
    const { work, file, turn } = this.#options;
    const { models } = work.words;
    const { signal } = this.#given;
    fill(this.#action);
    setText(this.#status, models.uploadWaits);
    let done: (() => void) | null = null;
    try {
      done = await turn(signal);
      this.#upload ??= await work.api.announceUpload(
        { name: file.name, size_bytes: file.size },
        work.brandId ?? this.#options.products[0]?.brand_id,
      );
      await sendModel({
        server: work.api.server,
        token: work.token,
        file,
        upload: this.#upload,
        progress: (share) => {
          this.#bar.set(share);
          setText(this.#status, models.uploading(Math.floor(share * 100)));
        },
        signal,
      });
      this.#isThere = true;
      this.#bar.set(1);
      setText(this.#status, models.uploaded);
      setText(this.#make, models.make);
      if (this.#isWanted) await this.#start();
    } catch (error) {
      if (signal.aborted) return;
      const isLost = codeOf(error) === "network";
      setText(this.#status, isLost ? models.uploadLost : "");
      if (!isLost) work.failed(error);
      const again = h(
        "button",
        { class: "v-button v-button--line v-button--small", type: "button" },
        models.goOn,
      );
      again.addEventListener("click", () => void this.#send());
      fill(this.#action, again);
    } finally {
      done?.();
    }
  }

  /** The size as written; undefined when it is not to be understood. */
  #size(): number[] | null | undefined {
    const written = this.#sides.map((side) => side.value.trim().replace(",", "."));
    if (written.every((text) => text === "")) return null;
    const numbers = written.map(Number);
    if (written.includes("") || numbers.some((side) => !(side > 0 && side < 10_000))) return undefined;
    return numbers.map((side) => side / CM_PER_M);
  }

  #wish(): void {
    const { models } = this.#options.work.words;
    if (this.#size() === undefined) {
      fill(this.#sizeProblem, icon("alert", 18), models.sizeIncomplete);
      this.#sizeProblem.closest("details")?.toggleAttribute("open", true);
      this.#sides.find((side) => side.value.trim() === "")?.focus();
      return;
    }
    this.#sizeProblem.replaceChildren();
    this.#isWanted = true;
    setAttribute(this.#make, "disabled", true);
    if (this.#isThere) void this.#start();
  }

  async #start(): Promise<void> {
    const { work, started } = this.#options;
    if (this.#upload === null) return;
    try {
      const job = await work.api.startModelJob({
        upload_id: this.#upload.upload_id,
        category: this.#category.value as ModelCategory,
        product_id: this.#product.value || null,
        stated_size_m: this.#size() ?? null,
        unit: (this.#unit.value || null) as LengthUnit | null,
        placement: (this.#placement.value || null) as Placement | null,
      });
      started(job);
    } catch (error) {
      work.failed(error);
      this.#isWanted = false;
      setAttribute(this.#make, "disabled", null);
    }
  }

  #forget(): void {
    this.#given.abort();
    const { work, gone } = this.#options;
    if (this.#upload !== null) {
      // Best effort: what is not forgotten now runs out by itself.
      void fetch(`${work.api.server}${this.#upload.location}`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${work.token}`, "Tus-Resumable": "1.0.0" },
      }).catch(() => undefined);
    }
    gone();
  }

  close(): void {
    this.#given.abort();
  }
}
