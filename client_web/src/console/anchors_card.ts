/** Setting a model's anchors: dragged in space or written as numbers, saved as a new version of the model. */

import { VitrineError } from "../protocol/errors.ts";
import type { Model, ModelAnchor } from "../protocol/messages.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { mirrored, mirrorOf, parsed, quaternionOf, turnOf } from "./anchor_numbers.ts";
import type { AnchorScene, SceneView } from "./anchor_scene.ts";
import { fileOf, problemText } from "./model_states.ts";
import { segments } from "./pieces.ts";
import type { Workplace } from "./workplace.ts";

const MM_PER_M = 1000;
const ASK_MS = 500;
const WAIT_MS = 60_000;
const AXES = ["x", "y", "z"] as const;
/** Anchors whose direction matters; the others only have a place. */
const TURNED: ReadonlySet<string> = new Set(["crown_rim", "wrist_axis", "finger_axis", "wall_contact"]);

export class AnchorsCard {
  readonly element = h("div", { class: "anchors" });
  readonly #work: Workplace;
  readonly #model: Model;
  readonly #given = new AbortController();
  readonly #inputs = new Map<string, HTMLInputElement[]>();
  readonly #rows = new Map<string, HTMLElement>();
  readonly #status = h("span", { class: "v-small v-muted", attrs: { role: "status" } });
  readonly #save: HTMLButtonElement;
  readonly #both = h("input", { type: "checkbox", checked: true });
  #anchors: ModelAnchor[];
  #scene: AnchorScene | null = null;

