/** What a host does with one product during the show: its sheet, and the sheet of its offer over it. */

import type { HostActs } from "./host_acts.ts";
import type { LiveShow } from "./live_show.ts";
import { openOfferSheet } from "./offer_sheet.ts";
import { openProductSheet } from "./product_sheet.ts";
import type { RundownItem } from "./rundown_items.ts";
import type { ShowPlan } from "./show_plan.ts";
import type { Words } from "./words.ts";

export interface ProductDeskOptions {
  words: Words;
  show: LiveShow;
  plan: ShowPlan;
  acts: HostActs;
  items: () => RundownItem[];
  signal: AbortSignal;
}

export class ProductDesk {
  readonly #options: ProductDeskOptions;
  #sheet: { update: () => void } | null = null;

  constructor(options: ProductDeskOptions) {
    this.#options = options;
  }

  /** The open sheet, if there is one, with what is known now. */
  update(): void {
    this.#sheet?.update();
  }

  open(productId: string): void {
    const { words, plan, acts, items, signal } = this.#options;
    navigator.vibrate?.(12);
    this.#sheet = openProductSheet({
      words,
      productId,
      item: () => items().find((item) => item.productId === productId),
      currency: plan.currency,
      togglePin: (id) => void acts.togglePin(id),
      markSoldOut: (id, soldOut) => void acts.do({ type: "sold_out", product_id: id, sold_out: soldOut }),
      inviteToTryOn: (id) => void acts.inviteToTryOn(id),
      offerText: () => this.#offerText(productId),
      editOffer: (id) => this.#editOffer(id),
      closed: () => {
        this.#sheet = null;
      },
      signal,
    });
  }

  #offerText(productId: string): string | null {
    const { plan, words } = this.#options;
    const offer = plan.offerOf(productId, Date.now());
    return offer === null ? null : words.own(offer.text);
  }

  #editOffer(productId: string): void {
    const { words, plan, show, acts, signal } = this.#options;
    openOfferSheet({
      words,
      productId,
      language: plan.aiHost.mode === "off" ? words.language : plan.aiHost.language,
      current: plan.offerOf(productId, Date.now()),
      isLive: show.state?.status === "live",
      put: (offer, shown) => void acts.putOffer(productId, offer, shown).then(() => this.update()),
      signal,
    });
  }
}
