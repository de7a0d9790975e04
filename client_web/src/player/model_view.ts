/** A product in 3D inside the sheet: poster first, then the model to turn; its real size; and into one's room. */

import { lookOf, type ModelVariant, type ProductModel, usdzOf } from "../ar/model.ts";
import { sizeText } from "../ar/size_text.ts";
import type { Viewer } from "../ar/viewer.ts";
import type { Variant } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { tryOnTexts } from "../texts/try_on.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import type { PlayerContext } from "./context.ts";

export interface ModelViewOptions {
  title: string;
  model: ProductModel;
  /** What is sold, for the names and colours of the looks. */
  sold: readonly Variant[];
  /** The thing to buy whose look is shown first. */
  variantId: string | null;
  /** A look was chosen here that belongs to this thing to buy. */
  choose: (variantId: string) => void;
}

export class ModelView {
  readonly element: HTMLElement;
  /** Real size, the way into a room, looks: stands below. */
  readonly details: HTMLElement;
  readonly #context: PlayerContext;
  readonly #options: ModelViewOptions;
  readonly #stage = h("div", { class: "model__stage" });
  readonly #bar = h("span", { class: "model__bar", attrs: { "aria-hidden": "true" } });
  readonly #status = h("p", { class: "model__status", attrs: { role: "status" } });
  readonly #room = h("div", { class: "model__room" });
  readonly #looks = h("div", { class: "model__looks" });
  #viewer: Viewer | null = null;
  #look: ModelVariant | null;
  #isClosed = false;

