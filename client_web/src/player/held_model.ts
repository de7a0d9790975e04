/**
 * "Pick it up": a pinned product comes out of the picture as a 3D model, to be turned in the hand while the video goes
 * on. It is dragged out of its card, or lifted by a press; pulled down or let go over the cards, it goes back.
 */

import { lookOf, type ProductModel } from "../ar/model.ts";
import type { Viewer } from "../ar/viewer.ts";
import type { Product } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { tryOnTexts } from "../texts/try_on.ts";
import { h, prefersReducedMotion, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import type { PlayerContext } from "./context.ts";

/** Moved this far, a press on the card's picture is a drag. */
const DRAG_PX = 12;
/** Let go below this share of the player's height, the product goes back. */
const BACK_BELOW = 0.78;
const BACK_MS = 200;

export class HeldModel {
  readonly #context: PlayerContext;
  /** Where it is put, and the area it moves in. */
  readonly #root: HTMLElement;
  #held: {
    element: HTMLElement;
    viewer: Viewer | null;
    abort: AbortController;
    from: Element | null;
  } | null = null;

  constructor(context: PlayerContext, root: HTMLElement, signal: AbortSignal) {
    this.#context = context;
    this.#root = root;
    signal.addEventListener("abort", () => this.#drop());
  }

  get isHolding(): boolean {
    return this.#held !== null;
  }

  /** Makes a card's picture something that can be dragged out. A short press stays what it was. */
  listen(handle: HTMLElement, productId: string): void {
    handle.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      const watching = new AbortController();
      const { signal } = watching;
      const end = (): void => watching.abort();
      window.addEventListener(
        "pointermove",
        (move) => {
          if (Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) < DRAG_PX) return;
          end();
          handle.addEventListener("click", (click) => click.stopImmediatePropagation(), {
            once: true,
            capture: true,
          });
          const element = this.pickUp(productId, handle);
          if (element !== null)
            this.#carry(element, move, { x: element.offsetWidth / 2, y: element.offsetHeight / 2 });
        },
        { signal },
      );
      for (const type of ["pointerup", "pointercancel"] as const)
        window.addEventListener(type, end, { signal });
    });
  }

  /** Lifts a product into the middle of the picture. Null when it has no model. */
  pickUp(productId: string, from: Element | null): HTMLElement | null {
    const { session, language, announce } = this.#context;
    const product = session.shelf.get(productId);
    const model = product?.model ?? null;
    const url = session.api.address(model?.glb_url);
    if (product === null || model === null || url === null) return null;
    this.#drop();
    const abort = new AbortController();
    const title = textIn(product.title, language);
    const element = this.#build(product, model, title);
    this.#held = { element, viewer: null, abort, from };
    this.#root.append(element);
    this.#place((this.#root.clientWidth - element.offsetWidth) / 2, this.#root.clientHeight * 0.24);
    element.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.putBack();
    });
    announce(tryOnTexts(language).held(title));
    void this.#load(url, model, title, abort.signal);
    return element;
  }

  /** Lets it go back to where it came from. */
  putBack(): void {
    const held = this.#held;
    if (held === null) return;
    const { element, from } = held;
    const to = from?.isConnected ? from.getBoundingClientRect() : null;
    const at = element.getBoundingClientRect();
    if (to !== null && !prefersReducedMotion()) {
      const dx = to.x + to.width / 2 - (at.x + at.width / 2);
      const dy = to.y + to.height / 2 - (at.y + at.height / 2);
      element
        .animate(
          [{}, { transform: `translate(${dx}px, ${dy}px) scale(${to.width / at.width})`, opacity: 0.2 }],
          {
            duration: BACK_MS,
            easing: "ease-in",
          },
        )
        .finished.catch(() => {})
        .finally(() => element.remove());
      this.#forget();
    } else {
      this.#drop();
    }
    if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
  }

  #build(product: Product, model: ProductModel, title: string): HTMLElement {
    const { session, texts, language, openProduct } = this.#context;
    const words = tryOnTexts(language);
    const poster = model.poster_url ?? product.pictures[0]?.url;
    const grip = h("span", { class: "held__grip", attrs: { "aria-hidden": "true" } });
    const hint = h("span", { class: "held__hint v-tiny" }, words.heldHint);
    const element = h(
      "section",
      { class: "held", attrs: { "aria-label": title } },
      h("div", { class: "held__handle" }, grip),
      h(
        "div",
        { class: "held__stage" },
        picture({
          url: session.api.address(poster),
          alt: "",
          sizePx: 320,
          class: "held__poster",
          isEager: true,
        }),
      ),
      hint,
      h(
        "div",
        { class: "held__acts" },
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--small v-button--glass",
            onclick: () => this.putBack(),
          },
          icon("returns", 18),
          words.putBack,
        ),
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--small v-button--glass",
            onclick: () => {
              this.#drop();
              openProduct(product.product_id);
            },
          },
          texts.view,
        ),
      ),
    );
    const handle = element.firstElementChild as HTMLElement;
    handle.addEventListener("pointerdown", (event) => {
      const box = element.getBoundingClientRect();
      this.#carry(element, event, { x: event.clientX - box.x, y: event.clientY - box.y });
    });
    return element;
  }

  async #load(url: string, model: ProductModel, title: string, signal: AbortSignal): Promise<void> {
    const words = tryOnTexts(this.#context.language);
    try {
      const { createViewer } = await import("../ar/viewer.ts");
      const held = this.#held;
      if (signal.aborted || held === null) return;
      const viewer = createViewer();
      held.viewer = viewer;
      viewer.className = "held__viewer";
      viewer.alt = words.model(title);
      viewer.touchAction = "none";
      viewer.disableZoom = true;
      viewer.disablePan = true;
      viewer.a11y = { ...words.sides, "interaction-prompt": words.model(title) };
      viewer.append(
        h("span", { attrs: { slot: "ar-button" } }),
        h("span", { attrs: { slot: "progress-bar" } }),
      );
      viewer.variantName = lookOf(model.variants, null)?.name ?? null;
      viewer.addEventListener("load", () => held.element.toggleAttribute("data-loaded", true), {
        once: true,
      });
      viewer.addEventListener("error", () => this.#failed(held.element));
      viewer.src = url;
      held.element.querySelector(".held__stage")?.append(viewer);
    } catch {
      if (!signal.aborted && this.#held !== null) this.#failed(this.#held.element);
    }
  }

  #failed(element: HTMLElement): void {
    const hint = element.querySelector(".held__hint");
    if (hint !== null) setText(hint, tryOnTexts(this.#context.language).failed3d);
  }

  /** Follows the pointer until it is let go. */
  #carry(element: HTMLElement, start: PointerEvent, grip: { x: number; y: number }): void {
    const watching = new AbortController();
    const { signal } = watching;
    this.#held?.abort.signal.addEventListener("abort", () => watching.abort());
    element.toggleAttribute("data-carried", true);
    const move = (event: PointerEvent): void => {
      const area = this.#root.getBoundingClientRect();
      this.#place(event.clientX - area.x - grip.x, event.clientY - area.y - grip.y);
    };
    move(start);
    window.addEventListener("pointermove", move, { signal });
    for (const type of ["pointerup", "pointercancel"] as const) {
      window.addEventListener(
        type,
        (event) => {
          watching.abort();
          element.toggleAttribute("data-carried", false);
          const area = this.#root.getBoundingClientRect();
          if ((event.clientY - area.y) / area.height > BACK_BELOW) this.putBack();
        },
        { signal },
      );
    }
  }

  /** Keeps it within reach. */
  #place(x: number, y: number): void {
    const element = this.#held?.element;
    if (element === undefined) return;
    const most = {
      x: this.#root.clientWidth - element.offsetWidth,
      y: this.#root.clientHeight - element.offsetHeight / 2,
    };
    element.style.setProperty("--x", `${Math.round(Math.min(Math.max(0, x), Math.max(0, most.x)))}px`);
    element.style.setProperty("--y", `${Math.round(Math.min(Math.max(0, y), most.y))}px`);
  }

  #drop(): void {
    this.#held?.element.remove();
    this.#forget();
  }

  #forget(): void {
    this.#held?.abort.abort();
    this.#held = null;
  }
}
