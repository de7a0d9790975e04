/** "Everyone try this", or turn it in 3D: the host's invitation, a calm card over the picture that leaves by itself. */

import { wornCategory } from "../ar/model.ts";
import type { InvitedWay } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { tryOnTexts } from "../texts/try_on.ts";
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

  /** Invites to a product that can be tried on, or turned in 3D; anything else is let pass. */
  show(productId: string, way: InvitedWay): void {
    const { session, texts, language, openMirror, openProduct } = this.#context;
    const product = session.shelf.get(productId);
    const isMirror = way === "try_on";
    if (product === null) return;
    if ((isMirror ? wornCategory(product.model) : (product.model?.glb_url ?? null)) === null) return;
    this.#productId = productId;
    const words = tryOnTexts(language);
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
        h("p", { class: "v-strong" }, isMirror ? words.invited : words.invitedModel),
        h(
          "p",
          { class: "v-small v-clip" },
          isMirror ? words.invitedMore(host, title) : words.invitedModelMore(host, title),
        ),
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
              if (isMirror) openMirror(productId, null);
              else openProduct(productId, "3d");
            },
          },
          icon(isMirror ? "mirror" : "cube", 18),
          isMirror ? words.tryOn : words.showIn3d,
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
