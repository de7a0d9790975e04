/** Which view the sheet shows, and how one leads to another. */

import { captionTexts } from "../texts/captions.ts";
import type { Language } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import type { Sheet } from "../ui/sheet.ts";
import { type BankFrameOptions, bankFrame } from "./bank_frame.ts";
import type { CaptionChoices } from "./caption_choices.ts";
import { captionSettings } from "./caption_settings.ts";
import { CartView } from "./cart_view.ts";
import { CheckoutView } from "./checkout_view.ts";
import type { PlayerContext } from "./context.ts";
import { hostSetting } from "./host3d/host_setting.ts";
import { languageView } from "./language_view.ts";
import { nameView } from "./name_view.ts";
import { orderTitle, orderView } from "./order_view.ts";
import { ProductList } from "./product_list.ts";
import { ProductView } from "./product_view.ts";
import { readsAsWritten, rememberAsWritten } from "./reading_choice.ts";
import { type VoiceSettings, voiceSettings } from "./voice_settings.ts";

export class SheetViews {
  readonly #context: PlayerContext;
  readonly #sheet: Sheet;
  /** Where the bank's frame is put. */
  readonly #root: HTMLElement;
  readonly #list: ProductList;
  #product: ProductView | null = null;
  #cart: CartView | null = null;
  #voices: VoiceSettings | null = null;
  #checkout: CheckoutView | null = null;
  #bank: { element: HTMLElement; abort: AbortController; url: string } | null = null;

