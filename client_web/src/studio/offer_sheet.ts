/** What viewers get with a product for a while, in the host's words. The price is never written here: the shop says it. */

import type { ShowOffer } from "../protocol/messages.ts";
import { newIdempotencyKey } from "../protocol/rest.ts";
import { h } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { segments } from "./segments.ts";
import type { Words } from "./words.ts";

const ENDS_MIN = [10, 30, 60] as const;
const MAX_OFFER_CHARS = 120;

export interface OfferSheetOptions {
  words: Words;
  productId: string;
  /** In which language the host writes, as the show's title and the AI host have it. */
  language: string;
  current: ShowOffer | null;
  isLive: boolean;
  put: (offer: ShowOffer | null, show: boolean) => void;
  signal: AbortSignal;
}

export function openOfferSheet(options: OfferSheetOptions): void {
  const { words, current } = options;
  const { texts, formats } = words;
  const input = h("textarea", {
    rows: 2,
    maxLength: MAX_OFFER_CHARS,
    value: current ? words.own(current.text) : "",
    placeholder: texts.offerExample,
  });
  const text = field(texts.offerText, input, texts.offerHint);
  let endsAt: string | null = current?.ends_at ?? null;
  const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const kept = endsAt === null ? [] : [{ text: texts.offerUntil(formats.time(endsAt)), endsAt }];
  const ends = segments(texts.offerEnds, null, "offer-ends", [
    ...kept.map((one) => ({ text: one.text, isChosen: true, choose: () => (endsAt = one.endsAt) })),
    ...ENDS_MIN.map((minutes) => ({
      text: texts.minutes(minutes),
      isChosen: false,
      choose: () => (endsAt = inMinutes(minutes)),
    })),
    { text: texts.offerNoEnd, isChosen: endsAt === null, choose: () => (endsAt = null) },
  ]);
  const put = (show: boolean): void => {
    const said = input.value.trim();
    text.setError(said === "" ? texts.offerMissing : null);
    if (said === "") {
      input.focus();
      return;
    }
    const offer_id = current?.offer_id ?? `offer_${newIdempotencyKey().replaceAll("-", "").slice(0, 24)}`;
    const all = { [options.language]: said };
    options.put({ offer_id, product_id: options.productId, text: all, ends_at: endsAt }, show);
    sheet.close();
  };
  const large = "v-button v-button--large";
  const save = h(
    "button",
    { class: `${large} v-button--line`, type: "button", onclick: () => put(false) },
    texts.save,
  );
  const show = h(
    "button",
    { class: `${large} v-button--primary`, type: "button", onclick: () => put(true) },
    texts.offerShow,
  );
  const remove = h(
    "button",
    {
      class: "v-button v-button--plain",
      type: "button",
      hidden: current === null,
      onclick: () => {
        options.put(null, false);
        sheet.close();
      },
    },
    texts.offerRemove,
  );
  const sheet = openSheet({
    title: texts.offer,
    closeLabel: texts.close,
    content: [
      h(
        "div",
        { class: "sheet-form", attrs: { "data-testid": "offer" } },
        text.element,
        ends,
        h("div", { class: "sheet-actions" }, save, options.isLive ? show : null),
        remove,
      ),
    ],
    signal: options.signal,
  });
  input.focus();
}
