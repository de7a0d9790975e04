/** What the host does to the show, each with its notice: done, or why not. */

import { codeOf } from "../protocol/errors.ts";
import type { ChatLine, ShowOffer } from "../protocol/messages.ts";
import type { Request } from "../protocol/pending_commands.ts";
import { errorText, textsIn } from "../texts/index.ts";
import type { Toasts } from "../ui/toasts.ts";
import { openAiHostSheet } from "./ai_settings.ts";
import { openChooseProducts } from "./choose_products.ts";
import type { LiveShow } from "./live_show.ts";
import { openModerationSheet, openTitleSheet } from "./room_sheets.ts";
import type { ShowPlan } from "./show_plan.ts";
import type { Words } from "./words.ts";

export interface HostActsOptions {
  words: Words;
  show: LiveShow;
  plan: ShowPlan;
  toasts: Toasts;
  /** Tells screen readers what has happened. */
  say: (text: string) => void;
  signal: AbortSignal;
}

export class HostActs {
  readonly #options: HostActsOptions;

  constructor(options: HostActsOptions) {
    this.#options = options;
  }

  async togglePin(productId: string): Promise<void> {
    const { show, words } = this.#options;
    const isPinned = show.state?.pins.some((pin) => pin.product_id === productId) ?? false;
    const product = show.product(productId);
    const title = product ? words.own(product.title) : "";
    if (await this.do({ type: isPinned ? "unpin" : "pin", product_id: productId })) {
      this.#options.say(isPinned ? words.texts.unpinnedSaid(title) : words.texts.pinnedSaid(title));
      navigator.vibrate?.(12);
    }
  }

  async inviteToTryOn(productId: string): Promise<void> {
    const { show, words, toasts } = this.#options;
    const product = show.product(productId);
    const title = product ? words.own(product.title) : "";
    if (await this.do({ type: "try_on.invite", product_id: productId }))
      toasts.show({ text: words.texts.everyoneInvited(title), kind: "good" });
  }

  moderate(line: ChatLine): void {
    const { toasts, words } = this.#options;
    const { texts } = words;
    openModerationSheet(this.#options, line, {
      remove: () =>
        void this.do({ type: "chat.delete", message_id: line.message_id }).then((done) => {
          if (done) toasts.show({ text: texts.deletedSaid, kind: "good" });
        }),
      block: () =>
        void this.do({ type: "chat.block", person_id: line.author.id }).then((done) => {
          if (done) toasts.show({ text: texts.blockedSaid(line.author.name), kind: "good" });
        }),
    });
  }

  editTitle(): void {
    const { show, plan, words, toasts } = this.#options;
    openTitleSheet(this.#options, words.own(show.state?.title ?? {}), (title) => {
      const titles = { ...(show.state?.title ?? {}), [words.language]: title };
      show.setTitle(titles);
      plan
        .change({ title: titles })
        .then(() => toasts.show({ text: words.texts.titleSaved, kind: "good" }))
        .catch((error: unknown) => this.failed(error));
    });
  }

  editAiHost(changed: () => void): void {
    const { plan, words, toasts } = this.#options;
    openAiHostSheet(this.#options, plan.aiHost, (settings) => {
      plan
        .change({ ai_host: settings })
        .then(() => {
          const isOnAir = this.#options.show.aiDesk?.is_on_air ?? false;
          toasts.show({ text: isOnAir ? words.texts.aiSavedOnAir : words.texts.aiSaved, kind: "good" });
        })
        .catch((error: unknown) => this.failed(error));
      changed();
    });
  }

  /** Writes a product's offer, or with null takes it away; `show` tells every viewer at once. */
  async putOffer(productId: string, offer: ShowOffer | null, show: boolean): Promise<void> {
    const { plan, words, toasts } = this.#options;
    try {
      await plan.putOffer(productId, offer);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (offer === null) toasts.show({ text: words.texts.offerRemoved, kind: "good" });
    else if (!show) toasts.show({ text: words.texts.offerSaved, kind: "good" });
    else if (await this.do({ type: "offer.show", offer_id: offer.offer_id }))
      toasts.show({ text: words.texts.offerShown, kind: "good" });
  }

  async chooseProducts(): Promise<void> {
    const { show, plan, words, signal } = this.#options;
    try {
      const catalogue = await plan.catalogue();
      openChooseProducts({
        words,
        catalogue,
        rundown: show.state?.rundown ?? [],
        currency: plan.currency,
        changed: (rundown) => {
          show.setRundown(rundown);
          plan.change({ rundown }).catch((error: unknown) => this.failed(error));
        },
        signal,
      });
    } catch (error) {
      this.failed(error);
    }
  }

  /** The viewer page: to the phone's own share sheet, or copied. */
  async share(): Promise<void> {
    const { show, words, toasts } = this.#options;
    const url = new URL(`/watch/${show.showId}`, location.href).href;
    try {
      if (navigator.share) await navigator.share({ url, title: words.own(show.state?.title ?? {}) });
      else {
        await navigator.clipboard.writeText(url);
        toasts.show({ text: words.texts.linkCopied, kind: "good" });
      }
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) toasts.show({ text: url });
    }
  }

  /** Carries out a command; tells what went wrong and returns false when it was refused. */
  async do(request: Request): Promise<boolean> {
    try {
      await this.#options.show.send(request);
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  failed(error: unknown): void {
    this.#options.toasts.show({ text: this.sentence(error), kind: "bad" });
  }

  sentence(error: unknown): string {
    return errorText(textsIn(this.#options.words.language), codeOf(error));
  }
}
