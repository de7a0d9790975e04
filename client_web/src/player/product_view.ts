/** One product in the sheet: pictures, variants, price, what is true about it, and the two buttons. */

import { FEW, firstVariant, leftOf, priceOf } from "../commerce/prices.ts";
import { MOST_OF_ONE } from "../commerce/shopping_cart.ts";
import { isTranslated } from "../commerce/translated_product.ts";
import type { Product, Variant } from "../protocol/messages.ts";
import { textIn } from "../texts/index.ts";
import { translationTexts } from "../texts/translation.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { Gallery } from "../ui/gallery.ts";
import { type IconName, icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import { priceElement } from "../ui/price.ts";
import { Stepper } from "../ui/stepper.ts";
import type { Localised, PlayerContext } from "./context.ts";
import { ProductMedia } from "./product_media.ts";
import { readsAsWritten } from "./reading_choice.ts";

export class ProductView {
  readonly body = h("div", { class: "product" });
  readonly footer = h("div", { class: "product__footer" });
  readonly productId: string;
  readonly #context: PlayerContext;
  readonly #gallery = new Gallery();
  readonly #price = h("div", { class: "product__price" });
  readonly #stock = h("span", { class: "v-stock" });
  readonly #chosen = h("span", { class: "v-muted" });
  readonly #stepper = new Stepper();
  readonly #name = h("h3", { class: "product__title" });
  readonly #story = h("div", { class: "product__story" });
  /** The reader wants to see what the seller wrote. */
  #isAsWritten = readsAsWritten();
  #told = "";
  #product: Product;
  #variant: Variant | null;
  #drawn = "";
  #media!: ProductMedia;

  /** `first` is what stands at the top when there is a choice. */
  constructor(context: PlayerContext, product: Product, first: "pictures" | "3d" = "pictures") {
    this.#context = context;
    this.productId = product.product_id;
    this.#product = product;
    this.#variant = firstVariant(product, context.session.currency);
    this.#build();
    this.update(product);
    if (first === "3d") this.#media.show("3d");
  }

  /** Takes the 3D model away; the view is not used again. */
  close(): void {
    this.#media.close();
  }

  get title(): string {
    return textIn(this.#product.title, this.#context.language);
  }

  get brandName(): string {
    return this.#product.brand_name;
  }

  /** Shows what changed: stock, price, sold out. */
  update(product: Product): void {
    this.#product = product;
    this.#media.update(product);
    this.#tell();
    this.#variant = product.variants.find((each) => each.variant_id === this.#variant?.variant_id) ?? null;
    const { session, texts, formats } = this.#context;
    const isSoldOut = session.isSoldOut(product.product_id);
    const left = isSoldOut ? 0 : (this.#variant?.left ?? 0);
    const drawn = JSON.stringify([
      this.#variant,
      isSoldOut,
      session.currency,
      session.wished.has(this.productId),
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const price = this.#variant === null ? null : priceOf(this.#variant, session.currency);
    fill(
      this.#price,
      price === null
        ? h("span", { class: "v-muted" }, texts.notSoldIn(session.currency))
        : priceElement({ price, formats, texts, isLong: true }),
    );
    this.#stock.className = `v-stock${left <= 0 ? " v-stock--none" : left <= FEW ? " v-stock--few" : ""}`;
    setText(this.#stock, left <= 0 ? texts.soldOut : left <= FEW ? texts.left(left) : texts.inStock);
    setText(this.#chosen, this.#variant === null ? "" : textIn(this.#variant.label, this.#context.language));
    this.#markVariants();
    this.#stepper.view = {
      quantity: this.#stepper.quantity,
      most: Math.min(MOST_OF_ONE, Math.max(1, left)),
      label: texts.quantity,
      fewer: texts.fewer,
      more: texts.more,
    };
    this.#drawFooter(left > 0 && price !== null, leftOf(product) <= 0 || isSoldOut);
  }

  #build(): void {
    const { texts, session, language } = this.#context;
    const product = this.#product;
    this.#gallery.view = {
      pictures: product.pictures.map(({ url, alt }) => ({
        url: session.api.address(url),
        alt: textIn(alt, language),
      })),
      label: this.title,
      place: texts.picture,
      previous: texts.back,
      next: texts.view,
    };
    if (this.#variant !== null && this.#variant.picture_index > 0) {
      const { picture_index } = this.#variant;
      requestAnimationFrame(() => this.#gallery.go(picture_index));
    }
    this.#media = new ProductMedia(this.#context, {
      product,
      title: this.title,
      gallery: this.#gallery,
      variantId: () => this.#variant?.variant_id ?? null,
      choose: (variantId) => this.#choose(variantId),
    });
    fill(
      this.body,
      this.#media.element,
      h("div", { class: "product__head" }, this.#name, this.#price, this.#stock),
      product.variants.length > 1 ? this.#variants() : null,
      this.#quantity(),
      this.#story,
    );
    this.#tell();
  }

  /** What is said about the product: as the seller wrote it, or in the reader's language. */
  #tell(): void {
    const { session, language } = this.#context;
    const written = session.shelf.original(this.productId);
    const product = this.#isAsWritten && written !== null ? written : this.#product;
    const told = JSON.stringify([product.updated_at, this.#isAsWritten, product.translation]);
    if (told === this.#told) return;
    this.#told = told;
    setText(this.#name, textIn(product.title, language));
    const summary = textIn(product.summary, language);
    fill(
      this.#story,
      this.#translated(),
      summary === "" ? null : h("p", { class: "product__summary" }, summary),
      this.#facts(product),
      this.#notes(product),
    );
  }

  /** Says that texts are translated, with the originals a tap away. */
  #translated(): HTMLElement | null {
    if (!isTranslated(this.#product)) return null;
    const words = translationTexts(this.#context.language);
    return h(
      "p",
      { class: "product__translated" },
      icon("translate", 18),
      h("span", {}, this.#isAsWritten ? words.original : words.translated),
      h(
        "button",
        {
          type: "button",
          class: "v-button v-button--plain v-button--small",
          onclick: () => {
            this.#isAsWritten = !this.#isAsWritten;
            this.#tell();
            this.#story.querySelector<HTMLElement>(".product__translated button")?.focus();
          },
        },
        this.#isAsWritten ? words.showTranslation : words.showOriginal,
      ),
    );
  }

  #quantity(): HTMLElement {
    return h(
      "div",
      { class: "product__quantity" },
      h("span", { class: "v-strong" }, this.#context.texts.quantity),
      this.#stepper,
    );
  }

  #variants(): HTMLElement {
    const { texts, session, language } = this.#context;
    const product = this.#product;
    const legend = h(
      "legend",
      {},
      h("span", { class: "v-strong" }, `${texts.chooseVariant}: `),
      this.#chosen,
    );
    const hasPictures = new Set(product.variants.map((variant) => variant.picture_index)).size > 1;
    const options = product.variants.map((variant) => {
      const label = textIn(variant.label, language);
      const input = h("input", {
        type: "radio",
        name: `variant-${product.product_id}`,
        value: variant.variant_id,
        class: "v-hidden",
        onchange: () => this.#choose(variant.variant_id),
      });
      const swatch =
        variant.swatch === null
          ? null
          : h("span", { class: "variant__swatch", css: { "--swatch": variant.swatch } });
      const shown = product.pictures[variant.picture_index];
      return h(
        "label",
        {
          class: `variant${hasPictures ? " variant--picture" : ""}`,
          data: { variant: variant.variant_id },
          title: label,
        },
        input,
        hasPictures ? picture({ url: session.api.address(shown?.url), alt: "", sizePx: 72 }) : null,
        h("span", { class: "variant__label" }, swatch, h("span", { class: "v-clip" }, label)),
      );
    });
    return h("fieldset", { class: "variants" }, legend, h("div", { class: "variants__row" }, ...options));
  }

  #markVariants(): void {
    const isMarked = this.#context.session.state?.sold_out.includes(this.productId) ?? false;
    for (const label of this.body.querySelectorAll<HTMLElement>(".variant")) {
      const variant = this.#product.variants.find((each) => each.variant_id === label.dataset.variant);
      const input = label.querySelector("input");
      if (input === null || variant === undefined) continue;
      input.checked = variant === this.#variant;
      label.toggleAttribute("data-none", isMarked || variant.left <= 0);
    }
  }

  #choose(variantId: string): void {
    this.#variant = this.#product.variants.find((variant) => variant.variant_id === variantId) ?? null;
    if (this.#variant !== null) this.#gallery.go(this.#variant.picture_index);
    this.#media.choose(variantId);
    this.update(this.#product);
  }

  #facts(product: Product): HTMLElement | null {
    const { texts, language } = this.#context;
    if (product.facts.length === 0) return null;
    const rows = product.facts.flatMap((fact) => [
      h("dt", {}, textIn(fact.label, language)),
      h("dd", {}, textIn(fact.value, language)),
    ]);
    return h(
      "section",
      { class: "product__section" },
      h("h4", {}, texts.details),
      h("dl", { class: "facts" }, ...rows),
    );
  }

  #notes(product: Product): HTMLElement {
    const { texts, language } = this.#context;
    const note = (name: IconName, title: string, value: Localised): HTMLElement | null => {
      const text = textIn(value, language);
      if (text === "") return null;
      return h(
        "div",
        { class: "note" },
        icon(name, 22),
        h("div", {}, h("h4", {}, title), h("p", { class: "v-muted v-small" }, text)),
      );
    };
    return h(
      "section",
      { class: "product__notes" },
      note("truck", texts.delivery, product.delivery),
      note("returns", texts.returns, product.returns),
      note("leaf", texts.provenance, product.provenance),
    );
  }

  #drawFooter(canBuy: boolean, isAllGone: boolean): void {
    const { texts, session } = this.#context;
    if (isAllGone) {
      const isWished = session.wished.has(this.productId);
      fill(
        this.footer,
        h(
          "button",
          {
            type: "button",
            class: "v-button v-button--wide v-button--large",
            attrs: { "aria-pressed": String(isWished) },
            onclick: () => this.#wish(),
          },
          icon(isWished ? "check" : "bell", 20),
          isWished ? texts.tellMeOn : texts.tellMe,
        ),
      );
      return;
    }
    fill(
      this.footer,
      h(
        "button",
        {
          type: "button",
          class: "v-button v-button--line v-button--large product__add",
          disabled: !canBuy,
          onclick: () => void this.#add(false),
        },
        texts.addToCart,
      ),
      h(
        "button",
        {
          type: "button",
          class: "v-button v-button--primary v-button--large product__buy",
          disabled: !canBuy,
          onclick: () => void this.#add(true),
        },
        texts.buyNow,
      ),
    );
  }

  #wish(): void {
    const { session, say, texts } = this.#context;
    if (!session.wished.delete(this.productId)) {
      session.wished.add(this.productId);
      say({ text: texts.tellMeMore, kind: "good" });
    }
    this.update(this.#product);
  }

  async #add(isBuyNow: boolean): Promise<void> {
    const { session, texts, say, sayError, tell, ensureViewer, openCart, openCheckout } = this.#context;
    const variant = this.#variant;
    if (variant === null) return;
    const quantity = this.#stepper.quantity;
    // a shop with a cart of its own takes the matter from here
    const goesOn = tell("add-to-cart", {
      product_id: this.productId,
      variant_id: variant.variant_id,
      sku: variant.sku,
      quantity,
    });
    if (!goesOn) return;
    const buttons = this.footer.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      await ensureViewer();
      await session.cart?.add(variant.variant_id, quantity);
      if (isBuyNow) openCheckout();
      else say({ text: texts.added, kind: "good", action: { label: texts.cart, act: openCart } });
    } catch (error) {
      sayError(error);
    } finally {
      this.#drawn = "";
      this.update(session.shelf.get(this.productId) ?? this.#product);
    }
  }
}
