/** An offer at its frame: the seller's words and the shop's own price of this moment, gone when it ends. */

import { productPrice } from "../commerce/prices.ts";
import type { OfferShown } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import { priceElement } from "../ui/price.ts";
import type { PlayerContext } from "./context.ts";

/** The host goes on talking about the product for about so long. */
const SHOWN_MS = 45_000;

export class OfferCard {
  readonly element = h("div", { class: "offer v-glass", hidden: true, attrs: { role: "status" } });
  readonly #context: PlayerContext;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offer: OfferShown | null = null;
  #drawn = "";

  constructor(context: PlayerContext, signal: AbortSignal) {
    this.#context = context;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  show(offer: OfferShown): void {
    const leftMs = offer.ends_at === null ? SHOWN_MS : Date.parse(offer.ends_at) - Date.now();
    if (leftMs <= 0) return;
    this.#offer = offer;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), Math.min(SHOWN_MS, leftMs));
    this.update();
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#offer = null;
    this.update();
  }

  /** Draws again when the product or its price has changed: an old price beside an offer would be a lie. */
  update(): void {
    const { session, texts, language, formats, openProduct } = this.#context;
    const offer = this.#offer;
    const product = offer === null ? null : session.shelf.get(offer.product_id);
    const price = product === null ? null : productPrice(product, session.currency);
    const isShown = offer !== null && product !== null && session.state?.status !== "ended";
    const drawn = isShown ? JSON.stringify([offer.offer_id, offer.at_ms, product.updated_at, price]) : "";
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = !isShown;
    if (!isShown) {
      this.element.replaceChildren();
      return;
    }
    const until = offer.ends_at === null ? "" : ` · ${texts.offerUntil(formats.time(offer.ends_at))}`;
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
        h("p", { class: "v-small offer__until v-number" }, `${texts.offer}${until}`),
        h("p", { class: "v-strong offer__words", dir: "auto" }, textIn(offer.text, language)),
        h(
          "p",
          { class: "v-small offer__product" },
          h("span", { class: "v-clip" }, textIn(product.title, language)),
          price === null ? null : priceElement({ ...price, formats, texts }),
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
              openProduct(product.product_id);
            },
          },
          texts.offerSee,
        ),
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--small v-button--plain",
            onclick: () => this.hide(),
            attrs: { "aria-label": texts.close },
          },
          icon("close", 18),
        ),
      ),
    );
  }
}
