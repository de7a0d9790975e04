/** "Everyone try this": the host's invitation, a calm card over the picture that leaves by itself. */

import { wornCategory } from "../ar/model.ts";
import { arTexts } from "../texts/ar.ts";
import { textIn } from "../texts/index.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import type { PlayerContext } from "./context.ts";

/** Long enough to finish a sentence of the host, short enough not to be in the way. */
const SHOWN_MS = 30_000;

export class InviteCard {
  readonly element = h("div", { class: "invite", hidden: true, attrs: { role: "status" } });
  readonly #context: PlayerContext;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #productId: string | null = null;

  constructor(context: PlayerContext, signal: AbortSignal) {
    this.#context = context;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Invites to a product that can be tried on; anything else is let pass. */
  show(productId: string): void {
    const { session, texts, language, openMirror } = this.#context;
    const product = session.shelf.get(productId);
    if (product === null || wornCategory(product.model) === null) return;
    this.#productId = productId;
    const words = arTexts(language);
    const title = textIn(product.title, language);
    const host = session.show?.host_name ?? texts.hostTag;
    fill(
      this.element,
      picture({
        url: session.api.address(product.pictures[0]?.url),
        alt: "",
        sizePx: 56,
        class: "invite__picture",
        isEager: true,
      }),
      h(
        "div",
        { class: "invite__text" },
        h("p", { class: "v-strong" }, words.invited),
        h("p", { class: "v-small v-clip" }, words.invitedMore(host, title)),
      ),
      h(
        "div",
        { class: "invite__acts" },
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--small invite__go",
            onclick: () => {
              this.hide();
              openMirror(productId, null);
            },
          },
          icon("mirror", 18),
          words.tryOn,
        ),
        h(
          "button",
          { type: "button", class: "v-button v-button--small v-button--plain", onclick: () => this.hide() },
          words.later,
        ),
      ),
    );
    this.element.classList.add("v-glass");
    this.element.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    // focus must not fall to the page's start when the card leaves under a press
    this.element.hidden = true;
    this.element.replaceChildren();
    this.#productId = null;
  }

  /** The invitation on screen. */
  get productId(): string | null {
    return this.#productId;
  }
}
