/**
 * A surface that rises from the bottom edge (phone) or slides over the side column (desktop, by the page's CSS).
 *
 * It holds one view at a time. While `isModal`, what lies behind is inert; Escape, the close button and a pull
 * downwards close it, and the focus returns to where it was.
 */

import { define, fill, h, prefersReducedMotion, setText } from "./dom.ts";
import { icon } from "./icons.ts";

export interface SheetView {
  /** Names the view for owners, also as `data-view` for styles. */
  name: string;
  title: string;
  body: Node;
  footer?: Node | null;
  /** With it a back button appears. */
  back?: () => void;
}

export interface SheetWords {
  close: string;
  back: string;
}

const PULL_PX = 96;

export class Sheet extends HTMLElement {
  /** Elements that are out of reach while the sheet is modal. */
  behind: readonly HTMLElement[] = [];
  /** Whether what lies behind is out of reach. */
  isModal = true;
  #view: SheetView | null = null;
  #returnTo: HTMLElement | null = null;
  readonly #title = h("h2", { class: "v-sheet__title", tabIndex: -1 });
  readonly #back = h(
    "button",
    {
      type: "button",
      class: "v-button v-button--plain v-button--round",
      onclick: () => this.#view?.back?.(),
    },
    icon("back"),
  );
  readonly #close = h(
    "button",
    {
      type: "button",
      class: "v-button v-button--round",
      onclick: () => this.close(),
    },
    icon("close", 20),
  );
  readonly #grip = h("span", { class: "v-sheet__grip" });
  readonly #head = h("header", { class: "v-sheet__head" }, this.#grip, this.#back, this.#title, this.#close);
  readonly #body = h("div", { class: "v-sheet__body" });
  readonly #footer = h("footer", { class: "v-sheet__footer" });

  set words(words: SheetWords) {
    this.#close.ariaLabel = words.close;
    this.#back.ariaLabel = words.back;
  }

  get isOpen(): boolean {
    return this.#view !== null;
  }

  /** Name of the view that is shown. */
  get viewName(): string | null {
    return this.#view?.name ?? null;
  }

  /** Where the body is scrolled to, so that a view that is drawn again stays where it was. */
  get scrolled(): number {
    return this.#body.scrollTop;
  }

  connectedCallback(): void {
    if (this.childElementCount > 0) return;
    this.classList.add("v-sheet");
    this.setAttribute("role", "dialog");
    this.hidden = true;
    this.append(this.#head, this.#body, this.#footer);
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    this.#listenForPull();
  }

  /** Shows a view; drawn again under the same name it keeps focus and place. */
  show(view: SheetView): void {
    const isSame = this.#view?.name === view.name;
    const wasOpen = this.isOpen;
    const scrolled = isSame ? this.#body.scrollTop : 0;
    if (!wasOpen) this.#returnTo = deepActive();
    this.#view = view;
    this.dataset.view = view.name;
    setText(this.#title, view.title);
    this.setAttribute("aria-label", view.title);
    this.#back.hidden = view.back === undefined;
    fill(this.#body, view.body);
    fill(this.#footer, view.footer ?? null);
    this.#footer.hidden = !view.footer;
    this.#body.scrollTop = scrolled;
    this.hidden = false;
    if (!wasOpen) {
      this.style.transform = "";
      this.dispatchEvent(new Event("sheet-open"));
    }
    this.#setBehind();
    if (!isSame) this.#title.focus({ preventScroll: true });
  }

  /** Puts another footer under the same view. */
  setFooter(footer: Node | null): void {
    fill(this.#footer, footer);
    this.#footer.hidden = footer === null;
  }

  close(): void {
    if (!this.isOpen) return;
    this.#view = null;
    delete this.dataset.view;
    this.hidden = true;
    this.#setBehind();
    this.dispatchEvent(new Event("sheet-close"));
    this.#body.replaceChildren();
    this.#footer.replaceChildren();
    if (this.#returnTo?.isConnected) this.#returnTo.focus({ preventScroll: true });
    this.#returnTo = null;
  }

  #setBehind(): void {
    const isCovering = this.isOpen && this.isModal;
    this.setAttribute("aria-modal", String(isCovering));
    for (const element of this.behind) element.inert = isCovering;
  }

  #listenForPull(): void {
    let fromY: number | null = null;
    let pulled = 0;
    const move = (px: number): void => {
      pulled = Math.max(0, px);
      if (!prefersReducedMotion()) this.style.transform = pulled > 0 ? `translateY(${pulled}px)` : "";
    };
    this.#head.addEventListener("pointerdown", (event) => {
      if (!this.isModal || event.button !== 0 || (event.target as Element).closest("button")) return;
      fromY = event.clientY;
      this.#head.setPointerCapture(event.pointerId);
    });
    this.#head.addEventListener("pointermove", (event) => {
      if (fromY !== null) move(event.clientY - fromY);
    });
    for (const type of ["pointerup", "pointercancel"] as const) {
      this.#head.addEventListener(type, () => {
        if (fromY === null) return;
        fromY = null;
        const isFar = pulled > PULL_PX;
        move(0);
        if (isFar && type === "pointerup") this.close();
      });
    }
  }
}

/** The focused element, inside shadow roots too. */
function deepActive(): HTMLElement | null {
  let active: Element | null = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}

define("vitrine-sheet", Sheet);
