/** Paying, on one page in the sheet: contact and address, delivery, payment, total with all costs. */

import type { Purchase, Step } from "../commerce/purchase.ts";
import type { CartLine, Checkout, DeliveryOption } from "../protocol/messages.ts";
import { errorText, type Formats, type Texts, textIn } from "../texts/index.ts";
import { CountdownRing } from "../ui/countdown_ring.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { picture } from "../ui/picture.ts";
import { AddressForm } from "./address_form.ts";
import type { PlayerContext } from "./context.ts";

const DAY_MS = 86_400_000;
/** More lines than this are shown as pictures only. */
const WRITTEN_OUT = 3;
/** Read out when this many seconds are left; more often would be nagging. */
const TOLD_AT_S = [60, 20];

type Control = HTMLInputElement | HTMLSelectElement;

export class CheckoutView {
  readonly body = h("div", { class: "checkout" });
  readonly footer = h("div", { class: "checkout__footer" });
  readonly #context: PlayerContext;
  readonly #purchase: Purchase;
  readonly #ring = new CountdownRing();
  readonly #address: AddressForm;
  readonly #problem = h("p", { class: "checkout__problem", attrs: { role: "alert" }, hidden: true });
  readonly #total = h("div", { class: "checkout__totals" });
  readonly #pay = h("button", {
    type: "submit",
    class: "v-button v-button--primary v-button--wide v-button--large",
    attrs: { form: "v-checkout" },
  });
  #checkout: Checkout | null = null;
  #delivery: DeliveryOption | null = null;
  #method = "pm_test_ok";
  #told = new Set<number>();

  constructor(context: PlayerContext) {
    this.#context = context;
    this.#purchase = context.session.purchase;
    this.#address = new AddressForm(context.texts, context.formats);
  }

  /** Draws the step; the form is built once for a checkout, so nothing typed is lost. */
  update(step: Step): void {
    switch (step.at) {
      case "form":
        this.#showForm(step);
        return;
      case "paying":
      case "waiting":
      case "authenticating":
        this.#showBusy(step);
        return;
      case "over":
        this.#showOver();
        return;
      case "failed":
        this.#showFailed(step.error.code);
        return;
      default:
        this.#showReserving();
    }
  }

  #showReserving(): void {
    const bone = (height: number): HTMLElement =>
      h("div", { class: "v-bone", css: { height: `${height}px`, "margin-bottom": "16px" } });
    fill(
      this.body,
      h(
        "div",
        { ariaLabel: this.#context.texts.loading, attrs: { role: "status" } },
        bone(48),
        bone(220),
        bone(120),
        bone(200),
      ),
    );
    this.footer.replaceChildren();
  }

  #showForm(step: Extract<Step, { at: "form" }>): void {
    const { texts } = this.#context;
    if (this.#checkout?.checkout_id !== step.checkout.checkout_id) {
      this.#checkout = step.checkout;
      this.#build(step.checkout);
    }
    this.#startRing(step);
    this.#enable(true);
    const text =
      step.declined !== null
        ? declinedText(texts, step.declined)
        : step.error !== null
          ? this.#refusal(step.error)
          : null;
    this.#problem.hidden = text === null;
    if (text !== null) {
      fill(this.#problem, icon("alert", 20), text);
      this.#problem.scrollIntoView({ block: "center" });
    }
  }

  #refusal(error: { code: string; detail: Record<string, unknown> }): string {
    return errorText(this.#context.texts, error.code);
  }

  #startRing(step: Extract<Step, { at: "form" }>): void {
    const { texts, announce } = this.#context;
    const secondsLeft = Math.max(0, (step.endsAtMs - performance.now()) / 1000);
    this.#ring.words = (left) => {
      for (const at of TOLD_AT_S) {
        if (left <= at && left > at - 3 && !this.#told.has(at)) {
          this.#told.add(at);
          announce(texts.heldAnnounce(Math.floor(left / 60)));
        }
      }
      return texts.heldFor(texts.minutesAndSeconds(Math.floor(left / 60), left % 60));
    };
    this.#ring.over = () => void this.#purchase.timeIsOver();
    this.#ring.start(secondsLeft, Math.max(secondsLeft, step.checkout.seconds_left));
  }

  #build(checkout: Checkout): void {
    this.#told = new Set();
    this.#delivery = checkout.delivery_options[0] ?? null;
    fill(
      this.body,
      h(
        "form",
        {
          id: "v-checkout",
          class: "checkout__form",
          noValidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.#submit();
          },
        },
        h("div", { class: "checkout__held" }, this.#ring),
        this.#items(checkout),
        this.#address.draw(checkout.currency),
        this.#deliveries(checkout),
        this.#payments(),
        this.#problem,
        this.#total,
      ),
    );
    fill(this.footer, this.#pay);
    this.#showTotals();
  }

  #items(checkout: Checkout): HTMLElement {
    const { session, language, formats } = this.#context;
    if (checkout.lines.length <= WRITTEN_OUT) {
      return h("ul", { class: "checkout__list" }, ...checkout.lines.map((line) => this.#item(line, formats)));
    }
    const pictures = checkout.lines.map((line) =>
      h(
        "span",
        { class: "checkout__item", title: textIn(line.title, language) },
        picture({
          url: session.api.address(line.picture_url),
          alt: textIn(line.title, language),
          sizePx: 56,
        }),
        line.quantity > 1 ? h("span", { class: "checkout__times v-number" }, `${line.quantity}`) : null,
      ),
    );
    return h("div", { class: "checkout__items" }, ...pictures);
  }

  #item(line: CartLine, formats: Formats): HTMLElement {
    const { session, language } = this.#context;
    return h(
      "li",
      { class: "checkout__line" },
      picture({ url: session.api.address(line.picture_url), alt: "", sizePx: 48 }),
      h(
        "span",
        { class: "v-small" },
        h("span", { class: "v-clip v-strong", css: { "--lines": 1 } }, textIn(line.title, language)),
        h("span", { class: "v-muted" }, `${textIn(line.label, language)} × ${line.quantity}`),
      ),
      h("span", { class: "v-number v-small" }, formats.money(line.total_minor, session.currency)),
    );
  }

  #deliveries(checkout: Checkout): HTMLElement {
    const { texts, formats, language } = this.#context;
    const options = checkout.delivery_options.map((option) => {
      const input = h("input", {
        type: "radio",
        name: "delivery",
        value: option.id,
        checked: option.id === this.#delivery?.id,
        onchange: () => {
          this.#delivery = option;
          this.#showTotals();
        },
      });
      const from = new Date(Date.now() + option.days_min * DAY_MS);
      const to = new Date(Date.now() + option.days_max * DAY_MS);
      return h(
        "label",
        { class: "v-choice" },
        input,
        h(
          "span",
          {},
          h("span", { class: "v-strong" }, textIn(option.label, language)),
          h("span", { class: "v-choice__more" }, texts.arrives(formats.dayRange(from, to))),
        ),
        h(
          "span",
          { class: "v-number" },
          option.price_minor === 0 ? texts.free : formats.money(option.price_minor, checkout.currency),
        ),
      );
    });
    return h("fieldset", { class: "checkout__group v-choices" }, h("legend", {}, texts.delivery), ...options);
  }

  #payments(): HTMLElement {
    const { texts } = this.#context;
    const methods: [string, string, string][] = [
      ["pm_test_ok", texts.payTestOk, texts.payTestOkMore],
      ["pm_test_authenticate", texts.payTestAuthenticate, texts.payTestAuthenticateMore],
      ["pm_test_slow", texts.payTestSlow, texts.payTestSlowMore],
      ["pm_test_declined", texts.payTestDeclined, texts.payTestDeclinedMore],
    ];
    const options = methods.map(([value, title, more]) =>
      h(
        "label",
        { class: "v-choice" },
        h("input", {
          type: "radio",
          name: "payment",
          value,
          checked: value === this.#method,
          onchange: () => {
            this.#method = value;
            this.#problem.hidden = true;
          },
        }),
        h("span", {}, h("span", { class: "v-strong" }, title), h("span", { class: "v-choice__more" }, more)),
        icon("card", 22),
      ),
    );
    return h(
      "fieldset",
      { class: "checkout__group v-choices" },
      h("legend", {}, texts.payment),
      h("p", { class: "checkout__test" }, icon("info", 20), texts.testPayments),
      ...options,
    );
  }

  #showTotals(): void {
    const { texts, formats } = this.#context;
    const checkout = this.#checkout;
    if (checkout === null) return;
    const { currency, totals } = checkout;
    const delivery = this.#delivery?.price_minor ?? totals.delivery_minor;
    const total = totals.items_minor + delivery;
    const row = (label: string, amount: string, extra = ""): HTMLElement =>
      h("p", { class: `sum ${extra}` }, h("span", {}, label), h("span", { class: "v-number" }, amount));
    fill(
      this.#total,
      row(texts.items, formats.money(totals.items_minor, currency)),
      row(texts.delivery, delivery === 0 ? texts.free : formats.money(delivery, currency)),
      row(texts.total, formats.money(total, currency), "sum--total"),
      h("p", { class: "v-muted v-small" }, texts.allCosts),
    );
    setText(this.#pay, texts.pay(formats.money(total, currency)));
  }

  #submit(): void {
    const { texts, announce } = this.#context;
    const wrong = this.#address.check();
    if (wrong > 0) {
      announce(texts.fixFields(wrong));
      return;
    }
    if (this.#delivery === null) return;
    void this.#purchase.pay({
      address: this.#address.value,
      delivery_option_id: this.#delivery.id,
      payment_method: this.#method,
    });
  }

  #enable(isEnabled: boolean): void {
    for (const control of this.body.querySelectorAll<Control>("input, select")) control.disabled = !isEnabled;
    this.#pay.disabled = !isEnabled;
    if (isEnabled) this.#showTotals();
  }

  #showBusy(step: Extract<Step, { at: "paying" | "waiting" | "authenticating" }>): void {
    const { texts } = this.#context;
    this.#enable(false);
    this.#ring.stop();
    this.#problem.hidden = true;
    const text = step.at === "waiting" ? (step.isLong ? texts.paymentOpen : texts.payingSlow) : texts.paying;
    fill(this.#pay, h("span", { class: "checkout__busy", attrs: { role: "status" } }, text));
  }

  #showOver(): void {
    const { texts, session } = this.#context;
    this.#checkout = null;
    const again = h(
      "button",
      {
        type: "button",
        class: "v-button v-button--primary",
        onclick: () => void this.#purchase.begin(session.currency),
      },
      texts.holdAgain,
    );
    this.#showMessage("clock", texts.holdOver, texts.holdOverMore, again);
  }

  #showFailed(code: string): void {
    const { texts, openCart } = this.#context;
    this.#checkout = null;
    const back = h(
      "button",
      { type: "button", class: "v-button v-button--primary", onclick: openCart },
      texts.cart,
    );
    this.#showMessage("alert", errorText(texts, code), "", back);
  }

  #showMessage(name: "clock" | "alert", title: string, more: string, action: HTMLElement): void {
    fill(
      this.body,
      h(
        "div",
        { class: "v-empty", attrs: { role: "alert" } },
        icon(name, 40),
        h("p", { class: "v-empty__title" }, title),
        more === "" ? null : h("p", {}, more),
        action,
      ),
    );
    this.footer.replaceChildren();
  }
}

function declinedText(texts: Texts, code: string): string {
  if (code === "insufficient_funds") return texts.declinedFunds;
  if (code.includes("authentication")) return texts.declinedAuthentication;
  return texts.declined;
}
