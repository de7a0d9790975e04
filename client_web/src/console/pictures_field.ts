/** A product's pictures: dropped or chosen, with progress, the first one large; each with words for who cannot see it. */

import type { Picture } from "../protocol/messages.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { PICTURE_TYPES, pictureProblem, uploadPicture } from "./picture_upload.ts";
import { moved } from "./reorder.ts";
import type { Workplace } from "./workplace.ts";

export interface PicturesFieldOptions {
  work: Workplace;
  pictures: () => Picture[];
  change: (pictures: Picture[]) => void;
  /** Language in which the descriptions are written now. */
  language: () => string;
  signal: AbortSignal;
}

interface Upload {
  name: string;
  share: number;
  element: HTMLElement;
}

export class PicturesField {
  readonly element = h("div", { class: "pictures" });
  readonly #options: PicturesFieldOptions;
  readonly #uploads = new Set<Upload>();
  readonly #input: HTMLInputElement;

  constructor(options: PicturesFieldOptions) {
    this.#options = options;
    this.#input = h("input", { type: "file", accept: PICTURE_TYPES.join(","), multiple: true, hidden: true });
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = "";
    });
    this.#listenForDrops();
    this.draw();
  }

  draw(): void {
    const { texts } = this.#options.work.words;
    const pictures = this.#options.pictures();
    const choose = h(
      "button",
      { class: "drop", type: "button", onclick: () => this.#input.click() },
      workIcon("image", 28),
      h("span", { class: "v-strong" }, pictures.length === 0 ? texts.picturesDrop : texts.picturesChoose),
      pictures.length === 0 ? h("span", { class: "v-muted v-small" }, texts.picturesHint) : null,
    );
    this.element.classList.toggle("none", pictures.length === 0 && this.#uploads.size === 0);
    fill(
      this.element,
      ...pictures.map((picture, place) => this.#tile(picture, place)),
      ...[...this.#uploads].map((upload) => upload.element),
      choose,
      this.#input,
    );
  }

  #tile(picture: Picture, place: number): HTMLElement {
    const { texts } = this.#options.work.words;
    const language = this.#options.language();
    const number = place + 1;
    const alt = h("input", {
      type: "text",
      value: picture.alt[language] ?? "",
      placeholder: texts.pictureAltHint,
      maxLength: 300,
      attrs: { "aria-label": texts.pictureAlt(number) },
    });
    alt.addEventListener("input", () => {
      const pictures = this.#options.pictures();
      const changed = { ...picture, alt: { ...pictures[place]?.alt, [language]: alt.value } };
      this.#options.change(pictures.map((each, other) => (other === place ? changed : each)));
    });
    const button = (drawing: SVGSVGElement, label: string, act: () => void): HTMLElement =>
      h("button", { type: "button", title: label, onclick: act, attrs: { "aria-label": label } }, drawing);
    return h(
      "figure",
      { class: "tile" },
      h("img", { src: picture.url, alt: picture.alt[language] ?? "" }),
      place === 0 ? h("span", { class: "v-pill tile-main" }, texts.pictureMain) : null,
      h(
        "span",
        { class: "tile-buttons" },
        place === 0
          ? null
          : button(workIcon("up", 18), texts.pictureFirst(number), () => this.#toFront(place)),
        button(icon("trash", 18), texts.pictureRemove(number), () => this.#remove(place)),
      ),
      h("figcaption", {}, alt),
    );
  }

  #toFront(place: number): void {
    this.#options.change(moved(this.#options.pictures(), place, 0));
    this.draw();
  }

  #remove(place: number): void {
    const { work, pictures, change } = this.#options;
    const before = pictures();
    const removed = before[place];
    change(before.filter((_, other) => other !== place));
    this.draw();
    const back = (): void => {
      if (!removed) return;
      const now = [...pictures()];
      now.splice(place, 0, removed);
      change(now);
      this.draw();
    };
    work.notify({
      text: work.words.texts.pictureRemoved,
      action: { label: work.words.texts.undo, act: back },
    });
  }

  #listenForDrops(): void {
    this.element.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.element.classList.add("over");
    });
    for (const type of ["dragleave", "drop"] as const) {
      this.element.addEventListener(type, () => this.element.classList.remove("over"));
    }
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take(event.dataTransfer?.files ?? null);
    });
  }

  #take(files: FileList | null): void {
    const { work } = this.#options;
    const { texts } = work.words;
    for (const file of files ?? []) {
      const problem = pictureProblem(file);
      if (problem === null) void this.#upload(file);
      else {
        const text =
          problem === "too_large" ? texts.pictureTooLarge(file.name) : texts.pictureWrongType(file.name);
        work.notify({ text, kind: "bad" });
      }
    }
  }

  async #upload(file: File): Promise<void> {
    const { work, signal, pictures, change } = this.#options;
    const { texts } = work.words;
    const bar = h("progress", { max: 1, value: 0 });
    const name = h("span", { class: "v-small" }, file.name);
    const element = h("div", { class: "tile uploading", attrs: { role: "status" } }, name, bar);
    const upload: Upload = { name: file.name, share: 0, element };
    this.#uploads.add(upload);
    this.draw();
    try {
      const uploaded = await uploadPicture({
        server: work.api.server,
        token: work.token,
        file,
        progress: (share) => {
          bar.value = share;
          bar.setAttribute("aria-label", texts.pictureUploading(file.name, Math.round(share * 100)));
        },
        signal,
      });
      change([...pictures(), { ...uploaded, alt: {} }]);
    } catch {
      if (!signal.aborted) work.notify({ text: texts.pictureFailed(file.name), kind: "bad" });
    } finally {
      this.#uploads.delete(upload);
      this.draw();
    }
  }
}