  constructor(context: PlayerContext, sheet: Sheet, root: HTMLElement, signal: AbortSignal) {
    this.#context = context;
    this.#sheet = sheet;
    this.#root = root;
    this.#list = new ProductList(context);
    const { session } = context;
    session.purchase.onStep(() => this.#purchaseMoved(), signal);
    sheet.addEventListener("sheet-close", () => this.#closed(), { signal });
    signal.addEventListener("abort", () => this.#takeBankAway());
  }

  /** Shows what was up before the language changed: the bank's page must not get lost. */
  resume(): void {
    this.#showBank();
  }

  get openProductId(): string | null {
    return this.#sheet.viewName === "product" ? (this.#product?.productId ?? null) : null;
  }

  /** After any change of state, stock or cart. */
  update(): void {
    const { session } = this.#context;
    switch (this.#sheet.viewName) {
      case "product": {
        const product = session.shelf.get(this.#product?.productId ?? "");
        if (product !== null) this.#product?.update(product);
        return;
      }
      case "products":
        this.#list.update(null);
        return;
      case "languages":
        this.#voices?.update();
        return;
      default:
        return;
    }
  }

  cartChanged(): void {
    if (this.#sheet.viewName !== "cart" || this.#cart === null) return;
    this.#cart.update();
    this.#sheet.setFooter(this.#cart.isEmpty ? null : this.#cart.footer);
  }

  showProduct(productId: string, first: "pictures" | "3d" = "pictures"): void {
    const { session, tell } = this.#context;
    const product = session.shelf.get(productId);
    if (product === null) {
      void session.shelf.want([productId]).catch(() => {});
      return;
    }
    const from = this.#sheet.viewName;
    // another product is another view: it starts at its top; closing takes the old one's model away
    if (from === "product") this.#sheet.close();
    this.#product?.close();
    this.#product = new ProductView(this.#context, product, first);
    const back =
      from === "products"
        ? { back: () => this.showProducts() }
        : from === "cart"
          ? { back: () => this.showCart() }
          : {};
    this.#sheet.show({
      name: "product",
      // the product's own name stands large under its pictures
      title: this.#product.brandName,
      body: this.#product.body,
      footer: this.#product.footer,
      ...back,
    });
    tell("product-opened", { product_id: productId });
  }

  showProducts(): void {
    const { texts, session } = this.#context;
    void session.shelf.want(session.productIds).catch(() => {});
    this.#list.update(null);
    this.#sheet.show({ name: "products", title: texts.products, body: this.#list.element });
  }

  showCart(): void {
    const { texts, session } = this.#context;
    if (session.purchase.isHolding) {
      this.showCheckout();
      return;
    }
    this.#cart = new CartView(this.#context);
    this.#sheet.show({
      name: "cart",
      title: texts.cart,
      body: this.#cart.body,
      footer: this.#cart.isEmpty ? null : this.#cart.footer,
    });
  }

  showCheckout(): void {
    const { texts, session, tell } = this.#context;
    const { purchase } = session;
    if (!purchase.isHolding && purchase.step.at !== "reserving") {
      const goesOn = tell("checkout-started", { currency: session.currency });
      if (!goesOn) return;
      this.#checkout = new CheckoutView(this.#context);
      void purchase.begin(session.currency);
    }
    this.#checkout ??= new CheckoutView(this.#context);
    this.#checkout.update(purchase.step);
    this.#sheet.show({
      name: "checkout",
      title: texts.checkoutTitle,
      body: this.#checkout.body,
      footer: this.#checkout.footer,
      back: () => this.#leaveCheckout(),
    });
  }

  showLanguages(choose: (language: Language) => void): void {
    const { texts, language, voices } = this.#context;
    this.#voices = voiceSettings(this.#context, voices);
    const body = h(
      "div",
      {},
      languageView(language, choose, {
        isOn: readsAsWritten(),
        changed: (isOn) => {
          rememberAsWritten(isOn);
          this.#context.reread();
        },
      }),
      this.#voices.element,
      hostSetting(this.#context),
    );
    this.#sheet.show({ name: "languages", title: texts.language, body });
    void voices.refresh();
  }

  showCaptions(choices: CaptionChoices, changed: (choices: CaptionChoices) => void): void {
    const title = captionTexts(this.#context.language).captions;
    this.#sheet.show({ name: "captions", title, body: captionSettings(this.#context, choices, changed) });
  }

  showName(then: () => void): void {
    const { body } = nameView(this.#context, then);
    this.#sheet.show({ name: "name", title: this.#context.texts.nameTitle, body });
  }

  /** Back to the cart gives the goods back: they are not held for somebody who is looking around. */
  #leaveCheckout(): void {
    this.#context.session.purchase.cancel();
    this.showCart();
  }

  #closed(): void {
    this.#product?.close();
    this.#list.reset();
    const { purchase } = this.#context.session;
    // closed on the way: goods stay held until their time is over, the cart button leads back
    if (purchase.step.at === "over" || purchase.step.at === "failed" || purchase.step.at === "done")
      purchase.cancel();
  }

  #purchaseMoved(): void {
    const { session, tell, texts } = this.#context;
    const { step } = session.purchase;
    this.#showBank();
    if (step.at === "done") {
      session.cart?.forget();
      tell("order-placed", {
        order_id: step.order.order_id,
        total_minor: step.order.totals.total_minor,
        currency: step.order.currency,
      });
      const { body, footer } = orderView(this.#context, step.order);
      this.#sheet.show({ name: "order", title: orderTitle(texts, step.order), body, footer });
      return;
    }
    if (this.#sheet.viewName !== "checkout" || step.at === "idle") return;
    this.#checkout?.update(step);
  }

  #showBank(): void {
    const { session, texts } = this.#context;
    const { step } = session.purchase;
    if (step.at !== "authenticating") {
      this.#takeBankAway();
      return;
    }
    const url = session.api.address(step.actionUrl);
    if (url === null || this.#bank?.url === url) return;
    this.#takeBankAway();
    const abort = new AbortController();
    const done = (): void => session.purchase.authenticated();
    const options: BankFrameOptions = {
      url,
      origin: new URL(url).origin,
      title: texts.bankAsks,
      frameTitle: texts.bankFrame,
      cancel: texts.close,
      done,
      closed: done,
    };
    const element = bankFrame(options, abort.signal);
    this.#bank = { element, abort, url };
    this.#root.append(element);
  }

  #takeBankAway(): void {
    this.#bank?.abort.abort();
    this.#bank?.element.remove();
    this.#bank = null;
  }
}

/** Holds what is only read out. */
export function liveRegion(): { element: HTMLElement; announce: (text: string) => void } {
  const element = h("p", { class: "v-hidden", attrs: { role: "status", "aria-live": "polite" } });
  return {
    element,
    announce: (text) => {
      // the same words twice are two announcements
      element.textContent = "";
      requestAnimationFrame(() => {
        element.textContent = text;
      });
    },
  };
}
