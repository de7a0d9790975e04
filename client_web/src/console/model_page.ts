/** One model: turn it, compare it with what was uploaded, read what was done, set its points, publish it. */

import { sizeText } from "../ar/size_text.ts";
import type { Viewer } from "../ar/viewer.ts";
import type { Model, ModelJobInput, Product } from "../protocol/messages.ts";
import { fill, h, setAttribute } from "../ui/dom.ts";
import { AnchorsCard } from "./anchors_card.ts";
import { figure } from "./model_pieces.ts";
import { type Advice, adviceOf, changesOf, likeness } from "./model_report.ts";
import { bytesText, fileOf, modelTitle, qualityOf, reportPicture } from "./model_states.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState, segments } from "./pieces.ts";
import { PublishCard } from "./publish_card.ts";
import type { Workplace } from "./workplace.ts";

type Stage = "view" | "compare" | "anchors";

export class ModelPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  readonly #signal: AbortSignal;
  readonly #stage = h("div", { class: "stage" });
  readonly #looks = h("div", { class: "looks" });
  #viewer: Viewer | null = null;
  #anchors: AnchorsCard | null = null;

  constructor(work: Workplace, modelId: string, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    fill(this.element, this.#head(""), bones(work.words, 3));
    signal.addEventListener("abort", () => this.#anchors?.close(), { once: true });
    void this.#load(modelId);
  }

  #head(title: string, note?: string): HTMLElement {
    const back = { label: this.#work.words.texts.back, act: () => this.#work.go({ page: "models" }) };
    return pageHead({ title, ...(note === undefined ? {} : { note }), back });
  }

  async #load(modelId: string): Promise<void> {
    const { api, brandId, words } = this.#work;
    try {
      const [model, products] = await Promise.all([
        api.model(modelId),
        api.productsOfBrand(brandId ?? undefined),
      ]);
      if (this.#signal.aborted) return;
      this.#draw(
        model,
        products.filter((product) => product.brand_id === model.brand_id),
      );
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#work.failed(error);
      const action = {
        label: words.texts.back,
        act: () => this.#work.go({ page: "models" }),
        isPrimary: false,
      };
      const { loadFailedTitle: title } = words.texts;
      fill(
        this.element,
        this.#head(""),
        emptyState({ drawing: "cube", title, text: words.models.modelGone, action }),
      );
    }
  }

  #draw(model: Model, products: Product[]): void {
    const { models } = this.#work.words;
    const publish = new PublishCard({
      work: this.#work,
      model,
      products,
      snapshot: () => this.#snapshot(),
    });
    const isPlaced = model.category === "furniture";
    const stages: { value: Stage; label: string }[] = [
      { value: "view", label: models.threeD },
      { value: "compare", label: models.sideBySide },
      ...(model.anchors.length > 0
        ? [{ value: "anchors" as const, label: isPlaced ? models.editAnchorsRoom : models.editAnchors }]
        : []),
    ];
    fill(
      this.element,
      this.#head(modelTitle(model, products, this.#work.words), model.source_name),
      h(
        "div",
        { class: "editor model-editor" },
        h(
          "div",
          { class: "editor-main" },
          segments("stage", models.views, stages, "view", (stage) => void this.#show(stage, model)),
          this.#stage,
          this.#looks,
          this.#report(model),
        ),
        h("div", { class: "editor-side" }, publish.element, this.#figures(model), this.#files(model)),
      ),
    );
    void this.#show("view", model);
  }

  async #show(stage: Stage, model: Model): Promise<void> {
    this.#anchors?.close();
    this.#anchors = null;
    fill(this.#looks);
    this.#stage.dataset.stage = stage;
    if (stage === "compare") {
      fill(this.#stage, this.#comparison(model));
      return;
    }
    if (stage === "anchors") {
      this.#anchors = new AnchorsCard(this.#work, model, this.#signal);
      fill(this.#stage, this.#anchors.element);
      return;
    }
    await this.#view(model);
  }

  async #view(model: Model): Promise<void> {
    const web = fileOf(model, "web.glb");
    if (web === null) return;
    if (this.#viewer === null) {
      fill(this.#stage, h("div", { class: "v-bone stage-bone" }));
      const { createViewer } = await import("../ar/viewer.ts");
      if (this.#signal.aborted) return;
      this.#viewer = createViewer();
      const poster = fileOf(model, "poster.webp");
      if (poster) this.#viewer.poster = poster.url;
      this.#viewer.alt = model.source_name;
      this.#viewer.src = web.url;
      this.#viewer.classList.add("stage-viewer");
      // Its own bar stays; the poster says enough.
      this.#viewer.append(h("span", { attrs: { slot: "progress-bar" } }));
    }
    fill(this.#stage, this.#viewer);
    if (model.variants.length > 1) {
      const choices = model.variants.map((variant) => ({ value: variant.name, label: variant.name }));
      const chosen = choices[0]?.value ?? "";
      fill(
        this.#looks,
        segments("look", this.#work.words.models.looks, choices, chosen, (name) => {
          if (this.#viewer) this.#viewer.variantName = name;
        }),
      );
    }
  }

  /** What the viewer shows now, as a picture; null while it shows nothing. */
  async #snapshot(): Promise<Blob | null> {
    if (this.#viewer === null || !this.#viewer.isConnected || !this.#viewer.loaded) return null;
    return await this.#viewer.toBlob({ mimeType: "image/webp", qualityArgument: 0.9, idealAspect: true });
  }

  #comparison(model: Model): HTMLElement {
    const { models, language } = this.#work.words;
    const web = fileOf(model, "web.glb");
    const shown: readonly [string, string, number | null][] = [
      ["before", models.before, model.source_bytes],
      ["after", models.after, web?.size_bytes ?? null],
    ];
    const difference = reportPicture(model, "difference");
    return h(
      "div",
      { class: "compared" },
      h(
        "div",
        { class: "comparison" },
        ...shown.map(([name, label, bytes]) => {
          const url = reportPicture(model, name);
          return url === null
            ? null
            : h(
                "figure",
                {},
                h("img", { src: url, alt: label, loading: "lazy", decoding: "async" }),
                h(
                  "figcaption",
                  {},
                  h("span", { class: "v-strong" }, label),
                  bytes === null
                    ? null
                    : h("span", { class: "v-muted v-number" }, bytesText(bytes, language)),
                ),
              );
        }),
      ),
      difference === null
        ? null
        : h(
            "figure",
            { class: "difference" },
            h("img", { src: difference, alt: "", loading: "lazy", decoding: "async" }),
            h(
              "figcaption",
              {},
              h("span", { class: "v-strong" }, models.difference),
              h("span", { class: "v-muted v-small" }, models.pictureOnly),
            ),
          ),
    );
  }

  #figures(model: Model): HTMLElement {
    const { models, language } = this.#work.words;
    const web = fileOf(model, "web.glb");
    const quality = qualityOf(model, "web");
    const number = new Intl.NumberFormat(language);
    const decibel = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    return h(
      "section",
      { class: "v-card form-card" },
      h(
        "dl",
        { class: "figures" },
        figure(models.size, sizeText(model.size_m, language)),
        quality && Number.isFinite(quality.worst_psnr_db)
          ? figure(
              models.likeness,
              models.likenessWords[likeness(quality.worst_psnr_db)],
              models.likenessDb(decibel.format(quality.worst_psnr_db)),
            )
          : null,
        web
          ? figure(
              models.weight,
              bytesText(web.size_bytes, language),
              models.was(bytesText(model.source_bytes, language)),
            )
          : null,
        figure(
          models.detail,
          models.triangles(number.format(model.triangles)),
          models.materials(model.materials),
        ),
      ),
    );
  }

  #files(model: Model): HTMLElement {
    const { models, language } = this.#work.words;
    return h(
      "details",
      { class: "v-card form-card files" },
      h("summary", { class: "v-strong" }, `${models.files} (${model.files.length})`),
      h(
        "ul",
        {},
        ...model.files.map((file) =>
          h(
            "li",
            { class: "v-small" },
            h("a", { href: file.url, download: file.name.replace("/", "-") }, file.name),
            h("span", { class: "v-muted v-number" }, bytesText(file.size_bytes, language)),
          ),
        ),
      ),
    );
  }

  #report(model: Model): HTMLElement {
    const { words } = this.#work;
    const { models } = words;
    const advice = adviceOf(model, words);
    const changes = changesOf(model, words);
    return h(
      "section",
      { class: "v-card form-card report" },
      h("h2", {}, models.advice),
      advice.length === 0
        ? h("p", { class: "v-muted" }, models.noAdvice)
        : h("ul", { class: "advice" }, ...advice.map((each) => this.#advice(each, model))),
      changes.length === 0 ? null : h("h2", {}, models.report),
      changes.length === 0
        ? null
        : h(
            "ul",
            { class: "changes" },
            ...changes.map(({ what, why }) =>
              h("li", {}, h("span", {}, what), h("span", { class: "v-muted v-small" }, why)),
            ),
          ),
    );
  }

  #advice({ text, act }: Advice, model: Model): HTMLElement {
    const { models } = this.#work.words;
    if (act === null || (act.kind === "anchors" && model.anchors.length === 0)) return h("li", {}, text);
    const label = act.kind === "anchors" ? models.checkAnchors : act.label;
    const button = h("button", { class: "v-button v-button--line v-button--small", type: "button" }, label);
    button.addEventListener("click", () => {
      if (act.kind === "again") void this.#readAgain(model, act.order, button);
      else this.#stageChoice("anchors");
    });
    return h("li", {}, h("span", {}, text), button);
  }

  /** Turns to another stage as its radio does. */
  #stageChoice(stage: Stage): void {
    const radio = this.element.querySelector<HTMLInputElement>(`input[name="stage"][value="${stage}"]`);
    radio?.click();
    radio?.focus();
    this.#stage.scrollIntoView({ block: "center" });
  }

  /** The same upload read another way, as a new model: this one stays until then. */
  async #readAgain(model: Model, order: ModelJobInput, button: HTMLButtonElement): Promise<void> {
    const { api, words, go, notify } = this.#work;
    setAttribute(button, "disabled", true);
    try {
      await api.retryModelJob(model.job_id, {
        category: model.category,
        placement: model.placement,
        ...order,
      });
      notify({ text: words.models.readAgain, kind: "good" });
      go({ page: "models" });
    } catch (error) {
      this.#work.failed(error);
      setAttribute(button, "disabled", null);
    }
  }
}
