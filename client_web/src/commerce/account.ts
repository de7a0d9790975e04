/** Who the viewer is: nobody at first, a guest from the first thing bought or said. The token stays in this tab. */

import { Emitter, type Handler } from "../protocol/emitter.ts";
import { codeOf } from "../protocol/errors.ts";
import type { SignedIn } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";

/** The part of `sessionStorage` that is needed. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface AccountOptions {
  /** Makes guests; its own calls must carry this account's token. */
  api: Pick<Api, "becomeGuest">;
  storage: TokenStorage | null;
  /** Separates servers that share a page's storage. */
  key: string;
}

interface Stored {
  token: string;
  name: string;
  isNamed: boolean;
}

const BAD_TOKENS: ReadonlySet<string> = new Set(["unauthenticated", "token_expired", "token_invalid"]);

export class Account {
  readonly #options: AccountOptions;
  readonly #emitter = new Emitter<{ changed: string | null }>();
  #stored: Stored | null;
  #making: Promise<void> | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#stored = this.#load();
  }

  get token(): string | null {
    return this.#stored?.token ?? null;
  }

  /** The name others see; null for nobody. */
  get name(): string | null {
    return this.#stored?.name ?? null;
  }

  /** False for a guest who was never asked for a name. */
  get isNamed(): boolean {
    return this.#stored?.isNamed ?? false;
  }

  /** Told the new token whenever it changes. */
  onChanged(handler: Handler<string | null>, signal?: AbortSignal): void {
    this.#emitter.on("changed", handler, signal);
  }

  /** Takes a token that was handed over, e.g. in the page's address. */
  adopt(token: string, name = ""): void {
    this.#keep({ token, name, isNamed: true });
  }

  /** Somebody to buy as: the present one, else a guest under a plain name. */
  async ensure(plainName: string, language: string): Promise<void> {
    if (this.#stored !== null) return;
    // two taps at once make one guest
    this.#making ??= this.#make(plainName, language, false).finally(() => {
      this.#making = null;
    });
    await this.#making;
  }

  /** A guest with a chosen name, in the place of whoever was there. */
  rename(name: string, language: string): Promise<void> {
    return this.#make(name, language, true);
  }

  /** Forgets a token that the server does not take any more; true when there was one. */
  dropIfRefused(error: unknown): boolean {
    const code = codeOf(error);
    if (this.#stored === null || code === null || !BAD_TOKENS.has(code)) return false;
    this.#keep(null);
    return true;
  }

  async #make(name: string, language: string, isNamed: boolean): Promise<void> {
    const signedIn: SignedIn = await this.#options.api.becomeGuest({ name, language });
    if (signedIn.token !== null) this.#keep({ token: signedIn.token, name: signedIn.name, isNamed });
  }

  #keep(stored: Stored | null): void {
    this.#stored = stored;
    try {
      if (stored === null) this.#options.storage?.removeItem(this.#options.key);
      else this.#options.storage?.setItem(this.#options.key, JSON.stringify(stored));
    } catch {
      // storage is full or off: it holds for this page
    }
    this.#emitter.emit("changed", stored?.token ?? null);
  }

  #load(): Stored | null {
    try {
      const value: unknown = JSON.parse(this.#options.storage?.getItem(this.#options.key) ?? "null");
      if (typeof value !== "object" || value === null) return null;
      const { token, name, isNamed } = value as Partial<Stored>;
      return typeof token === "string"
        ? { token, name: String(name ?? ""), isNamed: isNamed === true }
        : null;
    } catch {
      return null;
    }
  }
}
