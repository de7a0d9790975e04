/** The plan of a show (title, time, rundown) as the studio changes it: one write after the other, the newest wins. */

import type { Product, Show, ShowInput } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

type PlanApi = Pick<Api, "changeShow" | "endShow" | "productsOfBrand">;

export class ShowPlan {
  readonly #api: PlanApi;
  readonly #showId: string;
  #input: ShowInput;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(api: PlanApi, show: Show) {
    this.#api = api;
    this.#showId = show.show_id;
    this.#input = {
      title: show.title,
      starts_at: show.starts_at,
      rundown: show.rundown,
      currency: show.currency,
    };
  }

  get currency(): string {
    return this.#input.currency ?? "USD";
  }

  /** Changes a part and writes the whole, as PUT wants it. */
  change(part: Partial<ShowInput>): Promise<Show> {
    this.#input = { ...this.#input, ...part };
    const input = this.#input;
    const write = (): Promise<Show> => this.#api.changeShow(this.#showId, input);
    const written = this.#writing.then(write, write);
    this.#writing = written.catch(() => undefined);
    return written;
  }

  end(): Promise<Show> {
    return this.#api.endShow(this.#showId);
  }

  /** Everything that can be put into the rundown. */
  catalogue(): Promise<Product[]> {
    return this.#api.productsOfBrand();
  }
}
