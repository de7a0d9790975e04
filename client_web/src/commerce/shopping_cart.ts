/** The cart of one show, as the server has it. Writes go one after the other, so that the last tap wins. */

import { Emitter, type Handler } from "../protocol/emitter.ts";
import type { Cart, CartLine } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

type CartApi = Pick<Api, "cart" | "setCartLine" | "removeCartLine">;

export const MOST_OF_ONE = 99;

export class ShoppingCart {
  readonly #api: CartApi;
  readonly #showId: string;
  readonly #emitter = new Emitter<{ changed: Cart }>();
  #cart: Cart;
  #last: Promise<unknown> = Promise.resolve();

  constructor(api: CartApi, showId: string, currency: string) {
    this.#api = api;
    this.#showId = showId;
    this.#cart = { currency, lines: [], items_minor: 0 };
  }

  get cart(): Cart {
    return this.#cart;
  }

  /** Number of things, for the badge. */
  get count(): number {
    return this.#cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  line(variantId: string): CartLine | null {
    return this.#cart.lines.find((line) => line.variant_id === variantId) ?? null;
  }

  onChanged(handler: Handler<Cart>, signal?: AbortSignal): void {
    this.#emitter.on("changed", handler, signal);
  }

  /** Reads it from the server. */
  load(): Promise<Cart> {
    return this.#write(() => this.#api.cart(this.#showId));
  }

  /** Puts `quantity` more of a variant in. */
  add(variantId: string, quantity: number): Promise<Cart> {
    return this.#write(() => {
      const wanted = (this.line(variantId)?.quantity ?? 0) + quantity;
      return this.#set(variantId, Math.min(MOST_OF_ONE, wanted));
    });
  }

  setQuantity(variantId: string, quantity: number): Promise<Cart> {
    return this.#write(() => this.#set(variantId, quantity));
  }

  remove(variantId: string): Promise<Cart> {
    return this.#write(() => this.#api.removeCartLine(this.#showId, variantId));
  }

  /** Puts these lines in again: a guest who takes a name is a new person, whose cart is empty. */
  carryOver(lines: readonly CartLine[]): Promise<Cart> {
    return this.#write(async () => {
      let cart = this.#cart;
      for (const { variant_id, quantity } of lines) cart = await this.#set(variant_id, quantity);
      return cart;
    });
  }

  /** After an order the server's cart is empty. */
  forget(): void {
    this.#keep({ ...this.#cart, lines: [], items_minor: 0 });
  }

  #set(variantId: string, quantity: number): Promise<Cart> {
    return this.#api.setCartLine(this.#showId, variantId, { quantity, currency: this.#cart.currency });
  }

  #write(work: () => Promise<Cart>): Promise<Cart> {
    const next = this.#last.then(work).then((cart) => {
      this.#keep(cart);
      return cart;
    });
    this.#last = next.catch(() => {});
    return next;
  }

  #keep(cart: Cart): void {
    this.#cart = cart;
    this.#emitter.emit("changed", cart);
  }
}
