/** Trying on: a full-screen mirror with the product's looks below it, a divider to compare two, and a shutter. */

import type { Mirror, MirrorState } from "../ar/mirror/mirror.ts";
import { wornCategory } from "../ar/model.ts";
import { codeOf } from "../protocol/errors.ts";
import type { Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { type TryOnTexts, tryOnTexts } from "../texts/try_on.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import type { PlayerContext } from "./context.ts";
import { offerCard, problemCard, waitCard } from "./mirror_cards.ts";
import { looksOf, type MirrorLook } from "./mirror_looks.ts";
import { snapshotCard } from "./snapshot_card.ts";

export interface MirrorViewOptions {
  product: Product;
  /** The thing to buy whose look is put on first. */
  variantId: string | null;
  /** Where the view is put: everything else in there is out of reach while it is open. */
  root: HTMLElement;
  closed: () => void;
}

/** Where the divider starts, in hundredths. */
const MIDDLE = 50;
/** Width of the divider's handle, as in the styles. */
const THUMB_PX = 44;

export class MirrorView {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #options: MirrorViewOptions;
  readonly #words: TryOnTexts;
  readonly #looks: MirrorLook[];
  readonly #stage = h("div", { class: "mirror__stage" });
  readonly #note = h("p", { class: "mirror__note v-glass", attrs: { role: "status" } });
  readonly #card = h("div", { class: "mirror__card" });
  readonly #chips = h("div", { class: "mirror__chips" });
  readonly #names = h("div", { class: "mirror__names", hidden: true, dir: "ltr" });
  readonly #divider: HTMLInputElement;
  readonly #knob = h("span", { class: "mirror__knob", hidden: true }, icon("compare", 24));
  readonly #compare: HTMLButtonElement;
  readonly #shutter: HTMLButtonElement;
  readonly #returnTo: Element | null;
  readonly #inerted: HTMLElement[] = [];
  #mirror: Mirror | null = null;
  #chosen: number;
  /** Index of the look on the other side; -1 is the bare face, null is no comparison. */
  #other: number | null = null;
  #isClosed = false;

  constructor(context: PlayerContext, options: MirrorViewOptions) {
    this.#context = context;
    this.#options = options;
    this.#words = tryOnTexts(context.language);
    this.#looks = looksOf(options.product, context);
    this.#chosen = Math.max(
      0,
      this.#looks.findIndex((look) => look.variantId !== null && look.variantId === options.variantId),
    );
    const words = this.#words;
    this.#divider = h("input", {
      // left and right of the picture are the same for readers of every language
      dir: "ltr",
      type: "range",
      min: "0",
      max: "100",
      value: String(MIDDLE),
      class: "mirror__divider",
      hidden: true,
      oninput: () => this.#divide(),
    });
    this.#compare = roundButton("compare", words.compare, () => this.#toggleCompare());
    this.#compare.setAttribute("aria-pressed", "false");
    this.#shutter = h("button", {
      type: "button",
      class: "mirror__shutter",
      ariaLabel: words.takePicture,
      title: words.takePicture,
      onclick: () => void this.#takePicture(),
    });
    const root = options.root.getRootNode() as ShadowRoot | Document;
    this.#returnTo = root.activeElement;
    this.element = this.#build();
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  get productId(): string {
    return this.#options.product.product_id;
  }

  /** Puts the view on screen; the camera waits for a press unless it was allowed before. */
  async open(): Promise<void> {
    const { root } = this.#options;
    for (const child of root.children) {
      if (!(child instanceof HTMLElement) || child.inert || child.classList.contains("v-toasts")) continue;
      child.inert = true;
      this.#inerted.push(child);
    }
    root.append(this.element);
    this.element.focus();
    this.#showLooks();
    if (await isCameraAllowed()) void this.#start();
    else this.#offer();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#mirror?.close();
    this.element.remove();
    for (const child of this.#inerted) child.inert = false;
    if (this.#returnTo instanceof HTMLElement && this.#returnTo.isConnected) this.#returnTo.focus();
    this.#options.closed();
  }

  #build(): HTMLElement {
    const { texts, language, openProduct } = this.#context;
    const { product } = this.#options;
    const title = textIn(product.title, language);
    const buy = h(
      "button",
      {
        type: "button",
        class: "v-button v-button--primary mirror__buy",
        onclick: () => {
          this.close();
          openProduct(product.product_id);
        },
      },
      texts.buy,
    );
    return h(
      "section",
      {
        class: "mirror v-dark",
        tabIndex: -1,
        data: { state: "offer" },
        attrs: { role: "dialog", "aria-modal": "true", "aria-label": this.#words.mirror(title) },
      },
      h(
        "div",
        { class: "mirror__frame" },
        this.#stage,
        this.#divider,
        this.#knob,
        h("div", { class: "mirror__shade", attrs: { "aria-hidden": "true" } }),
        h(
          "header",
          { class: "mirror__top" },
          roundButton("close", texts.close, () => this.close()),
          h("h2", { class: "mirror__title v-clip", css: { "--lines": 1 } }, title),
        ),
        this.#names,
        this.#note,
        this.#live(),
        this.#card,
        h(
          "footer",
          { class: "mirror__foot" },
          this.#chips,
          h("div", { class: "mirror__acts" }, this.#compare, this.#shutter, buy),
          h("p", { class: "mirror__stays" }, icon("lock", 16), this.#words.stays),
        ),
      ),
    );
  }

  /** The show goes on in a corner; its sound was never off. */
  #live(): HTMLElement | null {
    const source = this.#context.picture();
    if (source === null) return null;
    const video = h("video", { class: "mirror__live", muted: true, playsInline: true, autoplay: true });
    video.srcObject = source;
    video.setAttribute("aria-hidden", "true");
    return video;
  }

  #offer(): void {
    this.#state("offer");
    fill(this.#card, ...offerCard(this.#words, () => void this.#start()));
    this.#card.querySelector("button")?.focus();
  }

  async #start(): Promise<void> {
    this.#state("starting");
    fill(this.#card, ...waitCard(this.#words));
    try {
      const { Mirror } = await import("../ar/mirror/mirror.ts");
      if (this.#isClosed) return;
      const mirror = new Mirror({
        changed: (state) => this.#mirrorChanged(state),
        lost: () => this.#problem("camera_busy"),
      });
      this.#mirror = mirror;
      this.#stage.replaceChildren(mirror.canvas);
      await mirror.start();
      await this.#wear();
    } catch (error) {
      if (!this.#isClosed) this.#problem(codeOf(error) ?? "try_on_unavailable");
    }
  }

  #mirrorChanged(state: MirrorState): void {
    if (this.#isClosed) return;
    this.#state(state);
    this.#card.replaceChildren();
    const isPainted = wornCategory(this.#options.product.model) === "lipstick";
    this.#note.hidden = state === "showing" && isPainted;
    setText(this.#note, state === "looking" ? this.#words.lookHere : this.#words.trueSize);
  }

  #problem(code: string): void {
    this.#mirror?.close();
    this.#mirror = null;
    this.#stage.replaceChildren();
    this.#state("problem");
    const { product } = this.#options;
    const seeIn3d = (): void => {
      this.close();
      this.#context.openProduct(product.product_id, "3d");
    };
    const acts = {
      tryAgain: this.#context.texts.tryAgain,
      again: () => void this.#start(),
      seeIn3d: (product.model?.glb_url ?? null) === null ? null : seeIn3d,
    };
    fill(this.#card, ...problemCard(this.#words, code, acts));
    this.#card.querySelector("button")?.focus();
  }

  #state(state: string): void {
    this.element.dataset.state = state;
    const isOn = state === "showing" || state === "looking";
    this.#note.hidden = !isOn;
    this.#compare.disabled = !isOn;
    this.#shutter.disabled = state !== "showing";
  }

  #showLooks(): void {
    this.#chips.setAttribute("role", "radiogroup");
    this.#chips.ariaLabel = this.#words.looks;
    this.#chips.hidden = this.#looks.length < 2;
    fill(
      this.#chips,
      ...this.#looks.map((look, index) =>
        h(
          "label",
          { class: "mirror__chip", title: look.name },
          h("input", {
            type: "radio",
            name: "look",
            class: "v-hidden",
            checked: index === this.#chosen,
            onchange: () => this.#choose(index),
          }),
          look.swatch !== null || look.pictureUrl === null
            ? h("span", { class: "mirror__swatch", css: { "--swatch": look.swatch ?? "#888" } })
            : picture({ url: look.pictureUrl, alt: "", sizePx: 44, class: "mirror__thumb", isEager: true }),
          h("span", { class: "v-clip", css: { "--lines": 1 } }, look.name),
        ),
      ),
    );
  }

  #choose(index: number): void {
    this.#chosen = index;
    if (this.#other === index) this.#other = this.#nextOther(index);
    this.#drawNames();
    void this.#wear();
  }

  /** The look to compare with: the next one, at last the bare face. */
  #nextOther(from: number): number {
    const next = from + 1 >= this.#looks.length ? -1 : from + 1;
    return next === this.#chosen ? this.#nextOther(next) : next;
  }

  #toggleCompare(): void {
    this.#other = this.#other === null ? this.#nextOther(this.#chosen) : null;
    const isOn = this.#other !== null;
    this.#compare.setAttribute("aria-pressed", String(isOn));
    this.#compare.ariaLabel = isOn ? this.#words.compareOff : this.#words.compare;
    this.#divider.hidden = !isOn;
    this.#knob.hidden = !isOn;
    this.#divider.value = String(MIDDLE);
    this.#divide();
    this.#drawNames();
    void this.#wear();
  }

  #drawNames(): void {
    const isOn = this.#other !== null;
    this.#names.hidden = !isOn;
    if (this.#other === null) return;
    const left = this.#looks[this.#chosen]?.name ?? "";
    const right = this.#looks[this.#other]?.name ?? this.#words.without;
    this.#divider.ariaLabel = this.#words.divider(left, right);
    fill(
      this.#names,
      h("span", { class: "v-pill v-glass", dir: "auto" }, left),
      h(
        "button",
        {
          type: "button",
          class: "v-pill v-glass mirror__other",
          ariaLabel: this.#words.compareWith(right),
          onclick: () => {
            this.#other = this.#nextOther(this.#other ?? this.#chosen);
            this.#drawNames();
            void this.#wear();
            this.#names.querySelector("button")?.focus();
          },
        },
        right,
        this.#looks.length > 1 ? icon("forward", 14) : null,
      ),
    );
  }

  #divide(): void {
    const share = Number(this.#divider.value) / 100;
    this.element.style.setProperty("--divide", String(share));
    const mirror = this.#mirror;
    if (mirror === null) return;
    const { clientWidth, clientHeight } = this.#stage;
    // a slider's thumb stays inside; the picture is wider than the screen where it covers it
    const at = THUMB_PX / 2 + share * (clientWidth - THUMB_PX);
    const shown = Math.max(
      clientWidth,
      (clientHeight * mirror.canvas.width) / Math.max(1, mirror.canvas.height),
    );
    mirror.divide((at + (shown - clientWidth) / 2) / shown);
  }

  async #wear(): Promise<void> {
    const mirror = this.#mirror;
    const look = this.#looks[this.#chosen];
    if (mirror === null || look === undefined) return;
    const wanted = [this.#chosen, this.#other];
    try {
      const first = await look.make(mirror);
      const other = this.#other === null ? [] : [(await this.#looks[this.#other]?.make(mirror)) ?? null];
      // a slower model must not replace what was chosen meanwhile
      if (wanted[0] !== this.#chosen || wanted[1] !== this.#other || this.#isClosed) return;
      await mirror.wear([first, ...other]);
      this.element.dataset.look = look.name;
    } catch (error) {
      if (!this.#isClosed) this.#problem(codeOf(error) ?? "model_unavailable");
    }
  }

  async #takePicture(): Promise<void> {
    const mirror = this.#mirror;
    if (mirror === null) return;
    const words = this.#words;
    try {
      const blob = await mirror.snapshot();
      const card = snapshotCard(blob, words, this.#context.texts.close, () => this.#shutter.focus());
      this.element.append(card);
      card.querySelector("button")?.focus();
    } catch {
      this.#context.say({ text: words.pictureFailed, kind: "bad" });
    }
  }

  #key(event: KeyboardEvent): void {
    // the page's own keys (sound, like, products) rest while the mirror is up
    event.stopPropagation();
    if (event.key === "Escape") this.close();
  }
}

function roundButton(name: "close" | "compare", label: string, act: () => void): HTMLButtonElement {
  return h(
    "button",
    {
      type: "button",
      class: "v-button v-button--round v-button--glass mirror__round",
      ariaLabel: label,
      title: label,
      onclick: act,
    },
    icon(name, 22),
  );
}

async function isCameraAllowed(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: "camera" as PermissionName });
    return state === "granted";
  } catch {
    // Firefox does not tell: it asks when the camera is wanted
    return false;
  }
}