  constructor(work: Workplace, model: Model, signal: AbortSignal) {
    this.#work = work;
    this.#model = model;
    this.#anchors = model.anchors.map((anchor) => ({ ...anchor }));
    this.#save = h(
      "button",
      { class: "v-button v-button--primary", type: "button", disabled: true },
      work.words.models.saveAnchors,
    );
    this.#save.addEventListener("click", () => void this.#store());
    signal.addEventListener("abort", () => this.close(), { once: true });
    this.#draw();
    void this.#open();
  }

  close(): void {
    this.#given.abort();
    this.#scene?.close();
    this.#scene = null;
  }

  #draw(): void {
    const { models } = this.#work.words;
    const canvas = h("canvas", {
      class: "anchor-canvas",
      attrs: { "aria-label": models.editAnchors, role: "img" },
    });
    const views: { value: SceneView; label: string }[] = [
      { value: "front", label: models.viewFront },
      { value: "side", label: models.viewSide },
      { value: "top", label: models.viewTop },
    ];
    const reset = h("button", { class: "v-button v-button--plain", type: "button" }, models.resetAnchors);
    reset.addEventListener("click", () => {
      this.#anchors = this.#model.anchors.map((anchor) => ({ ...anchor }));
      this.#show(true);
      setAttribute(this.#save, "disabled", true);
    });
    const hasTwins = this.#anchors.some((anchor) => mirrorOf(anchor.name) !== null);
    fill(
      this.element,
      h(
        "div",
        { class: "anchor-space" },
        canvas,
        h(
          "div",
          { class: "anchor-views" },
          segments("anchor-view", models.views, views, "front", (view) => this.#scene?.view(view)),
        ),
      ),
      h("p", { class: "v-muted v-small" }, models.anchorsHint),
      hasTwins ? h("label", { class: "anchor-both" }, this.#both, models.bothSides) : null,
      h("div", { class: "anchor-rows" }, ...this.#anchors.map((anchor) => this.#row(anchor))),
      h("div", { class: "anchor-foot" }, this.#save, reset, this.#status),
    );
  }

  #row(anchor: ModelAnchor): HTMLElement {
    const { models } = this.#work.words;
    const name = models.anchorNames[anchor.name] ?? anchor.name;
    const inputs = [
      ...AXES.map((axis) => this.#number(models.axisMm(name, axis.toUpperCase()))),
      ...(TURNED.has(anchor.name)
        ? AXES.map((axis) => this.#number(`${models.turnDeg(name)}, ${axis.toUpperCase()}`))
        : []),
    ];
    for (const input of inputs) {
      input.addEventListener("change", () => this.#written(anchor.name));
      input.addEventListener("focus", () => this.#choose(anchor.name));
    }
    this.#inputs.set(anchor.name, inputs);
    const cell = (input: HTMLInputElement, place: number): HTMLElement =>
      h("label", { class: "anchor-number" }, h("span", { class: "v-muted" }, label(place)), input);
    const row = h(
      "div",
      { class: "anchor-row" },
      h(
        "button",
        { class: "anchor-name", type: "button", onclick: () => this.#choose(anchor.name) },
        h("span", { class: "anchor-dot", attrs: { "aria-hidden": "true" } }),
        name,
      ),
      ...inputs.map(cell),
    );
    this.#rows.set(anchor.name, row);
    return row;
  }

  #number(name: string): HTMLInputElement {
    return h("input", {
      type: "text",
      inputMode: "decimal",
      autocomplete: "off",
      attrs: { "aria-label": name },
    });
  }

  async #open(): Promise<void> {
    const glb = fileOf(this.#model, "web.glb");
    const canvas = this.element.querySelector("canvas");
    this.#show(false);
    if (glb === null || canvas === null) return;
    try {
      const { AnchorScene: Space } = await import("./anchor_scene.ts");
      if (this.#given.signal.aborted) return;
      this.#scene = new Space({
        canvas,
        glbUrl: glb.url,
        category: this.#model.category,
        placement: this.#model.placement,
        sizeM: this.#model.size_m,
        anchors: this.#anchors,
        moved: (name, position) => this.#move(name, position, null),
        chosen: (name) => this.#choose(name),
      });
      await this.#scene.load();
      const first = this.#anchors[0];
      if (first) this.#choose(first.name);
    } catch (error) {
      if (!this.#given.signal.aborted) this.#work.failed(error);
    }
  }

  #choose(name: string): void {
    for (const [each, row] of this.#rows) row.classList.toggle("chosen", each === name);
    this.#scene?.choose(name);
  }

  #written(name: string): void {
    const inputs = this.#inputs.get(name) ?? [];
    const numbers = inputs.map((input) => parsed(input.value));
    if (numbers.some((number) => number === null)) {
      this.#show(false); // what was written is no number: what holds stands there again
      return;
    }
    const values = numbers as number[];
    const [x, y, z] = values.map((value) => value / MM_PER_M);
    const turn = values.length === 6 ? quaternionOf(values.slice(3)) : null;
    this.#move(name, [x ?? 0, y ?? 0, z ?? 0], turn);
  }

  #move(name: string, position: [number, number, number], turn: number[] | null): void {
    const twin = this.#both.checked ? mirrorOf(name) : null;
    this.#anchors = this.#anchors.map((anchor) => {
      if (anchor.name === name) return { ...anchor, position, rotation: turn ?? anchor.rotation };
      return anchor.name === twin ? { ...anchor, position: mirrored(position) } : anchor;
    });
    setAttribute(this.#save, "disabled", null);
    this.#show(true);
  }

  /** Writes the numbers, and with `isSpace` the space as well. */
  #show(isSpace: boolean): void {
    for (const anchor of this.#anchors) {
      const values = [...anchor.position.map((value) => value * MM_PER_M), ...turnOf(anchor.rotation)];
      (this.#inputs.get(anchor.name) ?? []).forEach((input, place) => {
        const text = String(Math.round((values[place] ?? 0) * 10) / 10);
        if (input.value !== text) input.value = text;
      });
    }
    if (isSpace) this.#scene?.place(this.#anchors);
  }

  async #store(): Promise<void> {
    const { api, words, go, notify } = this.#work;
    const { models } = words;
    setAttribute(this.#save, "disabled", true);
    setText(this.#status, models.savingAnchors);
    try {
      const started = await api.writeAnchors(this.#model.model_id, { anchors: this.#anchors });
      const modelId = await this.#finished(started.job_id);
      notify({ text: models.anchorsSaved, kind: "good" });
      go({ page: "model", id: modelId });
    } catch (error) {
      if (this.#given.signal.aborted) return;
      this.#work.failed(error);
      setAttribute(this.#save, "disabled", null);
    }
    setText(this.#status, "");
  }

  /** Waits for the job; its model. Throws VitrineError with the reason. */
  async #finished(jobId: string): Promise<string> {
    const { api, words } = this.#work;
    const until = performance.now() + WAIT_MS;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      this.#given.signal.throwIfAborted();
      const job = await api.modelJob(jobId);
      if (job.model_id !== null) return job.model_id;
      if (job.problem !== null && job.state !== "queued" && job.state !== "running")
        throw new VitrineError("error", problemText(job.problem, words));
    }
    throw new VitrineError("timed_out", words.texts.networkDown);
  }
}

const label = (place: number): string => `${AXES[place % 3]?.toUpperCase() ?? ""}${place >= 3 ? "°" : ""}`;