  constructor(context: PlayerContext, options: ModelViewOptions) {
    this.#context = context;
    this.#options = options;
    const { model, title } = options;
    const words = tryOnTexts(context.language);
    this.#look = lookOf(model.variants, options.variantId);
    const size = sizeText(model.size_m, context.language);
    const poster = context.session.api.address(model.poster_url);
    fill(
      this.#stage,
      poster === null
        ? null
        : picture({ url: poster, alt: title, sizePx: 600, class: "model__poster", isEager: true }),
      this.#bar,
      this.#status,
    );
    this.element = h("section", { class: "model", ariaLabel: words.in3d }, this.#stage);
    this.details = h(
      "div",
      { class: "model__details" },
      h(
        "div",
        { class: "model__foot" },
        size === ""
          ? null
          : h(
              "p",
              { class: "model__size" },
              h("span", { class: "v-strong v-number" }, words.realSize(size)),
              h("span", { class: "v-muted v-tiny" }, words.widthHeightDepth),
            ),
        this.#room,
      ),
      this.#looks,
    );
    this.#drawLooks();
  }

  /** Loads the viewer and the model. May be called again after a failure. */
  async open(): Promise<void> {
    const { language, session } = this.#context;
    const words = tryOnTexts(language);
    const url = session.api.address(this.#options.model.glb_url);
    if (url === null || this.#viewer !== null || this.#isClosed) return;
    setText(this.#status, words.loading3d);
    let viewer: Viewer;
    try {
      const { createViewer } = await import("../ar/viewer.ts");
      viewer = createViewer();
    } catch {
      this.#failed();
      return;
    }
    if (this.#isClosed) return;
    this.#viewer = viewer;
    viewer.className = "model__viewer";
    viewer.alt = words.model(this.#options.title);
    viewer.a11y = { ...words.sides, "interaction-prompt": words.model(this.#options.title) };
    viewer.append(
      h("span", { attrs: { slot: "ar-button" } }),
      h("span", { attrs: { slot: "progress-bar" } }),
    );
    viewer.addEventListener("progress", (event) => {
      const done = (event as unknown as CustomEvent<{ totalProgress: number }>).detail.totalProgress;
      this.#bar.style.setProperty("--done", String(done));
    });
    viewer.addEventListener("load", () => this.#loaded(), { once: true });
    viewer.addEventListener("error", () => this.#failed());
    this.#allowRoom(viewer);
    viewer.src = url;
    this.#stage.prepend(viewer);
  }

  /** Shows the look of a thing to buy. */
  choose(variantId: string | null): void {
    const look = this.#options.model.variants.find((each) => each.variant_id === variantId);
    if (look !== undefined) this.#wear(look);
  }

  close(): void {
    this.#isClosed = true;
    this.#viewer?.remove();
    this.#viewer = null;
  }

  #loaded(): void {
    this.element.toggleAttribute("data-loaded", true);
    const words = tryOnTexts(this.#context.language);
    setText(this.#status, isTouched() ? words.turnHint : words.turnHintMouse);
    this.#wear(this.#look);
    void this.#offerRoom();
  }

  #wear(look: ModelVariant | null): void {
    this.#look = look;
    const viewer = this.#viewer;
    if (viewer !== null) {
      viewer.variantName = look?.name ?? null;
      const usdz = this.#context.session.api.address(usdzOf(this.#options.model, look));
      // set to null it would make a file itself, and lose the look
      if (usdz !== null) viewer.iosSrc = usdz;
    }
    for (const button of this.#looks.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.look === look?.slug));
    }
  }

  /** The looks right below the model, so that a tap is seen to change it; each chooses its thing to buy as well. */
  #drawLooks(): void {
    const { variants } = this.#options.model;
    if (variants.length < 2) return;
    const { language } = this.#context;
    const words = tryOnTexts(language);
    const soldAs = (look: ModelVariant): Variant | undefined =>
      this.#options.sold.find((each) => each.variant_id === look.variant_id);
    this.#looks.setAttribute("role", "group");
    this.#looks.ariaLabel = words.look;
    fill(
      this.#looks,
      ...variants.map((look) =>
        h(
          "button",
          {
            type: "button",
            class: "look",
            data: { look: look.slug },
            attrs: { "aria-pressed": String(look === this.#look) },
            onclick: () => {
              this.#wear(look);
              if (look.variant_id !== null) this.#options.choose(look.variant_id);
            },
          },
          swatchOf(soldAs(look)),
          textIn(soldAs(look)?.label ?? { en: look.name }, language),
        ),
      ),
    );
  }

  #allowRoom(viewer: Viewer): void {
    viewer.ar = true;
    viewer.arModes = "webxr scene-viewer quick-look";
    // true to size: in a room nobody may stretch it
    viewer.arScale = "fixed";
    viewer.arPlacement = this.#options.model.placement === "wall" ? "wall" : "floor";
    viewer.addEventListener("ar-status", (event) => {
      const { status } = (event as CustomEvent<{ status: string }>).detail;
      const words = tryOnTexts(this.#context.language);
      if (status === "failed") this.#context.say({ text: words.roomFailed, kind: "bad" });
    });
  }

  async #offerRoom(): Promise<void> {
    const viewer = this.#viewer;
    if (viewer === null) return;
    const words = tryOnTexts(this.#context.language);
    await viewer.updateComplete;
    if (!viewer.canActivateAR) {
      if (!isTouched()) fill(this.#room, h("span", { class: "v-muted v-small" }, words.onThisPhone));
      return;
    }
    fill(
      this.#room,
      h(
        "button",
        // Quick Look and Scene Viewer open only from within the press itself
        { type: "button", class: "v-button v-button--line", onclick: () => void viewer.activateAR() },
        icon("room", 20),
        words.inYourRoom,
      ),
    );
  }

  #failed(): void {
    const words = tryOnTexts(this.#context.language);
    this.#viewer?.remove();
    this.#viewer = null;
    fill(
      this.#status,
      h("span", {}, words.failed3d),
      h(
        "button",
        { type: "button", class: "v-button v-button--small", onclick: () => void this.open() },
        this.#context.texts.tryAgain,
      ),
    );
  }
}

const isTouched = (): boolean => matchMedia("(pointer: coarse)").matches;

function swatchOf(sold: Variant | undefined): HTMLElement | null {
  const swatch = sold?.swatch ?? null;
  return swatch === null ? null : h("span", { class: "variant__swatch", css: { "--swatch": swatch } });
}
