/** The plan of a show (title, time, rundown) as the studio changes it: one write after the other, the newest wins. */

import type {
  AiHostSettings,
  OrderPlaced,
  Product,
  Show,
  ShowInput,
  ShowOffer,
} from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

type PlanApi = Pick<Api, "changeShow" | "endShow" | "productsOfBrand" | "orders">;

export class ShowPlan {
  readonly #api: PlanApi;
  readonly #showId: string;
  #input: ShowInput;
  #aiHost: AiHostSettings;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(api: PlanApi, show: Show) {
    this.#api = api;
    this.#showId = show.show_id;
    this.#input = {
      title: show.title,
      starts_at: show.starts_at,
      rundown: show.rundown,
      currency: show.currency,
      ai_host: show.ai_host,
      offers: show.offers,
    };
    this.#aiHost = show.ai_host;
  }

  get currency(): string {
    return this.#input.currency ?? "USD";
  }

  get aiHost(): AiHostSettings {
    return this.#aiHost;
  }

  /** The offer of a product that has not ended, if there is one. */
  offerOf(productId: string, nowMs: number): ShowOffer | null {
    const offers = this.#input.offers ?? [];
    return offers.find((offer) => offer.product_id === productId && !isOver(offer, nowMs)) ?? null;
  }

  /** One offer a product: this one instead of what it had, or none. */
  async putOffer(productId: string, offer: ShowOffer | null): Promise<void> {
    const others = (this.#input.offers ?? []).filter((other) => other.product_id !== productId);
    await this.change({ offers: offer === null ? others : [...others, offer] });
  }

  /** Changes a part and writes the whole, as PUT wants it. */
  change(part: Partial<ShowInput>): Promise<Show> {
    this.#input = { ...this.#input, ...part };
    this.#aiHost = part.ai_host ?? this.#aiHost;
    const input = this.#input;
    const write = (): Promise<Show> => this.#api.changeShow(this.#showId, input);
    const written = this.#writing.then(write, write);
    this.#writing = written.catch(() => undefined);
    return written;
  }

  end(): Promise<Show> {
    return this.#api.endShow(this.#showId);
  }

  /** What was bought in this show before now, as it would have been told live; cancelled orders do not count. */
  async orders(): Promise<OrderPlaced[]> {
    const orders = await this.#api.orders();
    return orders
      .filter(
        (order) =>
          order.show_id === this.#showId && order.state !== "cancelled" && order.state !== "refunded",
      )
      .map((order) => ({
        type: "order",
        seq: 0,
        at_ms: order.show_ms,
        order_id: order.order_id,
        product_ids: order.lines.map((line) => line.product_id),
        total_minor: order.totals.total_minor,
        currency: order.currency,
        buyer_name: order.buyer_name,
      }));
  }

  /** Everything that can be put into the rundown. */
  catalogue(): Promise<Product[]> {
    return this.#api.productsOfBrand();
  }
}

function isOver(offer: ShowOffer, nowMs: number): boolean {
  return offer.ends_at != null && Date.parse(offer.ends_at) <= nowMs;
}
