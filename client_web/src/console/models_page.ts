/** Models: files on their way, jobs at work, and what came of them. */

import { sizeText } from "../ar/size_text.ts";
import type { Model, ModelJob, Product } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { progressBar, turns } from "./model_pieces.ts";
import { isUnderWay, jobText, modelTitle, openJobs, problemText } from "./model_states.ts";
import { MODEL_ENDINGS, modelFileProblem } from "./model_upload.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState, iconButton, picture } from "./pieces.ts";
import { hashOf } from "./routes.ts";
import { UploadCard } from "./upload_card.ts";
import type { Workplace } from "./workplace.ts";

/** While something is under way people look on; otherwise another tab may have started something. */
const LIVELY_MS = 1000;
const CALM_MS = 10_000;
const AT_ONCE = 2;
const MOST_FILES = 20;

export class ModelsPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #signal: AbortSignal;
  readonly #cards = new Set<UploadCard>();
  readonly #uploads = h("div", { class: "uploads" });
  readonly #jobs = h("div", { class: "job-list" });
  readonly #list = h("div", {});
  readonly #status = h("p", { class: "v-hidden", attrs: { role: "status" } });
  readonly #turn = turns(AT_ONCE);
  #products: Product[] = [];
  #found: ModelJob[] = [];
  #models: Model[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: Workplace, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    fill(this.element, this.#head(), bones(work.words));
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      for (const card of this.#cards) card.close();
    });
    void this.#begin();
  }

  #head(): HTMLElement {
    const { models } = this.#work.words;
    const lipstick = h(
      "a",
      { class: "v-button v-button--line", href: hashOf({ page: "lipstick" }) },
      models.lipstickShades,
    );
    return pageHead({ title: models.models, actions: [lipstick] });
  }

  async #begin(): Promise<void> {
    const { api, brandId, words } = this.#work;
    try {
      const [products] = await Promise.all([api.productsOfBrand(brandId ?? undefined), this.#load()]);
      if (this.#signal.aborted) return;
      this.#products = products;
      fill(this.element, this.#head(), this.#status, this.#drop(), this.#uploads, this.#jobs, this.#list);
      this.#draw();
      this.#later();
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#work.failed(error);
      const action = { label: words.texts.tryAgain, act: () => void this.#begin() };
      const { loadFailedTitle: title, loadFailed: text } = words.texts;
      fill(this.element, this.#head(), emptyState({ drawing: "cube", title, text, action }));
    }
  }

  async #load(): Promise<void> {
    const { api } = this.#work;
    [this.#found, this.#models] = await Promise.all([api.modelJobs(), api.models()]);
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.#signal.aborted) return;
    const wait = this.#found.some(isUnderWay) ? LIVELY_MS : CALM_MS;
    this.#timer = setTimeout(() => void this.#again(), wait);
  }

  async #again(): Promise<void> {
    if (document.visibilityState === "visible") {
      try {
        const before = this.#models.length;
        await this.#load();
        if (this.#signal.aborted) return;
        this.#draw();
        const newest = this.#models[0];
        if (this.#models.length > before && newest)
          setText(this.#status, `${newest.source_name}: ${this.#work.words.models.ready}`);
      } catch {
        // The next round asks again; what is shown stays true until then.
      }
    }
    this.#later();
  }

  #drop(): HTMLElement {
    const { models } = this.#work.words;
    const input = h("input", {
      type: "file",
      multiple: true,
      accept: MODEL_ENDINGS.join(","),
      class: "v-hidden",
    });
    input.tabIndex = -1;
    input.addEventListener("change", () => {
      this.#take([...(input.files ?? [])]);
      input.value = "";
    });
    const zone = h(
      "button",
      { class: "drop model-drop", type: "button", onclick: () => input.click() },
      workIcon("cube", 32),
      h("span", { class: "v-strong drop-wide" }, models.drop),
      h("span", { class: "v-button v-button--primary" }, models.choose),
      h("span", { class: "v-muted v-small" }, models.dropHint),
    );
    const place = h("div", { class: "drop-place" }, zone, input);
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      this.#take([...(event.dataTransfer?.files ?? [])]);
    });
    return place;
  }

  #take(files: readonly File[]): void {
    const { words, notify } = this.#work;
    for (const file of files.slice(0, MOST_FILES)) {
      const problem = modelFileProblem(file);
      if (problem !== null) {
        const sentences = {
          empty: words.models.emptyFile,
          too_large: words.models.tooLarge,
          wrong_type: words.models.wrongType,
        };
        notify({ text: sentences[problem](file.name), kind: "bad" });
        continue;
      }
      const card: UploadCard = new UploadCard({
        work: this.#work,
        file,
        products: this.#products,
        turn: this.#turn,
        started: (job) => {
          this.#found = [job, ...this.#found];
          this.#removeCard(card);
          this.#draw();
          this.#later();
        },
        gone: () => this.#removeCard(card),
      });
      this.#cards.add(card);
      this.#uploads.prepend(card.element);
    }
  }

  #removeCard(card: UploadCard): void {
    this.#cards.delete(card);
    card.element.remove();
    this.#draw();
  }

  #draw(): void {
    const { models } = this.#work.words;
    const open = openJobs(this.#found);
    fill(
      this.#jobs,
      open.length > 0 ? h("h2", {}, models.working) : null,
      open.length > 0 ? h("ul", { class: "list rows" }, ...open.map((job) => this.#job(job))) : null,
    );
    if (this.#models.length > 0) {
      fill(
        this.#list,
        h("h2", {}, models.finished),
        h("ul", { class: "model-grid" }, ...this.#models.map((model) => this.#model(model))),
      );
    } else if (open.length === 0 && this.#cards.size === 0)
      fill(this.#list, emptyState({ drawing: "cube", title: models.noneTitle, text: models.none }));
    else fill(this.#list);
  }

  #job(job: ModelJob): HTMLElement {
    const { words } = this.#work;
    const { models } = words;
    const isBad = job.state === "refused" || job.state === "failed";
    const bar = isUnderWay(job) ? progressBar(job.fraction).element : null;
    return h(
      "li",
      { class: "row job-row", data: { job: job.job_id, state: job.state } },
      h("span", { class: "pic" }, isBad ? icon("alert", 24) : workIcon("cube", 24)),
      h(
        "div",
        { class: "row-text" },
        h("span", { class: "v-strong v-clip" }, job.source_name),
        h("span", { class: `v-small ${isBad ? "job-bad" : "v-muted"}` }, jobText(job, words)),
        bar,
        job.problem !== null && isBad
          ? h("span", { class: "v-small" }, problemText(job.problem, words))
          : null,
      ),
      isUnderWay(job)
        ? iconButton("close", models.cancelJob(job.source_name), () => void this.#cancel(job))
        : h(
            "div",
            { class: "job-ends" },
            job.kind === "upload"
              ? h(
                  "button",
                  {
                    class: "v-button v-button--line v-button--small",
                    type: "button",
                    onclick: () => void this.#retry(job),
                  },
                  models.retry,
                )
              : null,
          ),
    );
  }

  #model(model: Model): HTMLElement {
    const { words } = this.#work;
    const { models, language } = words;
    const isShown = model.product_ids.length > 0;
    return h(
      "li",
      { class: "v-card model-card" },
      h(
        "a",
        { class: "model-link", href: hashOf({ page: "model", id: model.model_id }) },
        h("span", { class: "model-thumb" }, picture(model.thumbnail_url)),
        h("span", { class: "v-strong v-clip model-title" }, modelTitle(model, this.#products, words)),
        h("span", { class: "v-muted v-small model-file" }, model.source_name),
        h("span", { class: "v-muted v-small v-number" }, sizeText(model.size_m, language)),
        h(
          "span",
          { class: isShown ? "v-pill model-shown is-shown" : "v-pill model-shown" },
          isShown ? models.isShown : models.notShown,
        ),
      ),
    );
  }

  async #cancel(job: ModelJob): Promise<void> {
    await this.#put(() => this.#work.api.cancelModelJob(job.job_id), job.job_id);
  }

  async #retry(job: ModelJob): Promise<void> {
    await this.#put(() => this.#work.api.retryModelJob(job.job_id, {}), null);
  }

  async #put(act: () => Promise<ModelJob>, replaced: string | null): Promise<void> {
    try {
      const job = await act();
      this.#found = [job, ...this.#found.filter((each) => each.job_id !== (replaced ?? job.job_id))];
      this.#draw();
      this.#later();
    } catch (error) {
      this.#work.failed(error);
    }
  }
}
