/** The AI host as the studio has it: strip, desk and orders, put together for the page. */

import { systemClock } from "../protocol/clock.ts";
import type { Toasts } from "../ui/toasts.ts";
import { AiOrders, type Order } from "./ai_orders.ts";
import { openAiSheet } from "./ai_sheet.ts";
import { AiStrip } from "./ai_strip.ts";
import type { LiveShow } from "./live_show.ts";
import type { Words } from "./words.ts";

export interface AiHostOptions {
  words: Words;
  show: LiveShow;
  toasts: Toasts;
  failed: (error: unknown) => void;
  /** Opens its settings. */
  settings: () => void;
  signal: AbortSignal;
}

export class AiHost {
  readonly #options: AiHostOptions;
  readonly #orders: AiOrders;
  readonly #strip: AiStrip;
  #sheet: { update: () => void } | null = null;

  constructor(options: AiHostOptions) {
    const { words, show, signal } = options;
    this.#options = options;
    this.#orders = new AiOrders((request) => show.send(request), systemClock);
    this.#strip = new AiStrip(words, {
      open: () => this.#open(),
      pause: () => this.#order({ act: show.aiDesk?.is_paused ? "resume" : "pause" }),
    });
    show.on("aiVerdict", (verdict) => this.#orders.hear(verdict), signal);
  }

  get strip(): HTMLElement {
    return this.#strip.element;
  }

  update(): void {
    this.#strip.update(this.#options.show.aiDesk);
    this.#sheet?.update();
  }

  #open(): void {
    const { words, show, toasts, failed, settings, signal } = this.#options;
    this.#sheet = openAiSheet({
      words,
      desk: () => show.aiDesk,
      productTitle: (id) => words.own(show.product(id)?.title ?? {}),
      give: (order) => this.#orders.give(order),
      order: (order) => this.#order(order),
      taken: (text) => toasts.show({ text, kind: "good" }),
      failed,
      settings,
      closed: () => {
        this.#sheet = null;
      },
      signal,
    });
  }

  #order(order: Order): void {
    navigator.vibrate?.(12);
    this.#orders.give(order).catch(this.#options.failed);
  }
}
