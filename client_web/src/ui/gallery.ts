/** Pictures side by side, moved by swiping or by the arrows; dots tell where one is. */

import { define, h, prefersReducedMotion, setText } from "./dom.ts";
import { icon } from "./icons.ts";
import { picture } from "./picture.ts";

export interface GalleryView {
  pictures: readonly { url: string | null; alt: string }[];
  label: string;
  /** "Picture 2 of 4" */
  place: (n: number, of: number) => string;
  previous: string;
  next: string;
}

export class Gallery extends HTMLElement {
  #strip: HTMLElement | null = null;
  #index = 0;
  #count = 0;
  #view: GalleryView | null = null;
  readonly #place = h("span", { class: "v-hidden", attrs: { "aria-live": "polite" } });
  readonly #dots = h("span", { class: "v-gallery__dots", attrs: { "aria-hidden": "true" } });

  set view(view: GalleryView) {
    this.#view = view;
    this.#count = view.pictures.length;
    this.classList.add("v-gallery");
    this.setAttribute("role", "group");
    this.ariaLabel = view.label;
    const strip = h("div", { class: "v-gallery__strip", tabIndex: 0 });
    strip.append(
      ...view.pictures.map(({ url, alt }, index) =>
        picture({ url, alt, sizePx: 600, class: "v-gallery__picture", isEager: index === 0 }),
      ),
    );
    strip.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#strip = strip;
    this.#dots.replaceChildren(...view.pictures.map(() => h("i")));
    const arrow = (name: "back" | "forward", label: string, by: number): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          class: `v-button v-button--round v-gallery__${name}`,
          ariaLabel: label,
          onclick: () => this.go(this.#index + by),
        },
        icon(name, 20),
      );
    this.replaceChildren(
      strip,
      arrow("back", view.previous, -1),
      arrow("forward", view.next, 1),
      this.#dots,
      this.#place,
    );
    this.toggleAttribute("data-single", this.#count < 2);
    this.#mark();
  }

  /** Moves to a picture. */
  go(index: number): void {
    const strip = this.#strip;
    if (strip === null) return;
    const target = Math.min(this.#count - 1, Math.max(0, index));
    const behavior = prefersReducedMotion() ? "instant" : "smooth";
    strip.scrollTo({
      left: target * strip.clientWidth * (getComputedStyle(strip).direction === "rtl" ? -1 : 1),
      behavior,
    });
    this.#index = target;
    this.#mark();
  }

  #scrolled(): void {
    const strip = this.#strip;
    if (strip === null || strip.clientWidth === 0) return;
    const index = Math.round(Math.abs(strip.scrollLeft) / strip.clientWidth);
    if (index === this.#index) return;
    this.#index = index;
    this.#mark();
  }

  #mark(): void {
    [...this.#dots.children].forEach((dot, index) => {
      dot.classList.toggle("v-gallery__here", index === this.#index);
    });
    if (this.#view !== null && this.#count > 1)
      setText(this.#place, this.#view.place(this.#index + 1, this.#count));
  }
}

define("vitrine-gallery", Gallery);
